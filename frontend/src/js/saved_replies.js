// `/` or `:` at the beginning of a word in a box finds a saved reply and puts it where the cursor is, filled in.
import { announce, say } from "./texts.js";

// A slash opens at once; a colon only before a letter, since people write colons.
const OPENS = /(?:^|\s)(?:\/(\S{0,60})|:([\p{L}\p{N}]\S{0,60}))$/u;
const PLACE = /\{\{[^{}\n]{1,80}\}\}/;
let box = null;
let asked = 0;

const menu = () => document.getElementById("saved-menu");
const options = () => [...menu().querySelectorAll('[role="option"]')];
const current = () => menu().querySelector('[aria-selected="true"]');
const isOpen = () => box !== null && menu()?.hidden === false;

// What was typed since the sign that opened the menu, or nothing when there is no such sign before the cursor.
function typed(area) {
  const found = OPENS.exec(area.value.slice(0, area.selectionStart));
  if (!found || area.selectionStart !== area.selectionEnd) return null;
  const words = found[1] ?? found[2];
  return { words, from: area.selectionStart - words.length - 1 };
}

function close() {
  // An answer that is still on its way would open the menu again.
  asked += 1;
  if (!box) return;
  box.removeAttribute("aria-activedescendant");
  box.removeAttribute("aria-controls");
  box = null;
  if (menu()) menu().hidden = true;
}

function mark(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  const text = option?.querySelector("template").content.textContent ?? "";
  menu().querySelector(".saved-preview").textContent = text;
  if (option) box.setAttribute("aria-activedescendant", option.id);
  option?.scrollIntoView({ block: "nearest" });
}

async function find(area, words) {
  const mine = ++asked;
  const answer = await fetch(`${menu().dataset.url}?${new URLSearchParams({ q: words })}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  const found = answer?.ok ? await answer.text() : null;
  // Only the last question counts, and only while the sign still stands before the cursor.
  if (mine !== asked || found === null || !typed(area) || document.activeElement !== area) return;
  box = area;
  menu().querySelector('[role="listbox"]').innerHTML = found;
  menu().hidden = false;
  box.setAttribute("aria-controls", "saved-list");
  mark(options()[0]);
  announce(options().length ? say("results", { count: options().length, first: options()[0].querySelector(".saved-name").textContent }) : say("noResults"));
}

function insert(option) {
  const area = box;
  const here = typed(area);
  const text = option.querySelector("template").content.textContent;
  const from = here ? here.from : area.selectionStart;
  area.setRangeText(text, from, area.selectionStart, "end");
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  fetch(`${menu().dataset.url}${option.dataset.id}/used/`, { method: "POST", keepalive: true, headers: { "X-CSRFToken": token } }).catch(() => {});
  close();
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  toPlace(area, from);
}

// What is still to be filled in is selected, so that typing replaces it.
function toPlace(area, from = 0) {
  const found = PLACE.exec(area.value.slice(from));
  if (found) area.setSelectionRange(from + found.index, from + found.index + found[0].length);
}

document.addEventListener("input", (event) => {
  const area = event.target;
  if (!menu() || !area.matches?.("[data-composers] textarea")) return;
  const here = event.isComposing ? null : typed(area);
  if (here) find(area, here.words);
  else close();
});

document.addEventListener("keydown", (event) => {
  if (!isOpen() || event.target !== box || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = options();
  const at = all.indexOf(current());
  if (event.key === "Escape") close();
  else if (["ArrowDown", "ArrowUp"].includes(event.key) && all.length) mark(all[(at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length]);
  else if (["Enter", "Tab"].includes(event.key) && !event.shiftKey && current()) insert(current());
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.('#saved-menu [role="option"]');
  if (option) {
    event.preventDefault();
    insert(option);
  } else if (!event.target.closest?.("#saved-menu") && event.target !== box) close();
});

// The button for those who do not know the key: the same sign, typed for them.
document.addEventListener("click", (event) => {
  const area = event.target.closest?.("[data-saved-open]")?.closest("form").elements.body;
  if (!area) return;
  area.focus();
  const before = area.value.slice(0, area.selectionStart);
  area.setRangeText(before && !/\s$/.test(before) ? " /" : "/", area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("steward:refused", (event) => {
  const area = event.target.closest?.("form[data-composer]")?.elements.body;
  if (event.detail.code !== "unfilled" || !area) return;
  area.focus();
  toPlace(area);
});
