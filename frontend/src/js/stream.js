// One event stream: opens, reopens with growing and scattered pauses, and goes on after the last event it saw.
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

export class Stream {
  constructor({ onEvent, onState }) {
    Object.assign(this, { onEvent, onState, topics: "", last: "", age: 0, source: null, timer: 0, pause: FIRST_PAUSE });
  }

  // `age`: how many milliseconds ago the youngest of the pages was asked for; what happened since then it has not seen.
  open(topics, age = 0) {
    if (topics === this.topics && this.source) return;
    Object.assign(this, { topics, age });
    this.reopen();
  }

  reopen() {
    this.close();
    if (!this.topics) return;
    const after = this.last ? `&after=${encodeURIComponent(this.last)}` : `&age=${Math.ceil(this.age)}`;
    const source = new EventSource(`/live?topics=${encodeURIComponent(this.topics)}${after}`);
    this.source = source;
    source.addEventListener("open", () => {
      this.pause = FIRST_PAUSE;
      this.onState("connected");
    });
    source.addEventListener("changed", (event) => {
      if (event.lastEventId) this.last = event.lastEventId;
      this.onEvent({ kind: "changed", topics: topicsIn(event.data) });
    });
    source.addEventListener("here", (event) => this.onEvent({ kind: "here", ...peopleIn(event.data) }));
    source.addEventListener("resync", (event) => {
      if (event.lastEventId) this.last = event.lastEventId;
      this.onEvent({ kind: "resync" });
    });
    // The server is going down for a moment; ask again soon, not all at once.
    source.addEventListener("bye", () => this.later());
    source.addEventListener("error", () => {
      this.onState("reconnecting");
      // While it is connecting the browser tries by itself and sends Last-Event-ID; closed means it gave up.
      if (source.readyState === EventSource.CLOSED) this.later();
    });
  }

  later() {
    this.close();
    this.onState("reconnecting");
    this.timer = setTimeout(() => this.reopen(), this.pause * (0.5 + Math.random()));
    this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
  }

  close() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }
}

function topicsIn(data) {
  try {
    const { topics } = JSON.parse(data);
    return Array.isArray(topics) ? topics : [];
  } catch {
    return [];
  }
}

function peopleIn(data) {
  try {
    const { ticket, people } = JSON.parse(data);
    return { ticket: Number(ticket), people: Array.isArray(people) ? people : [] };
  } catch {
    return { ticket: 0, people: [] };
  }
}
