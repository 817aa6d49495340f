// How things stand, drawn: the conversation that is shown, and the list of all.
import { h } from "./dom.js";

export function draw(talk) {
  const { view, state } = talk;
  if (state) {
    const news = view.isOpen && !document.hidden ? state.talks.reduce((sum, one) => sum + (one.id === talk.number ? 0 : one.news), 0) : state.news;
    view.news(news);
    if (news !== talk.told) dispatchEvent(new CustomEvent("steward:unread", { detail: { count: (talk.told = news) } }));
  }
  if (talk.refused || !view.list.hidden) return;
  const ticket = state?.ticket;
  const waiting = talk.outbox.all().filter((one) => (one.ticket || "") === (talk.number || "") && (one.ticket || one.group === talk.group || !ticket));
  view.face("talk");
  view.title.textContent = ticket?.subject || talk.say(state?.talks.length ? "new" : "help");
  view.listed.hidden = !state?.talks.some((one) => one.id !== talk.number);
  view.fresh.hidden = !ticket;
  view.stands(ticket);
  view.composer.hint.textContent = ticket?.write || "";
  const lines = [...talk.older, ...(state?.lines ?? [])];
  view.lines.earlier.hidden = !(talk.before ?? state?.earlier);
  view.lines.hello.replaceChildren(...(lines.length || waiting.length ? [] : [h("p", null, talk.desk.limits.name ? talk.say("hello_name", { name: talk.desk.limits.name.split(" ")[0] }) : talk.say("hello")), state?.presence ? h("p", { class: "soft", "data-staffed": state.staffed }, state.presence) : ""]));
  const last = lines.at(-1)?.key + waiting.length;
  const follows = last !== talk.last;
  talk.last = last;
  const at = view.root.activeElement;
  view.lines.show(lines, waiting, talk.hands);
  if (at && !at.isConnected) view.scroll.focus({ preventScroll: true });
  if (follows && view.isOpen) requestAnimationFrame(() => (view.scroll.scrollTop = view.scroll.scrollHeight));
  see(talk);
}

function see(talk) {
  const unseen = talk.state?.unseen;
  if (!unseen || !talk.view.isOpen || document.hidden || unseen === talk.saw) return;
  talk.saw = unseen;
  talk.desk.call("seen/", { values: { ticket: talk.number, message: unseen } }).catch(() => (talk.saw = null));
}

export function list(talk) {
  const { view } = talk;
  view.title.textContent = talk.say("all");
  view.list.replaceChildren(
    ...talk.state.talks.map((one) =>
      h("li", null, h("button", { type: "button", onclick: () => talk.show(one.id) }, h("bdi", null, one.subject), h("small", null, `#${one.id} · ${one.state_name} `, view.lines.time(one.at)), one.news ? h("span", { class: "badge" }, String(one.news)) : "")),
    ),
  );
  view.face("list");
  view.title.focus();
}
