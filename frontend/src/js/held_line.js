// A waiting reply in the conversation: counted down in words, and decided about without leaving the page.
import { decide } from "./held_acts.js";
import { say } from "./texts.js";

const ends = new WeakMap();

function tick() {
  for (const line of document.querySelectorAll("[data-held]:not([data-scheduled])")) {
    const known = ends.get(line);
    // A refresh of the page brings the seconds anew.
    if (known?.told !== line.dataset.heldLeft) ends.set(line, { told: line.dataset.heldLeft, at: Date.now() + Number(line.dataset.heldLeft) * 1000 });
    const seconds = Math.max(0, Math.ceil((ends.get(line).at - Date.now()) / 1000));
    const words = line.querySelector("[data-held-words]");
    const said = say("heldSending", { seconds });
    if (words && words.textContent !== said) words.textContent = said;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-held-act]");
  if (!form) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { held, heldTicket } = form.closest("[data-held]").dataset;
  const button = form.querySelector("button");
  button.disabled = true;
  decide(form.dataset.heldAct, Number(held), heldTicket).finally(() => (button.disabled = false));
}, true);

setInterval(() => document.hidden || tick(), 500);
document.addEventListener("htmx:after:settle", () => queueMicrotask(tick));
