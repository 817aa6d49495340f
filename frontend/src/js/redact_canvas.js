// The picture with its marks: done, undone, drawn small while one works and whole when it goes.
import { draw, upright, within } from "./redact_marks.js";

// What a phone's browser still unfolds; a larger picture is made smaller on the way in.
const WHOLE = 16_000_000;

export class Sheet {
  constructor(canvas) {
    this.canvas = canvas;
    this.marks = [];
    this.undone = [];
  }

  async load(file, size) {
    const pixels = size.w * size.h;
    const shrink = pixels > WHOLE ? Math.sqrt(WHOLE / pixels) : 1;
    const options = shrink < 1 ? { resizeWidth: Math.floor(size.w * shrink), resizeQuality: "high" } : {};
    this.bitmap = await createImageBitmap(file, { ...options, imageOrientation: "from-image" });
    this.marks = [];
    this.undone = [];
    this.crop = null;
    this.fit();
  }

  get bounds() {
    return this.crop ?? { x: 0, y: 0, w: this.bitmap.width, h: this.bitmap.height };
  }

  fit() {
    const { x, y, w, h } = this.bounds;
    const room = this.canvas.parentElement;
    const scale = Math.min(1, (room.clientWidth || 600) / w, (room.clientHeight || 400) / h);
    const dense = Math.min(devicePixelRatio || 1, 2);
    this.shown = scale;
    this.scale = scale * dense;
    this.canvas.width = Math.max(1, Math.round(w * this.scale));
    this.canvas.height = Math.max(1, Math.round(h * this.scale));
    this.canvas.style.inlineSize = `${Math.round(w * scale)}px`;
    // Made small once: drawing a photograph anew for each move of the pointer would stutter.
    this.base = new OffscreenCanvas(this.canvas.width, this.canvas.height);
    this.base.getContext("2d").drawImage(this.bitmap, x, y, w, h, 0, 0, this.canvas.width, this.canvas.height);
    this.paint();
  }

  paint(growing = null) {
    const context = this.canvas.getContext("2d");
    context.drawImage(this.base, 0, 0);
    const { x, y } = this.bounds;
    const moved = (mark) => ({ ...mark, x: mark.x - x, y: mark.y - y });
    for (const mark of this.marks) if (mark.tool !== "crop") draw(context, moved(mark), this.base, this.scale);
    if (!growing) return;
    const seen = moved(growing);
    if (["cover", "blur", "frame", "arrow"].includes(growing.tool) && !growing.asking) draw(context, seen, this.base, this.scale);
    const box = upright(seen);
    context.lineWidth = 2;
    for (const [color, dash] of [["#fff", []], ["#1a56db", [6, 4]]]) {
      context.strokeStyle = color;
      context.setLineDash(dash);
      context.strokeRect(box.x * this.scale, box.y * this.scale, box.w * this.scale, box.h * this.scale);
    }
    context.setLineDash([]);
  }

  // The width of lines, by the size of the picture.
  get line() {
    return Math.max(2, Math.round(Math.max(this.bounds.w, this.bounds.h) / 250));
  }

  add(mark) {
    const all = { w: this.bitmap.width, h: this.bitmap.height };
    const kept = mark.tool === "arrow" || mark.tool === "text" ? mark : within(upright(mark), all);
    if (kept.tool !== "text" && Math.abs(kept.w) < 3 && Math.abs(kept.h) < 3) return this.paint();
    this.marks.push({ width: this.line, ...kept });
    this.undone = [];
    this.settle();
  }

  undo() {
    if (this.marks.length) this.undone.push(this.marks.pop());
    this.settle();
  }

  redo() {
    if (this.undone.length) this.marks.push(this.undone.pop());
    this.settle();
  }

  settle() {
    this.crop = this.marks.filter((mark) => mark.tool === "crop").at(-1) ?? null;
    this.fit();
  }

  // Drawn anew from pixels: nothing the camera wrote, nothing under a mark, nothing beyond the crop is in it.
  async flat(type) {
    const { x, y, w, h } = this.bounds;
    const whole = new OffscreenCanvas(Math.round(w), Math.round(h));
    const context = whole.getContext("2d");
    context.drawImage(this.bitmap, x, y, w, h, 0, 0, whole.width, whole.height);
    const base = new OffscreenCanvas(whole.width, whole.height);
    base.getContext("2d").drawImage(whole, 0, 0);
    for (const mark of this.marks) if (mark.tool !== "crop") draw(context, { ...mark, x: mark.x - x, y: mark.y - y }, base, 1);
    return whole.convertToBlob(type === "image/jpeg" ? { type, quality: 0.92 } : { type: "image/png" });
  }
}
