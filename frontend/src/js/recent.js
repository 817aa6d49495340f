// What somebody used last on this device: ids only, so that no text stays behind; what they are called is asked each time.
const MOST = 5;

const person = () => document.body.dataset.person ?? "";
const place = (kind) => `recent:${kind}:${person()}`;

function read(kind) {
  try {
    const kept = JSON.parse(localStorage.getItem(place(kind)) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

function write(kind, id) {
  try {
    localStorage.setItem(place(kind), JSON.stringify([id, ...read(kind).filter((one) => one !== id)].slice(0, MOST)));
  } catch {
    // Storage is full or switched off: nothing is remembered.
  }
}

export const recentCommands = () => read("commands");
export const rememberCommand = (id) => write("commands", id);

export function recentTickets() {
  const here = Number(document.getElementById("ticket")?.dataset.ticket);
  return read("tickets").filter((number) => Number.isInteger(number) && number !== here);
}

function see() {
  const number = Number(document.getElementById("ticket")?.dataset.ticket);
  if (number && read("tickets")[0] !== number) write("tickets", number);
}

document.addEventListener("DOMContentLoaded", see);
document.addEventListener("htmx:after:settle", see);
