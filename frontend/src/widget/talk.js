// What the panel does: shows the conversation that goes on, sends, follows, and stays whole while the desk is out of reach.
import { OutOfReach } from "./desk.js";
import { draw, list } from "./drawing.js";
import { fail } from "./failing.js";
import { Files } from "./files.js";
import { bind } from "./hands.js";
import { drawn } from "./outbox.js";
import { pageNow } from "./options.js";
import { reach } from "./reach.js";
import { Sender } from "./sender.js";
import { Stream } from "./stream.js";

// A conversation that does not exist yet.
const FRESH = "new";

export class Talk {
  constructor(desk, view, outbox, wishes) {
    Object.assign(this, { desk, view, outbox, wishes, say: view.say, state: null, ticket: "", group: drawn(), older: [] });
    this.files = new Files(desk, () => this.number, () => view.warn(view.say("file_gone"), "bad"));
    this.sender = new Sender(desk, outbox, view.say, (entry, state) => this.arrived(entry, state), () => this.draw());
    this.sender.lost = () => this.reach(false);
    this.stream = new Stream(desk, () => this.soon(), (fine) => this.reach(fine));
    this.hands = {
      answer: (asked, answer, comment) => this.answer(asked, answer, comment),
      download: (file) => this.files.download(file),
      picture: (file, place) => this.files.picture(file, place),
      resend: (one) => this.sender.again(one),
      discard: (one) => this.sender.drop(one),
    };
    bind(this);
  }

  async begin() {
    await this.refresh(true);
    if (this.state?.talks.some((one) => one.state !== "closed") && !this.refused) this.stream.follow(this.number);
  }

  draw() {
    draw(this);
  }

  reach(fine) {
    reach(this, fine);
  }

  list() {
    list(this);
  }

  get number() {
    return this.ticket === FRESH ? "" : this.ticket || (this.state?.ticket?.id ?? "");
  }

  open() {
    const { view } = this;
    if (view.isOpen) return;
    if (!this.state && !this.refused) view.warn(this.say("asking"));
    view.open();
    this.draw();
    this.refresh().then(() => this.refused || this.stream.follow(this.number));
  }

  close() {
    if (this.view.isOpen) this.view.close();
  }

  signOut() {
    this.close();
    this.stream.end();
    this.outbox.forget();
    this.desk.held = null;
    this.state = null;
    this.ticket = "";
    this.view.lines.clear();
    this.view.news(0);
  }

  anew() {
    return this.show(FRESH);
  }

  async show(ticket) {
    this.older = [];
    this.ticket = ticket;
    this.group = drawn();
    this.before = undefined;
    if (ticket !== this.state?.ticket?.id) this.state = { ...this.state, ticket: null, lines: [], unseen: null, earlier: null, presence: "" };
    this.view.lines.clear();
    this.view.face("talk");
    this.draw();
    await this.refresh();
    if (!this.refused) this.stream.follow(this.number);
    this.view.focus();
  }

  // Many changes at once are one look.
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), 80);
  }

  async refresh(first = false) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    try {
      const state = await this.desk.call("state/", { query: { ticket: String(this.ticket) } });
      if (turn !== this.turn) return;
      this.refused = null;
      this.meet();
      this.take(state);
      this.reach(true);
      this.sender.flush();
      this.resume();
    } catch (error) {
      fail(this, error, first);
    }
  }

  meet() {
    this.view.composer.limits = this.desk.limits;
    if (this.outbox.subject === this.desk.subject) return;
    this.outbox.subject = this.desk.subject;
    if (!this.view.composer.text.value) this.view.composer.set(this.outbox.draft());
  }

  take(state) {
    const before = this.state;
    this.state = state;
    if (!this.ticket && state.ticket) this.ticket = state.ticket.id;
    const open = state.talks.find((one) => one.state !== "closed");
    this.outbox.last(open ? open.id : "");
    if (before && state.news > before.news) this.view.tell(this.say("answer"));
    this.draw();
  }

  async earlier() {
    const before = this.before ?? this.state.earlier;
    const state = await this.desk.call("state/", { query: { ticket: String(this.number), before: String(before) } }).catch(() => null);
    if (!state) return;
    this.older = [...state.lines, ...this.older];
    this.before = state.earlier ?? 0;
    this.draw();
  }

  submit() {
    const said = this.view.composer.taken();
    if (!said) return;
    if (!this.outbox.subject) {
      // Nobody is known yet to keep it for: it stays in the box until somebody is.
      this.view.composer.set(said.body);
      this.view.composer.take(said.files);
      this.wanted = true;
      this.refresh();
      return;
    }
    this.sender.add({ token: drawn(), group: this.group, ticket: this.number, body: said.body, page: pageNow(this.wishes, this.desk.limits.kept) }, said.files);
  }

  resume() {
    if (!this.wanted || !this.outbox.subject) return;
    this.wanted = false;
    this.submit();
  }

  arrived(entry, state) {
    this.reach(true);
    if ((entry.ticket || "") !== (this.number || "") || (!entry.ticket && entry.group !== this.group && this.ticket === FRESH)) return;
    this.ticket = state.ticket.id;
    this.turn = (this.turn ?? 0) + 1;
    this.take(state);
    this.stream.follow(this.number);
  }

  async answer(asked, answer, comment) {
    try {
      this.take(await this.desk.call("answers/", { values: { ticket: asked.ticket, question: asked.id, answer, comment } }));
    } catch (error) {
      if (error instanceof OutOfReach) this.reach(false);
      else this.refresh();
      throw error;
    }
  }
}
