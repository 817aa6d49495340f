// Sends what waits, one after the other: what the desk refuses stays with the reason, what it cannot take now stays in line.
import { OutOfReach, Refused } from "./desk.js";

export class Sender {
  constructor(desk, outbox, say, arrived, changed) {
    Object.assign(this, { desk, outbox, say, arrived, changed, busy: false });
  }

  add(entry, files) {
    this.outbox.add(entry, files);
    this.changed();
    this.flush();
  }

  again(entry) {
    this.outbox.change(entry.token, { problem: "" });
    this.changed();
    this.flush();
  }

  drop(entry) {
    this.outbox.remove(entry.token);
    this.changed();
  }

  async flush() {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let entry; (entry = this.outbox.all().find((one) => !one.problem)); ) await this.send(entry);
    } catch (error) {
      if (error instanceof OutOfReach) this.lost?.();
      else if (!(error instanceof Refused)) throw error;
    } finally {
      this.busy = false;
      this.changed();
    }
  }

  async send(entry) {
    const { token, ticket, body, page } = entry;
    const files = this.outbox.files.get(token) ?? [];
    // Files outlive no reload: whoever wrote it decides whether the words go without them.
    if (entry.files && !files.length) return this.outbox.change(token, { problem: this.say("lost_files"), files: 0 });
    if (!body && !files.length) return this.outbox.remove(token);
    let state;
    try {
      state = await this.desk.call("messages/", { values: { ...page, body, ticket, client_token: token, files } });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 429) this.timer ??= setTimeout(() => ((this.timer = null), this.flush()), 60_000);
      // Who one is has to be said anew; it waits for that.
      if (error.status === 429 || error.status === 401) throw error;
      this.outbox.change(token, { problem: [error.message, error.hint].filter(Boolean).join(" ") || error.code });
      return;
    }
    this.outbox.remove(token);
    this.outbox.went(entry.group, state.ticket.id);
    this.arrived(entry, state);
  }
}
