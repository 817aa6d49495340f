// The event stream, read by fetch since it has to show the session: comes back by itself and tells where it was.
// A page in the background holds none: browsers open few of them to one host.
import { Refused } from "./desk.js";

const PATIENCE = 40_000;

export class Stream {
  constructor(desk, changed, state) {
    Object.assign(this, { desk, changed, state, after: "", wait: 1000, ticket: "", wanted: false });
    document.addEventListener("visibilitychange", () => this.turn());
    addEventListener("pagehide", () => this.stop());
    addEventListener("pageshow", () => this.turn());
  }

  follow(ticket) {
    if (this.wanted && this.ticket === (ticket || "")) return;
    this.wanted = true;
    this.ticket = ticket || "";
    this.stop();
    this.turn();
  }

  turn() {
    if (document.hidden) this.stop();
    else if (this.wanted && !this.running) this.run();
  }

  stop() {
    this.running?.abort();
    this.running = null;
    clearTimeout(this.timer);
  }

  end() {
    this.wanted = false;
    this.stop();
  }

  async run() {
    clearTimeout(this.timer);
    const mine = (this.running = new AbortController());
    try {
      const session = await this.desk.session();
      const answer = await this.desk.send("live", { query: { ticket: this.ticket }, session, raw: true, signal: mine.signal, after: this.after });
      // What changed while nothing was followed is looked at once.
      if (this.missed) this.changed();
      this.missed = false;
      this.wait = 1000;
      this.state(true);
      await this.read(answer.body.getReader(), mine);
    } catch (error) {
      if (mine.signal.aborted) this.missed = true;
      else if (error instanceof Refused && error.status === 401) await this.desk.session(true).catch(() => {});
      // Too many streams are open: until one is free it looks by itself now and then.
      else if (error instanceof Refused) this.changed();
      else this.state(false);
    }
    if (this.running !== mine) return;
    this.running = null;
    this.missed = true;
    if (!this.wanted || document.hidden) return;
    this.timer = setTimeout(() => this.turn(), this.wait * (0.7 + Math.random() * 0.6));
    this.wait = Math.min(this.wait * 2, 30_000);
  }

  async read(reader, mine) {
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      // A line that says nothing for so long leads nowhere any more.
      const watch = setTimeout(() => reader.cancel().catch(() => {}), PATIENCE);
      const { done, value } = await reader.read().finally(() => clearTimeout(watch));
      if (done || mine.signal.aborted) return;
      text += decoder.decode(value, { stream: true });
      const parts = text.split("\n\n");
      text = parts.pop();
      for (const part of parts) this.take(part);
    }
  }

  take(part) {
    const said = Object.fromEntries(part.split("\n").filter((line) => line.includes(": ")).map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
    if (said.id) this.after = said.id;
    if (said.event === "changed" || said.event === "resync") this.changed();
  }
}
