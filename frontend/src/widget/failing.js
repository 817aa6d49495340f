// What could not be done: out of reach it waits, refused it says why and lets one try again.
import { OutOfReach, Refused } from "./desk.js";

export function fail(talk, error, first) {
  if (error instanceof OutOfReach) {
    talk.meet();
    // Without an answer it goes on where it was last seen to go on.
    if (!talk.state) talk.ticket ||= talk.outbox.last();
    talk.reach(false);
    talk.resume();
    return;
  }
  if (!(error instanceof Refused)) throw error;
  if (error.status === 404 && talk.ticket) {
    talk.ticket = "";
    if (!first) talk.refresh(true);
    return;
  }
  if (error.status === 429) return;
  talk.refused = error;
  talk.stream.end();
  const none = error.code === "no_token";
  if (first) console.warn(`Steward: ${error.code} ${error.message}`);
  talk.view.warn("");
  talk.view.refuse(none ? talk.say("no_token") : error.message || talk.say("asking"), none ? talk.say("no_token_hint") : error.hint, error.code, () => {
    talk.desk.held = null;
    talk.refused = null;
    talk.view.face("talk");
    talk.refresh().then(() => talk.refused || talk.view.focus());
  });
}
