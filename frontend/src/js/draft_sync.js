// Keeping a draft on the server while somebody types: a moment after they pause, every few seconds while they do not,
// when they leave the box, and when the page goes away.
import { ask, tellLast } from "./asking.js";

const PAUSE = 1_200;
const LONGEST = 4_000;
const RETRY = 6_000;
// Tells this page from another one of the same person, for as long as it is shown.
const device = crypto.randomUUID?.() ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

export class DraftSync {
  // `read` gives {body, client_token}; `told` hears {state} and, once it is saved, {version, copies}.
  constructor(address, version, { read, told }) {
    Object.assign(this, { address, version, read, told, timer: 0, since: 0, turn: 0, saving: null, dirty: false, held: false });
  }

  touch() {
    this.dirty = true;
    this.since ||= Date.now();
    clearTimeout(this.timer);
    const left = Math.max(0, LONGEST - (Date.now() - this.since));
    this.timer = setTimeout(() => this.save(), Math.min(PAUSE, left));
  }

  // While the message itself is on its way, its draft is left alone.
  hold(on) {
    this.held = on;
    clearTimeout(this.timer);
    if (!on && this.dirty) this.touch();
  }

  begin(version = 0) {
    clearTimeout(this.timer);
    Object.assign(this, { version, dirty: false, since: 0 });
  }

  fields() {
    this.turn += 1;
    return { ...this.read(), draft_version: this.version, device, turn: this.turn };
  }

  async save() {
    clearTimeout(this.timer);
    if (!this.dirty || this.held || this.saving) return this.saving;
    Object.assign(this, { dirty: false, since: 0 });
    const sent = this.fields();
    this.saving = ask(this.address, sent);
    const { status, told } = await this.saving;
    this.saving = null;
    if (status === 200) {
      this.version = told.version;
      this.told({ state: "saved", ...told, body: sent.body });
    } else this.missed(status, told, sent.client_token);
    if (this.dirty && !this.held) this.touch();
  }

  missed(status, told, token) {
    // Said already: the save was late, and nothing is left to keep.
    if (status === 409 && told.error?.code === "already_sent") return this.told({ state: "sent", token });
    if (status === 401 || told.error?.code === "stale_page") return this.told({ state: "signedOut" });
    if (status >= 400 && status < 500) return this.told({ state: "refused", message: told.error?.message ?? "" });
    this.dirty = true;
    this.told({ state: "offline" });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), RETRY * (0.5 + Math.random()));
  }

  // The page goes away, perhaps for good.
  leave() {
    if (!this.dirty || this.held) return;
    // The answer is lost, and with it the new version: the same device is known by its name.
    if (tellLast(this.address, this.fields())) this.dirty = false;
  }
}
