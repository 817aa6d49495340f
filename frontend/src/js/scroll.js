// A conversation stays at its end while somebody reads there, and says so when something came below.
import { say } from "./texts.js";
import { icon, make } from "./toast.js";

const NEAR = 80;
const atEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
const ends = new WeakMap();

function toEnd(log) {
  log.scrollTop = log.scrollHeight;
  button(log).hidden = true;
}

function button(log) {
  let one = log.parentElement.querySelector(":scope > .to-end");
  if (!one) {
    one = make("button", "to-end");
    one.type = "button";
    one.hidden = true;
    one.append(icon("arrow-down"), make("span", "", say("newMessages")));
    one.addEventListener("click", () => toEnd(log));
    log.after(one);
  }
  return one;
}

function start(log) {
  if (ends.has(log)) return;
  ends.set(log, true);
  if (location.hash && log.querySelector(CSS.escape ? `[id="${CSS.escape(location.hash.slice(1))}"]` : null)) return;
  toEnd(log);
  log.addEventListener("scroll", () => {
    ends.set(log, atEnd(log));
    if (atEnd(log)) button(log).hidden = true;
  }, { passive: true });
}

function sweep() {
  for (const log of document.querySelectorAll("[data-stick]")) start(log);
}

function last(log) {
  return [...log.querySelectorAll(".message, .event")].pop()?.id;
}

document.addEventListener("htmx:before:swap", () => {
  for (const log of document.querySelectorAll("[data-stick]")) log.stewardLast = last(log);
});

document.addEventListener("htmx:after:swap", () => {
  for (const log of document.querySelectorAll("[data-stick]")) {
    if (log.stewardLast === undefined || log.stewardLast === last(log)) continue;
    if (ends.get(log) || log.querySelector(".message:last-of-type[data-mine]")?.id === last(log)) toEnd(log);
    else button(log).hidden = false;
  }
});

document.addEventListener("DOMContentLoaded", sweep);
document.addEventListener("htmx:after:settle", () => queueMicrotask(sweep));
