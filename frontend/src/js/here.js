// Who looks at a ticket and who writes on it: this page says so of itself, and shows it of others. Requesters see nothing of it.
import { ask, tellLast } from "./asking.js";
import { peopleAt } from "./rooms.js";

const EVERY = 25_000;
const AGAIN = 8_000;
const IDLE = 6_000;
const tab = crypto.randomUUID?.() ?? Math.random().toString(36).slice(2);

let ticket = 0;
let mode = "";
let saidAt = 0;
let idle = 0;

const desk = () => document.getElementById("ticket");
const fields = (number, doing, as = "") => ({ ticket: number, mode: doing, tab, ...(as && { as }) });

function tell(doing) {
  if (!ticket || (doing === mode && Date.now() - saidAt < AGAIN)) return;
  mode = doing;
  saidAt = Date.now();
  ask("/here/", fields(ticket, doing));
}

function leave() {
  clearTimeout(idle);
  if (ticket && mode) tellLast("/here/", fields(ticket, "left"));
  mode = "";
}

// The ticket that is open, as long as somebody looks at this page.
function look() {
  const now = document.hidden ? 0 : Number(desk()?.dataset.ticket ?? 0);
  if (now !== ticket) {
    leave();
    ticket = now;
  }
  if (ticket && !mode) tell("view");
}

function typed(form) {
  const { kind } = form.dataset;
  if (kind === "ask") return askedBy(form);
  look();
  tell(kind);
  clearTimeout(idle);
  idle = setTimeout(() => tell("view"), IDLE);
}

// A requester in a chat: that they write is told to the agents who see the ticket, and nothing else.
let asking = 0;
function askedBy(form) {
  const number = Number(form.dataset.ticket ?? 0);
  if (!number) return;
  if (Date.now() - asking > AGAIN) {
    asking = Date.now();
    ask("/here/", fields(number, "reply", "requester"));
  }
  clearTimeout(idle);
  idle = setTimeout(() => rested(number), IDLE);
}

function rested(number) {
  if (!asking) return;
  asking = 0;
  ask("/here/", fields(number, "left", "requester"));
}

document.addEventListener("steward:typed", (event) => event.target.elements.body.value && typed(event.target));
document.addEventListener("steward:sent", (event) => {
  clearTimeout(idle);
  if (event.target.dataset.kind === "ask") rested(Number(event.target.dataset.ticket ?? 0));
  else tell("view");
});
document.addEventListener("DOMContentLoaded", look);
document.addEventListener("visibilitychange", look);
addEventListener("pagehide", () => {
  leave();
  ticket = 0;
});
addEventListener("pageshow", look);
document.addEventListener("htmx:after:settle", () => queueMicrotask(() => {
  look();
  const place = document.querySelector("[data-here]");
  if (place && !place.dataset.drawn) document.dispatchEvent(new CustomEvent("steward:here", { detail: { ticket: Number(place.dataset.here), people: peopleAt(Number(place.dataset.here)) } }));
}));
// Still here: said often enough that nobody forgets it, and by nobody who is not looking.
setInterval(() => {
  if (ticket && mode && !document.hidden && Date.now() - saidAt > EVERY - 1_000) {
    saidAt = 0;
    tell(mode);
  }
}, EVERY / 5);
