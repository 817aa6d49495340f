// Somebody writes while one is writing: a banner in the box says who, and leads there. What was on the page when one began
// is taken as read; what came since is so once one has gone to look, or sends a second time.
import { announce, say } from "./texts.js";
import { icon, make } from "./toast.js";

const all = new Set();
const lastSeen = (form) => Number(form.elements.seen_message_id.value || 0);
const numberOf = (message) => Number(message.id.replace("message-", ""));

export class Newer {
  constructor(form) {
    this.form = form;
    this.place = form.querySelector("[data-composer-newer]");
    this.told = 0;
    all.add(this);
  }

  get isEmpty() {
    return this.form.elements.body.value.trim() === "";
  }

  // The first letter is written by somebody who has the page as it is before them.
  typed() {
    if (this.place?.hidden !== false && !this.waiting()) this.seen();
  }

  seen() {
    const last = document.querySelector("[data-last-message]")?.dataset.lastMessage;
    if (last) this.form.elements.seen_message_id.value = last;
  }

  waiting() {
    if (this.isEmpty) return null;
    const since = lastSeen(this.form);
    const found = [...document.querySelectorAll("#timeline .message:not([data-mine], [data-automatic], .note, .held)")];
    return since ? found.filter((one) => numberOf(one) > since).pop() : null;
  }

  look() {
    if (!this.place || !document.getElementById("timeline")) return;
    const message = this.waiting();
    if (!message) {
      if (this.isEmpty) this.seen();
      return this.place.hidden || this.isEmpty ? this.clear() : undefined;
    }
    if (this.told === numberOf(message)) return;
    this.told = numberOf(message);
    const words = say("newerWrote", { name: message.querySelector(".author")?.textContent ?? "" });
    const jump = Object.assign(make("a", "", say("newerJump")), { href: `#${message.id}` });
    jump.addEventListener("click", (event) => {
      event.preventDefault();
      const target = document.getElementById(message.id);
      target?.scrollIntoView({ block: "center" });
      target?.focus({ preventScroll: true });
      this.seen();
      this.clear();
    });
    this.place.replaceChildren(icon("message-circle-warning"), make("span", "", words), jump);
    this.place.hidden = false;
    announce(words);
  }

  clear() {
    this.told = 0;
    if (!this.place) return;
    this.place.hidden = true;
    this.place.replaceChildren();
  }
}

function lookAround() {
  for (const one of all) {
    if (one.form.isConnected) one.look();
    else all.delete(one);
  }
}

document.addEventListener("htmx:after:settle", () => queueMicrotask(lookAround));
