// The box one writes in: grows with the text, takes files by choosing, pasting and dropping, and loses nothing.
import { button, bytes, h, icon } from "./dom.js";

export class Composer {
  constructor(say) {
    this.say = say;
    this.files = [];
    this.limits = {};
    this.text = h("textarea", { rows: "1", dir: "auto", maxlength: "1000000", "aria-label": say("message"), placeholder: say("write"), "aria-describedby": "keys", enterkeyhint: "send" });
    this.pick = h("input", { type: "file", multiple: true, class: "unseen", tabindex: "-1", "aria-hidden": "true" });
    this.chosen = h("ul", { class: "chosen", hidden: true });
    this.problem = h("p", { class: "bad", role: "alert" });
    this.hint = h("p", { class: "soft" });
    this.form = h(
      "form",
      { class: "composer" },
      this.hint,
      this.chosen,
      this.problem,
      h("div", { class: "row" }, button("clip", say("attach"), () => this.pick.click()), this.pick, this.text, h("button", { type: "submit", class: "send", "aria-label": say("send"), title: say("send") }, icon("send"))),
      h("p", { id: "keys", class: "unseen" }, say("keys")),
    );
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("paste", (event) => this.add(event, event.clipboardData?.files));
    this.pick.addEventListener("change", () => {
      this.take([...this.pick.files]);
      this.pick.value = "";
    });
  }

  typed() {
    this.problem.textContent = "";
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight + 2, 160)}px`;
    this.changed?.(this.text.value);
  }

  set(text) {
    this.text.value = text;
    this.typed();
  }

  // Enter that ends the choosing of a Chinese or Japanese word sends nothing.
  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  add(event, files) {
    if (!files?.length) return;
    event.preventDefault();
    this.take([...files]);
  }

  take(files) {
    this.problem.textContent = "";
    for (const file of files) {
      const total = this.files.reduce((sum, one) => sum + one.size, file.size);
      if (file.size > this.limits.most_bytes || total > this.limits.most_body - 1e5) this.complain(this.say("too_large", { name: file.name, most: Math.floor(this.limits.most_bytes / 1e6) }));
      else if (this.files.length >= this.limits.most_files) this.complain(this.say("too_many", { most: this.limits.most_files }));
      else this.files.push(file);
    }
    this.draw();
  }

  complain(text) {
    this.problem.textContent = text;
  }

  draw() {
    this.chosen.hidden = !this.files.length;
    this.chosen.replaceChildren(
      ...this.files.map((file) =>
        h("li", null, h("bdi", null, file.name), h("small", null, bytes(file.size)), button("close", this.say("remove", { name: file.name }), () => {
          this.files = this.files.filter((one) => one !== file);
          this.draw();
          this.text.focus();
        })),
      ),
    );
  }

  // What is to be sent, and an empty box for the next; nothing where there is nothing.
  taken() {
    const body = this.text.value.trim();
    if (!body && !this.files.length) {
      this.complain(this.say("empty"));
      return null;
    }
    const files = this.files;
    this.files = [];
    this.set("");
    this.draw();
    return { body, files };
  }
}
