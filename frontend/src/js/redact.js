// The editor of pictures: boxes, blur, arrows, words and a crop, by pointer and by keyboard.
import { Sheet } from "./redact_canvas.js";
import { Hand } from "./redact_hand.js";
import { sizeOf } from "./redact_size.js";

const MOST_PIXELS = 40_000_000;

class Editor extends Hand {
  constructor(dialog) {
    super();
    this.dialog = dialog;
    this.canvas = dialog.querySelector("canvas");
    this.sheet = new Sheet(this.canvas);
    this.words = dialog.querySelector("[data-words]");
    this.problem = dialog.querySelector("[data-problem]");
    dialog.addEventListener("click", (event) => this.press(event.target.closest("[data-act]")?.dataset.act));
    dialog.addEventListener("keydown", (event) => this.key(event));
    dialog.addEventListener("cancel", (event) => (event.preventDefault(), this.finish({})));
    dialog.addEventListener("change", () => this.grow(null));
    this.follow();
    addEventListener("resize", () => dialog.open && this.sheet.bitmap && this.sheet.fit());
  }

  get tool() {
    return this.dialog.querySelector('[name="redact-tool"]:checked').value;
  }

  async open(file, { rest = 0, copy = false } = {}) {
    this.file = file;
    this.dialog.toggleAttribute("data-copy", copy);
    this.dialog.querySelector('[data-act="rest"]').hidden = !rest;
    this.say("");
    this.dialog.showModal();
    const told = new Promise((resolve) => (this.resolve = resolve));
    await this.show(file);
    return told;
  }

  async show(file) {
    const size = await sizeOf(file);
    const pixels = size ? size.w * size.h : 0;
    this.ready = false;
    if (!size || !pixels) return this.say(this.dialog.dataset.unreadable, file);
    if (pixels > MOST_PIXELS) return this.say(this.dialog.dataset.tooLarge.replace("{size}", String(Math.round(pixels / 1e6))), file);
    try {
      await this.sheet.load(file, size);
    } catch {
      return this.say(this.dialog.dataset.unreadable, file);
    }
    this.ready = true;
    this.state();
    this.dialog.querySelector('[data-act="attach"]').focus();
  }

  say(text, file = null) {
    this.problem.hidden = !text;
    this.problem.textContent = text.replace("{name}", file?.name ?? "");
    this.dialog.toggleAttribute("data-broken", Boolean(text));
    if (text) this.dialog.querySelector('[data-act="cancel"]').focus();
  }

  state() {
    this.dialog.querySelector('[data-act="undo"]').disabled = !this.sheet.marks.length;
    this.dialog.querySelector('[data-act="redo"]').disabled = !this.sheet.undone.length;
  }

  async press(act) {
    if (act === "undo" || act === "redo") {
      if (this.ready) this.sheet[act]();
      return this.state();
    }
    if (act === "cancel") return this.finish({});
    if ((act !== "attach" && act !== "rest") || !this.ready) return;
    // Once, however often it is pressed: drawing a large picture whole takes a moment.
    this.ready = false;
    const blob = await this.sheet.flat(this.file.type);
    const stem = this.file.name.replace(/\.[^.]*$/, "") || "picture";
    const ending = blob.type === "image/jpeg" ? "jpg" : "png";
    const marked = this.dialog.hasAttribute("data-copy") ? "-redacted" : "";
    this.finish({ file: new File([blob], `${stem}${marked}.${ending}`, { type: blob.type }), rest: act === "rest" });
  }

  finish(told) {
    this.dialog.close();
    this.sheet.bitmap?.close();
    this.sheet.bitmap = null;
    this.ready = false;
    this.resolve?.(told);
  }
}

globalThis.stewardRedact = (dialog) => new Editor(dialog);
