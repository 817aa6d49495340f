// Where the next mark goes: drawn with a pointer, or moved and sized with the arrow keys.
const STEP = 0.02;

export class Hand {
  follow() {
    this.canvas.addEventListener("pointerdown", (event) => this.down(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    this.canvas.addEventListener("pointerup", () => this.up());
    this.canvas.addEventListener("pointercancel", () => this.grow(null));
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const { x, y, w, h } = this.sheet.bounds;
    return { x: x + ((event.clientX - box.left) / box.width) * w, y: y + ((event.clientY - box.top) / box.height) * h };
  }

  down(event) {
    if (!this.ready || event.button) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.dragging = true;
    this.grow({ ...this.place(event), w: 0, h: 0 });
  }

  move(event) {
    if (!this.dragging) return;
    const { x, y } = this.place(event);
    this.grow({ x: this.box.x, y: this.box.y, w: x - this.box.x, h: y - this.box.y });
  }

  up() {
    if (this.dragging) this.put();
    this.dragging = false;
  }

  grow(box) {
    this.box = box;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.ready) this.sheet.paint(this.box && { ...this.box, tool: this.tool, width: this.sheet.line });
    });
  }

  put() {
    if (!this.box) return;
    const mark = { ...this.box, tool: this.tool };
    if (mark.tool === "text") mark.words = this.words.value.trim();
    if (mark.tool !== "text" || mark.words) this.sheet.add(mark);
    else this.words.focus();
    this.grow(null);
    this.state();
  }

  key(event) {
    const mod = event.ctrlKey || event.metaKey;
    if (mod && event.key.toLowerCase() === "z") return event.preventDefault(), this.press(event.shiftKey ? "redo" : "undo");
    if (event.target !== this.canvas || !this.ready) return;
    const { x, y, w, h } = this.sheet.bounds;
    const box = this.box ?? { x: x + w * 0.4, y: y + h * 0.45, w: w * 0.2, h: h * 0.1 };
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    if (dx !== undefined) {
      event.preventDefault();
      const by = Math.max(w, h) * (event.altKey ? STEP / 8 : STEP);
      this.grow(event.shiftKey ? { ...box, w: box.w + dx * by, h: box.h + dy * by } : { ...box, x: box.x + dx * by, y: box.y + dy * by });
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.box = box;
      this.put();
    }
  }
}
