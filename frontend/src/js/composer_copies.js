// Texts of another device that a newer one took the place of: offered until they are used or let go.
import { ask } from "./asking.js";
import { announce, say } from "./texts.js";
import { make } from "./toast.js";

export class Copies {
  constructor(form, fill) {
    this.place = form.querySelector("[data-composer-copies]");
    this.fill = fill;
    this.shown = "";
    this.show([...this.place.querySelectorAll("template")].map((one) => ({ id: Number(one.dataset.copyId), body: one.content.textContent, saved: one.dataset.copySaved })), true);
  }

  show(copies, quietly = false) {
    const ids = copies.map((one) => `${one.id}:${one.body.length}`).join();
    if (ids === this.shown) return;
    this.shown = ids;
    this.place.hidden = copies.length === 0;
    this.place.replaceChildren(...copies.map((copy) => this.row(copy)));
    if (copies.length && !quietly) announce(say("draftOther"));
  }

  row(copy) {
    const row = make("div", "composer-copy");
    const words = make("p", "", `${say("draftOther")} (${copy.saved})`);
    const text = make("blockquote", "", copy.body.length > 240 ? `${copy.body.slice(0, 240)}…` : copy.body);
    text.dir = "auto";
    row.append(words, text, this.button("draftUse", () => this.use(copy)), this.button("draftDrop", () => this.drop(copy, row)));
    return row;
  }

  button(name, act) {
    const button = make("button", "btn", say(name));
    Object.assign(button, { type: "button" });
    Object.assign(button.dataset, { variant: "outline", size: "xs" });
    button.addEventListener("click", act);
    return button;
  }

  async use(copy) {
    const { status, told } = await ask(`/writing/copies/${copy.id}/use/`);
    if (status === 200) this.fill(told);
  }

  async drop(copy, row) {
    const { status } = await ask(`/writing/copies/${copy.id}/drop/`);
    if (status !== 200 && status !== 404) return;
    row.remove();
    this.place.hidden = !this.place.children.length;
  }
}
