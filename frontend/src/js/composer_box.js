// One box to write in: keeps what is typed, and says what became of it.
import { Attachments } from "./attachments.js";
import { BoxDraft } from "./composer_draft.js";
import { sendKeys } from "./composer_keys.js";
import { Newer } from "./composer_newer.js";
import { announce, say } from "./texts.js";

const fresh = () => crypto.randomUUID?.() ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

export class Composer {
  constructor(form) {
    this.form = form;
    this.box = form.elements.body;
    // By its place, not its name: the button that sends anyway has the same.
    this.anyway = form.querySelector('input[name="anyway"]');
    this.files = new Attachments(form, (problem) => this.tell(problem));
    this.newer = new Newer(form);
    this.draft = new BoxDraft(this);
    this.draft.restore();
    this.grow();
    form.addEventListener("input", (event) => event.target === this.box && this.typed());
    form.addEventListener("steward:insert", (event) => this.insert(event.detail.text));
    form.addEventListener("steward:refused", (event) => this.refused(event.detail));
    sendKeys(form);
  }

  typed() {
    this.draft.typed();
    this.newer.typed();
    this.grow();
    this.form.dispatchEvent(new CustomEvent("steward:typed", { bubbles: true }));
  }

  insert(text) {
    const { selectionStart, selectionEnd } = this.box;
    this.box.setRangeText(text, selectionStart, selectionEnd, "end");
    this.box.focus();
    this.typed();
  }

  keep() {
    this.draft.keep();
  }

  grow() {
    this.box.style.blockSize = "auto";
    this.box.style.blockSize = `${Math.min(this.box.scrollHeight + 2, window.innerHeight * 0.45)}px`;
  }

  sending(on) {
    this.draft.sync?.hold(on);
    this.form.toggleAttribute("data-sending", on);
    this.form.setAttribute("aria-busy", String(on));
    for (const button of this.form.querySelectorAll('button[type="submit"]')) button.disabled = on;
    if (!on) return;
    this.tell("");
    this.state(say("sending"));
  }

  empty() {
    this.draft.gone();
    this.form.reset();
    this.box.value = "";
    this.files.clear();
    this.form.elements.client_token.value = fresh();
    this.anyway.value = "";
    this.newer.clear();
    this.tell("");
    this.state("");
    this.grow();
  }

  sent() {
    this.empty();
    // What was on the page when it went out has been answered, whether or not the page was drawn anew meanwhile.
    this.newer.seen();
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
    if (code === "conflict" || code === "newer_messages") this.anyway.value = "1";
    if (words) this.state("");
  }

  state(words) {
    this.form.querySelector("[data-composer-state]").textContent = words;
  }
}
