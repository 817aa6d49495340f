// The button and the panel, in a shadow of their own: the page's styles stay out, the panel's stay in.
import { Composer } from "./composer.js";
import { button, h, icon } from "./dom.js";
import { Lines } from "./lines.js";
import css from "./widget.css";

export class View {
  constructor(wishes) {
    const say = (this.say = wishes.texts);
    this.wishes = wishes;
    this.host = h("div", { id: "steward-widget", lang: say.language, dir: getComputedStyle(document.documentElement).direction });
    const root = (this.root = this.host.attachShadow({ mode: "open" }));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];

    this.badge = h("span", { class: "badge", hidden: true });
    this.launcher = h("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false" }, icon("chat"), h("span", { class: "launcher-label" }, wishes.label || say("help")), this.badge);
    this.title = h("h2", { id: "title", tabindex: "-1" });
    this.back = button("back", say("back"), null, { hidden: true });
    this.listed = button("list", say("all"), null, { hidden: true });
    this.fresh = button("add", say("new"), null, { hidden: true });
    this.shut = button("close", say("close"));
    this.notice = h("div", { class: "notice", role: "status" });
    this.status = h("section", { class: "status", "aria-label": say("where"), hidden: true });
    this.lines = new Lines(say);
    this.list = h("ul", { class: "list", hidden: true });
    this.gate = h("div", { class: "gate", hidden: true });
    this.composer = new Composer(say);
    this.live = h("p", { class: "unseen", role: "status" });
    this.panel = h(
      "dialog",
      { class: "panel", "aria-labelledby": "title" },
      h("header", null, this.back, this.title, this.listed, this.fresh, this.shut),
      this.notice,
      this.status,
      h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("log") }, this.lines.hello, this.lines.earlier, this.lines.log),
      this.list,
      this.gate,
      this.composer.form,
    );
    this.scroll = this.panel.querySelector(".scroll");
    root.append(this.launcher, this.panel, this.live);
    document.body.append(this.host);
    this.host.dataset.side = wishes.side;
    this.news(0);
    this.dress();
    this.narrow = matchMedia("(max-width: 30rem)");
    this.narrow.addEventListener("change", () => this.isOpen && this.open(false));
  }

  dress() {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const turn = () => this.host.toggleAttribute("data-dark", this.wishes.theme === "dark" || (this.wishes.theme === "auto" && dark.matches));
    dark.addEventListener("change", turn);
    turn();
  }

  get isOpen() {
    return this.panel.open;
  }

  // On a small screen it is all there is, and keeps the keyboard to itself; beside a page it does not.
  open(focus = true) {
    if (this.panel.open) this.panel.close();
    this.host.toggleAttribute("data-open", true);
    if (this.narrow.matches) this.panel.showModal();
    else this.panel.show();
    this.launcher.setAttribute("aria-expanded", "true");
    if (focus) this.focus();
  }

  focus() {
    (this.composer.form.hidden ? this.title : this.composer.text).focus();
  }

  close() {
    this.panel.close();
    this.host.removeAttribute("data-open");
    this.launcher.setAttribute("aria-expanded", "false");
    this.launcher.focus();
  }

  news(count) {
    this.badge.hidden = !count;
    this.badge.textContent = count > 9 ? "9+" : count;
    this.launcher.setAttribute("aria-label", count ? this.say("news", { n: count }) : this.wishes.label || this.say("open"));
  }

  tell(text) {
    this.live.textContent = text;
  }

  warn(text, tone = "") {
    if (this.notice.textContent === text) return;
    this.notice.replaceChildren(...(text ? [text] : []));
    this.notice.dataset.tone = tone;
  }

  // Which of its three faces the panel shows: a conversation, the list of all, or why it shows nothing.
  face(name) {
    this.scroll.hidden = this.composer.form.hidden = name !== "talk";
    this.list.hidden = name !== "list";
    this.gate.hidden = name !== "gate";
    this.back.hidden = name !== "list";
    if (name !== "talk") this.status.hidden = true;
    if (name !== "talk") this.listed.hidden = this.fresh.hidden = true;
  }

  refuse(message, hint, code, again) {
    this.title.textContent = this.say("help");
    this.gate.replaceChildren(h("p", null, h("strong", null, message)), hint ? h("p", null, hint) : "", h("button", { type: "button", class: "plain", onclick: again }, this.say("again")), code ? h("p", { class: "code" }, code) : "");
    this.face("gate");
  }

  stands(ticket) {
    this.status.hidden = !ticket;
    if (!ticket) return;
    const { names, at } = ticket.steps;
    const name = names[Math.min(at, names.length - 1)];
    const mark = JSON.stringify([ticket.headline, ticket.steps, ticket.expect, ticket.note]);
    if (this.mark === mark) return;
    this.mark = mark;
    this.status.dataset.state = ticket.state;
    this.status.replaceChildren(
      h("p", { class: "headline", role: "status" }, ticket.headline),
      h("div", { class: "steps", role: "img", "aria-label": this.say("step", { n: Math.min(at + 1, names.length), of: names.length, name }) }, names.map((_one, step) => h("i", { "data-done": step < at, "data-here": step === at }))),
      h("dl", null, ticket.expect.map(([label, value]) => h("div", null, h("dt", null, label), h("dd", { dir: "auto" }, value)))),
      ticket.note ? h("p", { class: "soft" }, ticket.note) : "",
    );
  }
}
