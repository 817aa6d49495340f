// Three ways to send by keys: as it is; and set the status chosen last; and open the next ticket.
import { say } from "./texts.js";
import { toast } from "./toast.js";

const REMEMBERED = "steward-send-status";
const CHOICES = ["pending", "solved"];

function remembered() {
  try {
    const chosen = localStorage.getItem(REMEMBERED);
    return CHOICES.includes(chosen) ? chosen : CHOICES[0];
  } catch {
    return CHOICES[0];
  }
}

function remember(chosen) {
  try {
    localStorage.setItem(REMEMBERED, chosen);
  } catch {
    // Then it is the first one the next time.
  }
}

const main = (form) => form.querySelector("[data-send]");
const choice = (form, then) => form.querySelector(`button[name="then"][value="${then}"]`);

// A status that does not fit the ticket now is not set behind anybody's back: the other one is, or none.
function sendAndSet(form) {
  const wanted = [remembered(), ...CHOICES].map((then) => choice(form, then)).find(Boolean);
  form.requestSubmit(wanted ?? main(form));
}

function sendAndNext(form) {
  form.dataset.next = "yes";
  form.requestSubmit(main(form));
}

// The next one of the list it was opened from; at its end the one the desk would give.
function openNext() {
  const after = document.querySelector('[data-command="ticket.after"]:not([disabled])');
  if (after) return after.click();
  const next = document.querySelector('form[action$="/next/"] [type="submit"]');
  if (next) next.click();
  else toast({ title: say("nothingNext"), tone: "info" });
}

export function sendKeys(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    const mod = event.ctrlKey || event.metaKey;
    if (event.altKey && !mod && !event.shiftKey && form.dataset.save) sendAndNext(form);
    else if (mod && event.shiftKey && form.dataset.save) sendAndSet(form);
    else if (mod && !event.altKey) form.requestSubmit(main(form));
    else return;
    event.preventDefault();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches("[data-remembers]")) remember(button.value);
    if (button?.matches("[data-send-next]")) sendAndNext(form);
  });
  form.addEventListener("steward:sent", () => {
    const goes = form.dataset.next;
    delete form.dataset.next;
    if (goes) openNext();
  });
  // What was refused is not followed by another ticket.
  form.addEventListener("steward:refused", () => delete form.dataset.next);
  form.addEventListener("invalid", () => delete form.dataset.next, true);
}
