// Replies that wait a few seconds before they are said: counted down wherever their author goes, and taken back or let go from there.
import { ask } from "./asking.js";
import { addBehavior } from "./commands.js";
import { decide, refresh, tellDone } from "./held_acts.js";
import { announce, say } from "./texts.js";
import { icon, make, toast } from "./toast.js";

const STORE = "steward-held";
const STALE = 60_000;

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? "[]").filter((one) => Date.now() - one.due < STALE);
  } catch {
    return [];
  }
}

let waiting = stored();
let ticking = 0;

function remember() {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(waiting));
  } catch {
    // Then it is counted down on this page only; it goes out all the same.
  }
}

function drop(id) {
  waiting = waiting.filter((one) => one.id !== id);
  remember();
  draw();
}

// Its time has come: the desk is asked to let it go; should nobody ask, it does so by itself a moment later.
async function due(one) {
  one.asked = Date.now();
  const { status, told } = await ask(`/writing/held/${one.id}/due/`);
  if (status !== 200 || !told.ended) return;
  drop(one.id);
  announce(say(told.said ? "sent" : "notSent"));
  refresh(one.ticket);
  tellDone(told);
}

const left = (one) => Math.max(0, Math.ceil((one.due - Date.now()) / 1000));

function draw() {
  let pile = document.getElementById("held");
  // On its own ticket it is counted down where it will stand.
  const elsewhere = waiting.filter((one) => !document.getElementById(`held-${one.id}`));
  const shown = elsewhere.map((one) => one.id).join();
  if (pile?.dataset.shown === shown) return;
  if (!elsewhere.length) return pile?.remove();
  if (!pile) {
    pile = Object.assign(make("div", "held-pile"), { id: "held" });
    pile.setAttribute("role", "group");
    pile.setAttribute("aria-label", say("heldWaiting"));
    document.body.append(pile);
  }
  // Drawn anew only when it holds others: a button somebody is about to press stays under the finger.
  pile.dataset.shown = shown;
  pile.replaceChildren(...elsewhere.map(row));
}

function row(one) {
  const line = make("div", "held-row");
  line.dataset.heldRow = one.id;
  const words = make("span", "held-words", say("heldIn", { number: one.ticket, seconds: left(one) }));
  line.append(icon("hourglass"), words, button("undo-2", say("heldTakeBack"), () => decide("back", one.id, one.ticket)), button("send", say("heldSendNow"), () => decide("send", one.id, one.ticket)));
  return line;
}

function button(sign, words, act) {
  const made = Object.assign(make("button", "btn"), { type: "button" });
  Object.assign(made.dataset, { variant: "outline", size: "sm" });
  made.append(icon(sign), make("span", "", words));
  made.addEventListener("click", () => {
    made.disabled = true;
    act().finally(() => (made.disabled = false));
  });
  return made;
}

function tick() {
  for (const one of waiting) {
    const words = document.querySelector(`[data-held-row="${one.id}"] .held-words`);
    if (words) words.textContent = say("heldIn", { number: one.ticket, seconds: left(one) });
    if (left(one) === 0 && Date.now() - (one.asked ?? 0) > 3_000) due(one);
    if (Date.now() - one.due > STALE) drop(one.id);
  }
  if (!waiting.length) {
    clearInterval(ticking);
    ticking = 0;
  }
}

function start() {
  draw();
  if (waiting.length) ticking ||= setInterval(tick, 500);
}

document.addEventListener("steward:held", (event) => {
  const { id, ticket, seconds, scheduled } = event.detail;
  if (scheduled) return toast({ title: say("heldScheduled", { when: scheduled }), tone: "success" });
  if (waiting.some((one) => one.id === id)) return;
  waiting.push({ id, ticket, due: Date.now() + seconds * 1000 });
  remember();
  announce(say("heldIn", { number: ticket, seconds }));
  start();
});
document.addEventListener("steward:held-ended", (event) => drop(event.detail.id));
addBehavior("held.back", () => (waiting.length ? decide("back", waiting.at(-1).id, waiting.at(-1).ticket) : toast({ title: say("heldNone"), tone: "info" })));
document.addEventListener("DOMContentLoaded", start);
document.addEventListener("htmx:after:settle", () => queueMicrotask(draw));
