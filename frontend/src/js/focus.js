// Where the keyboard is after something on the page was replaced or closed: never nowhere.
import { announce } from "./texts.js";

let before = null;

const name = (element) => element && { id: element.id, field: element.name, within: element.closest("[id]:not(#ticket)")?.id };

document.addEventListener("htmx:before:swap", () => {
  before = document.activeElement === document.body ? null : name(document.activeElement);
});

function again({ id, field, within }) {
  const place = within ? document.getElementById(within) : null;
  return (id && document.getElementById(id)) || (field && place?.querySelector(`[name="${CSS.escape(field)}"]`)) || firstIn(place);
}

function firstIn(place) {
  if (!place) return null;
  return [...place.querySelectorAll("a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, [tabindex]")].find((one) => one.offsetParent !== null);
}

// What was swapped under the focus gives it to its successor, or to the place it was in.
document.addEventListener("htmx:after:settle", () => {
  const was = before;
  before = null;
  if (!was || document.activeElement !== document.body || document.querySelector("dialog[open]")) return;
  again(was)?.focus({ preventScroll: true });
});

// Another ticket in the same window is told like a new page, and the keyboard is at its head.
document.addEventListener("htmx:after:history:push", () => {
  queueMicrotask(() => {
    announce(document.title);
    if (document.activeElement === document.body) document.getElementById("ticket-head")?.focus({ preventScroll: true });
  });
});

// A dialog gives the focus back to what opened it; what is hidden in a menu by then, to the menu's button.
document.addEventListener("close", (event) => {
  if (!(event.target instanceof HTMLDialogElement)) return;
  const now = document.activeElement;
  if (now !== document.body && now?.checkVisibility?.({ visibilityProperty: true }) !== false) return;
  now?.closest(".dropdown-menu")?.querySelector(":scope > button")?.focus();
}, true);
