// What was written and not yet taken: kept in this browser for its writer, sent in order, each with a token that makes twice once.
export class Outbox {
  constructor(site) {
    this.site = site;
    this.subject = "";
    this.files = new Map();
  }

  get key() {
    return `steward-widget:${this.site}:${this.subject}`;
  }

  all() {
    try {
      const held = JSON.parse(localStorage.getItem(this.key) || "[]");
      return Array.isArray(held) ? held : [];
    } catch {
      return this.memory ?? [];
    }
  }

  keep(held) {
    this.memory = held;
    try {
      if (held.length) localStorage.setItem(this.key, JSON.stringify(held));
      else localStorage.removeItem(this.key);
    } catch {
      // A browser that keeps nothing still has it while the page stays.
    }
  }

  add(entry, files) {
    if (files.length) this.files.set(entry.token, files);
    this.keep([...this.all(), { ...entry, files: files.length }]);
  }

  change(token, told) {
    this.keep(this.all().map((one) => (one.token === token ? { ...one, ...told } : one)));
  }

  remove(token) {
    this.files.delete(token);
    this.keep(this.all().filter((one) => one.token !== token));
  }

  // What began with one message goes on where that message went.
  went(group, ticket) {
    this.keep(this.all().map((one) => (one.group === group && !one.ticket ? { ...one, ticket } : one)));
  }

  draft(text) {
    try {
      if (text === undefined) return sessionStorage.getItem(`${this.key}:draft`) || "";
      if (text) sessionStorage.setItem(`${this.key}:draft`, text);
      else sessionStorage.removeItem(`${this.key}:draft`);
    } catch {
      // As above.
    }
    return text || "";
  }

  // The conversation that went on when the desk was last heard.
  last(ticket) {
    try {
      if (ticket === undefined) return Number(localStorage.getItem(`${this.key}:last`)) || "";
      if (ticket) localStorage.setItem(`${this.key}:last`, ticket);
      else localStorage.removeItem(`${this.key}:last`);
    } catch {
      // As above.
    }
    return ticket || "";
  }

  forget() {
    this.files.clear();
    this.draft("");
  }
}

export const drawn = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
