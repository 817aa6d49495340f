// Leave and return: a list comes back at its row and scroll, a ticket at its tab, its open parts and where one was reading.
import { goTo } from "./list.js";

const NAME = "place:";
const KEEPS_FOR = 12 * 3600 * 1000;
const MOST = 40;
const SCROLLS = [".main", "#tickets", ".pane-panel", ".pane-body[data-stick]", ".rail-extra"];

// Two addresses of one list are one place: the list itself says which it is.
const here = () => `${NAME}${document.querySelector("#tickets[hx-get]")?.getAttribute("hx-get") ?? location.pathname + location.search}`;
const session = (act) => {
  try {
    return act(sessionStorage);
  } catch {
    return null;
  }
};

function leave() {
  const row = document.activeElement?.closest?.("[data-list-item]")?.id ?? "";
  const scrolls = SCROLLS.map((selector) => document.querySelector(selector)).map((box) =>
    box && (box.matches("[data-stick]") && box.scrollHeight - box.scrollTop - box.clientHeight < 80 ? null : box.scrollTop));
  const place = {
    at: Date.now(), row, scrolls, top: scrollY,
    open: [...document.querySelectorAll("details[id]")].map((one) => [one.id, one.open]),
    tab: document.querySelector("[data-composers]")?.dataset.shown ?? "",
    focus: document.activeElement?.matches("input[id], textarea[id], select[id]") ? document.activeElement.id : "",
  };
  session((kept) => {
    kept.setItem(here(), JSON.stringify(place));
    if (document.querySelector("#tickets[hx-get]") && !document.getElementById("ticket")) kept.setItem("last-list", location.pathname + location.search);
    const names = Object.keys(kept).filter((name) => name.startsWith(NAME));
    if (names.length > MOST) kept.removeItem(names[0]);
  });
}

// Coming back is a reload, the browser's way back, our own way back, or through a sign-in; a click on a list begins at its top.
function isReturn() {
  const [visit] = performance.getEntriesByType("navigation");
  const ours = session((kept) => kept.getItem("return"));
  session((kept) => kept.removeItem("return"));
  const from = document.referrer ? new URL(document.referrer).pathname : "";
  return visit?.type === "reload" || visit?.type === "back_forward" || ours !== null || from.startsWith("/sign-in/");
}

function come() {
  const returning = isReturn();
  const last = session((kept) => kept.getItem("return-row"));
  session((kept) => kept.removeItem("return-row"));
  const place = session((kept) => JSON.parse(kept.getItem(here()) ?? "null"));
  if (!returning) return;
  if (place && Date.now() - place.at < KEEPS_FOR) back(place);
  const row = document.getElementById(last ?? "") ?? document.getElementById(place?.row ?? "");
  if (row?.matches("[data-list-item]")) goTo(row);
}

function back(place) {
  for (const [id, open] of place.open) {
    const part = document.getElementById(id);
    if (part && part.open !== open) part.open = open;
  }
  if (place.tab) document.querySelector(`[data-composers]:not([data-shown="${place.tab}"]) [role=tab][data-kind="${place.tab}"]`)?.click();
  SCROLLS.forEach((selector, at) => {
    const box = document.querySelector(selector);
    if (box && typeof place.scrolls[at] === "number") box.scrollTop = place.scrolls[at];
  });
  scrollTo({ top: place.top });
  if (place.focus) document.getElementById(place.focus)?.focus({ preventScroll: true });
  else if (document.activeElement?.closest("[data-composers]")) document.activeElement.blur();
}

document.addEventListener("click", (event) => {
  const way = event.target.closest('[data-command="ticket.back"], .back-to-list, .pane-title');
  if (!way || event.ctrlKey || event.metaKey) return;
  // Opened by its number, or come from a merge, a ticket knows no list: the way back is to the one this tab was at last.
  const list = session((kept) => kept.getItem("last-list"));
  if (list && way.href && !new URL(way.href).search) way.href = list;
  session((kept) => {
    kept.setItem("return", "yes");
    kept.setItem("return-row", `row-${document.getElementById("ticket")?.dataset.ticket ?? ""}`);
  });
});

addEventListener("pagehide", leave);
// After what sticks to its end has gone there.
document.addEventListener("DOMContentLoaded", () => setTimeout(come));
