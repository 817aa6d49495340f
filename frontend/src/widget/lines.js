// What was said and what happened. Each line is drawn once and then left alone, so that a reader hears only what is new.
import { bytes, h, icon, words } from "./dom.js";

export class Lines {
  constructor(say) {
    this.say = say;
    this.drawn = new Map();
    this.list = h("ol", { class: "said-list" });
    this.log = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": say("log") }, this.list);
    this.hello = h("div", { class: "hello" });
    this.earlier = h("button", { type: "button", class: "plain earlier", hidden: true }, say("earlier"));
    this.when = new Intl.DateTimeFormat(say.language, { hour: "numeric", minute: "2-digit" });
    this.day = new Intl.DateTimeFormat(say.language, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
  }

  clear() {
    this.drawn.clear();
    this.list.replaceChildren();
  }

  // `waiting` is what was written here and has not arrived.
  show(lines, waiting, hands) {
    const wanted = new Map();
    for (const line of lines) wanted.set(line.key, [JSON.stringify([line.body, line.edited, line.files, line.question, line.event]), () => this.line(line, hands)]);
    for (const one of waiting) wanted.set(one.token, [`${one.problem || ""}${one.files}`, () => this.waiting(one, hands)]);
    for (const [key, { node }] of this.drawn) {
      if (wanted.has(key)) continue;
      node.remove();
      this.drawn.delete(key);
    }
    let before = null;
    for (const [key, [mark, draw]] of wanted) {
      const old = this.drawn.get(key);
      if (old?.mark !== mark) {
        const node = draw();
        if (old) old.node.replaceWith(node);
        this.drawn.set(key, { mark, node });
      }
      const { node } = this.drawn.get(key);
      const place = before ? before.nextSibling : this.list.firstChild;
      if (place !== node) this.list.insertBefore(node, place);
      before = node;
    }
  }

  time(at) {
    const then = new Date(at);
    return h("time", { datetime: at, title: then.toLocaleString(this.say.language) }, (then.toDateString() === new Date().toDateString() ? this.when : this.day).format(then));
  }

  line(line, hands) {
    if (line.event !== undefined) return h("li", { class: "event" }, h("span", { dir: "auto" }, line.event), " ", this.time(line.at));
    const asked = line.question ? this.question(line.question, hands) : null;
    return h(
      "li",
      { class: line.mine ? "said mine" : "said", "data-key": line.key },
      h("p", { class: "who" }, h("bdi", null, line.mine ? this.say("you") : line.author), " ", this.time(line.at), line.edited ? ` · ${line.edited}` : ""),
      line.body ? h("div", { class: "bubble", dir: "auto" }, words(line.body)) : "",
      line.files.map((file) => this.file(file, hands)),
      asked,
    );
  }

  waiting(one, hands) {
    return h(
      "li",
      { class: "said mine waiting" },
      h("p", { class: "who" }, one.problem ? this.say("not_sent") : this.say("waits")),
      h("div", { class: "bubble", dir: "auto" }, one.body),
      one.problem ? h("p", { class: "bad" }, one.problem) : one.files ? h("p", { class: "soft" }, this.say("kept_files")) : "",
      one.problem
        ? h("p", { class: "choices" }, h("button", { type: "button", class: "plain", onclick: () => hands.resend(one) }, this.say("again")), h("button", { type: "button", class: "plain", onclick: () => hands.discard(one) }, this.say("discard")))
        : "",
    );
  }

  file(file, hands) {
    const label = h("span", null, h("span", { class: "unseen" }, this.say("download"), " "), h("bdi", null, file.name), " ", h("small", null, bytes(file.size)));
    const made = h("button", { type: "button", class: "file", title: this.say("download"), onclick: () => hands.download(file) }, icon("file"), label);
    if (file.image && file.size < 8e6) hands.picture(file, made);
    return made;
  }

  question(asked, hands) {
    const prompt = asked.prompt || this.say(asked.kind === "rating" ? "rated" : "fixed");
    if (!asked.open) return h("p", { class: "answered" }, asked.answered);
    const more = h("textarea", { rows: "1", dir: "auto", "aria-label": this.say("more"), placeholder: this.say("more"), maxlength: "5000" });
    const problem = h("p", { class: "bad", role: "alert" });
    const made = h("fieldset", { class: "question" }, h("legend", null, prompt));
    const give = async (answer) => {
      // Not switched off meanwhile: that would take the keyboard away from where it is.
      if (made.hasAttribute("aria-busy")) return;
      made.setAttribute("aria-busy", "true");
      problem.textContent = "";
      await hands.answer(asked, answer, more.value).catch((error) => {
        problem.textContent = error.message || this.say("offline");
      });
      made.removeAttribute("aria-busy");
    };
    if (asked.kind !== "rating") {
      made.append(more, h("p", { class: "choices" }, asked.options.map(([value, name], at) => h("button", { type: "button", class: at ? "plain" : "main", onclick: () => give(value) }, name))), problem);
      return made;
    }
    const steps = asked.options.map(([value, name]) => h("label", { class: "step", title: name }, h("input", { type: "radio", name: `q${asked.id}`, value, "aria-label": name }), h("span", { "aria-hidden": "true" }, value)));
    const send = h("button", { type: "button", class: "plain", onclick: () => {
      const picked = made.querySelector("input:checked");
      if (picked) give(picked.value);
      else steps[0].firstChild.focus();
    } }, this.say("rate"));
    made.append(h("div", { class: "rate" }, steps), more, h("p", { class: "choices" }, send), problem);
    return made;
  }
}
