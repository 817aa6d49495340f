// The draft of one box: in this tab at once, on the server a moment later, and back from both when the page is opened again.
import { ask } from "./asking.js";
import { Copies } from "./composer_copies.js";
import { forget, keep, recall } from "./draft.js";
import { DraftSync } from "./draft_sync.js";
import { say } from "./texts.js";

const LOOK_EVERY = 2_000;

export class BoxDraft {
  // `box` is the composer it belongs to: its form, its text, its files and its line of words.
  constructor(box) {
    this.box = box;
    this.form = box.form;
    this.fields = box.form.elements;
    this.looked = 0;
    // What the server is known to hold; text that differs from it is not replaced.
    this.onServer = this.fields.body.value;
    this.key = box.form.dataset.draft;
    const address = box.form.dataset.save;
    this.sync = address ? new DraftSync(address, Number(box.form.dataset.draftVersion), {
      read: () => ({ body: this.fields.body.value, client_token: this.fields.client_token.value }),
      told: (news) => this.heard(news),
    }) : null;
    this.copies = address ? new Copies(box.form, (draft) => this.fill(draft)) : null;
    this.form.addEventListener("focusout", () => this.sync?.save());
    this.form.addEventListener("steward:fill", (event) => this.fill(event.detail));
    // Who is about to change the draft on the server waits until it holds what is typed here.
    this.form.addEventListener("steward:save", (event) => this.sync && event.detail.waits.push(this.sync.save()));
    addEventListener("pagehide", () => this.sync?.leave());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.sync?.leave() : this.look()));
    addEventListener("focus", () => this.look());
  }

  restore() {
    const draft = recall(this.key);
    const { body } = this.fields;
    if (!draft || draft.saved) {
      // What the server had and has no longer was sent, or thrown away, elsewhere.
      if (draft && !body.value) forget(this.key);
      if (this.sync && body.value) this.box.state(say("draftKept"));
      return;
    }
    if (body.value && draft.body.trim() === body.value.trim()) return;
    if (body.value && !this.sync) return;
    this.sync?.begin(draft.version ?? 0);
    body.value = draft.body;
    // The same token again: if the first try did arrive, the second one is recognized and not written twice.
    if (draft.token) this.fields.client_token.value = draft.token;
    this.sync?.touch();
    this.box.state(say("restored"));
  }

  // Coming back from another device: its newer text stands here too, unless something was typed here that it has not seen.
  async look() {
    const { sync, form } = this;
    const untouched = () => form.isConnected && !sync.dirty && !sync.saving && !form.hasAttribute("data-sending") && this.fields.body.value === this.onServer;
    if (!sync || !untouched() || Date.now() - this.looked < LOOK_EVERY) return;
    this.looked = Date.now();
    const known = sync.version;
    const { status, told } = await ask(form.dataset.save, {}, { method: "GET" });
    if (status !== 200 || !untouched() || told.version === known) return;
    if (told.version && told.body === this.onServer) sync.begin(told.version);
    else if (told.version) this.fill(told, true);
    else if (known) this.box.empty();
  }

  typed() {
    this.keep();
    this.box.state("");
    this.sync?.touch();
  }

  keep(saved = false) {
    keep(this.key, { body: this.fields.body.value, token: this.fields.client_token.value, version: this.sync?.version ?? 0, saved });
  }

  // What became of saving on the server.
  heard({ state, version, copies = [], body, message, token }) {
    if (state === "saved") {
      this.fields.draft_version.value = version;
      this.onServer = body;
      if (body === this.fields.body.value) this.keep(true);
      this.copies.show(copies);
    }
    if (state === "sent" && token === this.fields.client_token.value) this.box.empty();
    const words = { saved: body ? say("draftKept") : "", signedOut: say("draftSignedOut"), offline: say("draftOffline"), refused: message };
    this.form.dataset.kept = state;
    this.box.state(words[state] ?? "");
  }

  // A draft comes back from the server: taken back, or used from another device.
  fill({ body, token, version, files = [], copies = [] }, quietly = false) {
    this.fields.body.value = this.onServer = body;
    if (token) this.fields.client_token.value = token;
    this.sync?.begin(version);
    this.fields.draft_version.value = version;
    this.box.files.fill(files);
    this.copies?.show(copies);
    this.keep(true);
    this.box.grow();
    this.form.dispatchEvent(new CustomEvent("steward:filled", { bubbles: true }));
    if (quietly) this.box.state(say("draftKept"));
    else this.fields.body.focus();
  }

  gone() {
    forget(this.key);
    this.onServer = "";
    if (!this.sync) return;
    this.fields.draft_version.value = "0";
    this.sync.begin();
    this.copies.show([]);
  }
}
