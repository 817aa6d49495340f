// While a ticket is open before somebody who is active, the desk hears a beat: its handle time is made of these.
import { csrfToken } from "./csrf.js";

const EVERY = 15_000;
const ACTIVE_FOR = 120_000;
const MOVES = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "scroll"];

let touchedAt = Date.now();
let counted = "";

const open = () => document.querySelector("#ticket[data-works]")?.dataset.ticket ?? "";
const isActive = () => !document.hidden && document.hasFocus() && Date.now() - touchedAt < ACTIVE_FOR;

function tell(ticket, leaving) {
  const form = new FormData();
  form.set("csrfmiddlewaretoken", csrfToken());
  form.set("idle", String(Math.round((Date.now() - touchedAt) / 1000)));
  if (leaving) form.set("leaving", "1");
  // Nobody waits for the answer: without a connection, or signed out, nothing is counted.
  fetch(`/shift/handling/${ticket}/`, { method: "POST", body: form, keepalive: true, headers: { Accept: "application/json" } }).catch(() => {});
}

function leave() {
  if (counted) tell(counted, true);
  counted = "";
}

function look(due) {
  const ticket = isActive() ? open() : "";
  if (counted && counted !== ticket) leave();
  if (ticket && (due || ticket !== counted)) tell(ticket, false);
  counted = ticket;
}

for (const move of MOVES) {
  document.addEventListener(move, () => {
    touchedAt = Date.now();
    if (!counted) look(false);
  }, { capture: true, passive: true });
}
document.addEventListener("visibilitychange", () => look(false));
addEventListener("focus", () => look(false));
addEventListener("blur", () => look(false));
addEventListener("pagehide", leave);
document.addEventListener("htmx:after:settle", () => look(false));
setInterval(() => look(true), EVERY);
document.addEventListener("DOMContentLoaded", () => look(false));
