// Elements with `data-live="ticket:12 queue:3"` hear `steward:changed` when something there changed.
// All tabs share one stream: the one that holds the lock runs it and passes events on.
import { Stream } from "./stream.js";
import { announce, say } from "./texts.js";

const LOCK = "steward-live";
const GATHER = 120;
const QUIET_FOR = 2_500;

const channel = "BroadcastChannel" in window ? new BroadcastChannel(LOCK) : null;
const me = crypto.randomUUID?.() ?? String(Math.random());
const wanted = new Map();
const dirty = new Set();
const rooms = new Map();
let leading = false;
let gathering = 0;
let lostTimer = 0;

const stream = new Stream({
  onEvent: (event) => {
    channel?.postMessage({ event });
    hear(event);
  },
  onState: (state) => {
    channel?.postMessage({ state });
    showState(state);
  },
});

function topicsHere() {
  const topics = new Set();
  for (const element of document.querySelectorAll("[data-live]")) {
    for (const topic of element.dataset.live.split(/\s+/)) if (/^\w+:\w+$/.test(topic)) topics.add(topic);
  }
  return [...topics].sort();
}

function union() {
  return [...new Set([...wanted.values()].flat())].sort().join(",");
}

function want() {
  const topics = topicsHere();
  if (String(wanted.get(me)) === String(topics)) return;
  const old = wanted.has(me) ? performance.now() - asked : pageAge();
  wanted.set(me, topics);
  channel?.postMessage({ want: topics, from: me, age: old });
  if (leading) stream.open(union(), old);
}

// A page was asked for a moment before it opens its stream, a part of it later on a moment before it is swapped in:
// what happened in between, neither shows.
let asked = 0;
const pageAge = () => performance.now() - (performance.getEntriesByType("navigation")[0]?.requestStart ?? 0);
document.addEventListener("htmx:before:request", () => (asked = performance.now()));

// Who is at a ticket: the last that was heard, for a part of the page that is drawn later.
export function peopleAt(ticket) {
  return rooms.get(ticket) ?? [];
}

function meet({ ticket, people }) {
  rooms.set(ticket, people);
  document.dispatchEvent(new CustomEvent("steward:here", { detail: { ticket, people } }));
}

function hear(event) {
  if (event.kind === "here") return meet(event);
  const { kind, topics } = event;
  for (const element of document.querySelectorAll("[data-live]")) {
    const own = element.dataset.live.split(/\s+/);
    if (kind === "resync" || own.some((topic) => topics.includes(topic))) dirty.add(element);
  }
  gathering ||= setTimeout(tell, GATHER + Math.random() * GATHER);
}

function tell() {
  gathering = 0;
  // A tab nobody looks at refreshes when it is looked at, unless an element asks for more.
  for (const element of dirty) {
    if (document.hidden && !element.hasAttribute("data-live-always")) continue;
    dirty.delete(element);
    if (element.isConnected) element.dispatchEvent(new CustomEvent("steward:changed", { bubbles: false }));
  }
}

function showState(state) {
  clearTimeout(lostTimer);
  if (state === "connected") return mark("connected");
  // A pause of a moment is nobody's concern.
  lostTimer = setTimeout(() => mark(state), QUIET_FOR);
}

function mark(state) {
  const before = document.documentElement.dataset.connection;
  if (before === state || (!before && state === "connected")) return;
  document.documentElement.dataset.connection = state;
  const words = state === "connected" ? "" : say("reconnecting");
  for (const place of document.querySelectorAll("[data-connection-text]")) place.textContent = words;
  if (state === "connected") announce(say("connected"));
}

channel?.addEventListener("message", ({ data }) => {
  if (data.event && !leading) hear(data.event);
  if (data.state && !leading) showState(data.state);
  if (data.hello) channel.postMessage({ want: wanted.get(me) ?? [], from: me });
  if (data.want) wanted.set(data.from, data.want);
  if (data.want && leading) passOn(data.want);
  if (data.gone) wanted.delete(data.gone);
  if (leading && (data.want || data.gone)) stream.open(union(), data.age ?? 0);
});

// A tab that opens a ticket which another one shows already: the stream stays as it is, and would tell it nothing.
function passOn(topics) {
  for (const topic of topics) {
    const ticket = topic.startsWith("here:") ? Number(topic.slice(5)) : 0;
    if (rooms.has(ticket)) channel?.postMessage({ event: { kind: "here", ticket, people: rooms.get(ticket) } });
  }
}

function lead() {
  leading = true;
  channel?.postMessage({ hello: true });
  stream.open(union(), pageAge());
  // Held until the page goes away; then the next tab in line gets the lock.
  return new Promise((resolve) => addEventListener("pagehide", () => {
    leading = false;
    stream.close();
    resolve();
  }, { once: true }));
}

function join() {
  want();
  if (channel && navigator.locks) navigator.locks.request(LOCK, lead).catch(() => lead());
  else lead();
}

document.addEventListener("DOMContentLoaded", join);
addEventListener("pageshow", (event) => event.persisted && (wanted.delete(me), join(), hear({ kind: "resync" })));
addEventListener("pagehide", () => channel?.postMessage({ gone: me }));
document.addEventListener("htmx:after:settle", () => queueMicrotask(want));
document.addEventListener("visibilitychange", () => document.hidden || tell());
addEventListener("online", () => leading && stream.reopen());
