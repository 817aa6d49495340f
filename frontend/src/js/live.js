// Elements with `data-live="ticket:12 queue:3"` hear `steward:changed` when something there changed.
// All tabs share one stream: the one that holds the lock runs it and passes events on.
import { showState } from "./connection.js";
import { meet, passOn } from "./rooms.js";
import { Stream } from "./stream.js";

const LOCK = "steward-live";
const GATHER = 120;

const channel = "BroadcastChannel" in window ? new BroadcastChannel(LOCK) : null;
const me = crypto.randomUUID?.() ?? String(Math.random());
const wanted = new Map();
const dirty = new Set();
let leading = false;
let gathering = 0;

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

channel?.addEventListener("message", ({ data }) => {
  if (data.event && !leading) hear(data.event);
  if (data.state && !leading) showState(data.state);
  if (data.hello) channel.postMessage({ want: wanted.get(me) ?? [], from: me });
  if (data.want) wanted.set(data.from, data.want);
  if (data.want && leading) passOn(data.want, channel);
  if (data.gone) wanted.delete(data.gone);
  if (leading && (data.want || data.gone)) stream.open(union(), data.age ?? 0);
});

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
