// What the server finds for the palette: tickets, people, views; asked while somebody types, the last question counts.
import { draw } from "./palette_list.js";
import { recentTickets } from "./recent.js";

const PAUSE = 70;
let asked = null;
let timer = 0;

function byGroup(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  const groups = new Map();
  for (const option of box.content.querySelectorAll('[role="option"][data-group]')) {
    const name = option.dataset.group;
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(option);
  }
  return { groups, named: [...box.content.querySelectorAll("[data-recent]")] };
}

// The tickets somebody last had open stand there by number already; their names are filled in, those out of sight go.
function fill(dialog, named) {
  for (const waiting of dialog.querySelectorAll("#palette-list [data-waits]")) {
    const name = named.find((one) => one.dataset.recent === waiting.dataset.waits);
    if (name) waiting.replaceChildren(...name.childNodes);
    else waiting.remove();
  }
}

async function fetchFound(dialog, words) {
  asked?.abort();
  asked = new AbortController();
  const query = words ? { q: words } : { recent: recentTickets().join(",") };
  try {
    const answer = await fetch(`${dialog.dataset.find}?${new URLSearchParams(query)}`, {
      signal: asked.signal, headers: { "HX-Request": "true" }, redirect: "error",
    });
    if (!answer.ok) return;
    const { groups, named } = byGroup(await answer.text());
    if (!dialog.open) return;
    fill(dialog, named);
    draw(dialog, groups, "server");
  } catch {
    // Given up for a newer question, or no connection: what this page knows is there.
  }
}

export function ask(dialog, words) {
  clearTimeout(timer);
  if (!dialog.dataset.find || (!words && !recentTickets().length)) {
    asked?.abort();
    return draw(dialog, new Map(), "server");
  }
  timer = setTimeout(() => fetchFound(dialog, words), words ? PAUSE : 0);
}
