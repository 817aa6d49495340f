// One box to write in: keeps what is typed, and says what became of it.
import { Attachments } from "./attachments.js";
import { forget, keep, recall } from "./draft.js";
import { announce, say } from "./texts.js";

const fresh = () => crypto.randomUUID?.() ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

export class Composer {
  constructor(form) {
    this.form = form;
    this.box = form.elements.body;
    this.key = form.dataset.draft;
    this.files = new Attachments(form, (problem) => this.tell(problem));
    this.restore();
    this.grow();
    form.addEventListener("input", () => {
      this.keep();
      this.see();
      this.grow();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-send]"));
    });
    form.addEventListener("steward:refused", (event) => this.refused(event.detail));
  }

  restore() {
    const draft = recall(this.key);
    if (!draft || this.box.value) return;
    this.box.value = draft.body;
    // The same token again: if the first try did arrive, the second one is recognized and not written twice.
    if (draft.token) this.form.elements.client_token.value = draft.token;
    this.state(say("restored"));
  }

  keep() {
    keep(this.key, { body: this.box.value, token: this.form.elements.client_token.value });
    this.state("");
  }

  // Whoever goes on typing has seen what is on the page by now.
  see() {
    const seen = document.querySelector("[data-last-message]")?.dataset.lastMessage;
    if (seen) this.form.elements.seen_message_id.value = seen;
  }

  grow() {
    this.box.style.blockSize = "auto";
    this.box.style.blockSize = `${Math.min(this.box.scrollHeight + 2, window.innerHeight * 0.45)}px`;
  }

  sending(on) {
    this.form.toggleAttribute("data-sending", on);
    this.form.setAttribute("aria-busy", String(on));
    for (const button of this.form.querySelectorAll('button[type="submit"]')) button.disabled = on;
    if (on) {
      this.tell("");
      this.state(say("sending"));
    }
  }

  sent() {
    forget(this.key);
    this.form.reset();
    this.files.clear();
    this.form.elements.client_token.value = fresh();
    this.form.elements.anyway.value = "";
    this.tell("");
    this.state("");
    this.grow();
    announce(say("sent"));
    this.form.dispatchEvent(new CustomEvent("steward:sent", { bubbles: true }));
  }

  refused({ code, message, hint }) {
    this.tell([`${say("notSent")}: ${message}`, hint, say("kept")].filter(Boolean).join(" "), code);
  }

  failed(reason) {
    this.tell([`${say("notSent")}: ${say(reason)}`, say("kept"), say("tryAgain")].join(" "));
  }

  tell(words, code = "") {
    const place = this.form.querySelector("[data-composer-alert]");
    place.hidden = !words;
    place.textContent = words;
    // Somebody wrote in the meantime: the next press of the button says that it was read and is meant.
    if (code === "conflict" || code === "newer_messages") this.form.elements.anyway.value = "1";
    if (words) this.state("");
  }

  state(words) {
    this.form.querySelector("[data-composer-state]").textContent = words;
  }
}
