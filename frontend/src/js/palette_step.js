// The second step of a command: who, which status, which label. Typing narrows the choices; one is chosen, and it is done.
import { addBehavior } from "./commands.js";
import { best } from "./fuzzy.js";
import htmx from "./setup.js";
import { meant } from "./list.js";
import { clear, draw } from "./palette_list.js";
import { announce, say } from "./texts.js";

const FRESH_FOR = 20_000;
let step = null;
const kept = new Map();

export const isStep = () => step !== null;

export function leaveStep(dialog) {
  const was = step !== null;
  step = null;
  dialog.querySelector("[data-palette-step]").hidden = true;
  return was;
}

function title(dialog, words) {
  const chip = dialog.querySelector("[data-palette-step]");
  chip.textContent = words;
  chip.hidden = false;
}

async function load(dialog, url) {
  const known = kept.get(url);
  if (known && Date.now() - known.at < FRESH_FOR) return known.html;
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  const html = await answer.text();
  kept.set(url, { html, at: Date.now() });
  return html;
}

async function start(command) {
  const dialog = document.querySelector("[data-palette]");
  const ticket = document.getElementById("ticket");
  const ids = ticket ? [ticket.dataset.ticket] : meant();
  if (!ids.length) return announce(say("noRow"));
  const mine = { command, ids, options: [], add: null };
  step = mine;
  clear(dialog);
  document.dispatchEvent(new CustomEvent("steward:palette"));
  title(dialog, ids.length > 1 ? `${command.label} ${say("forRows", { count: ids.length })}` : `${command.label} #${ids[0]}`);
  const url = `${dialog.dataset.choose}?${new URLSearchParams({ step: command.target, ids: ids.join(","), here: ticket ? "ticket" : "list" })}`;
  try {
    const box = document.createElement("template");
    box.innerHTML = await load(dialog, url);
    if (step !== mine) return;
    mine.options = [...box.content.querySelectorAll('[role="option"]:not([data-add])')];
    mine.add = box.content.querySelector("[data-add]");
  } catch {
    if (step === mine) announce(say("failed"));
  }
  choices(dialog, dialog.querySelector("[role=combobox]").value.trim());
}

// Draw the choices that fit; where a new one may be made, what was typed is the last of them.
export function choices(dialog, words) {
  const fitting = step.options
    .map((option) => ({ option, fits: words ? best([option.querySelector("span").textContent, option.dataset.words], words) : 1 }))
    .filter((one) => one.fits > 0)
    .sort((one, other) => (words ? other.fits - one.fits : 0))
    .map((one) => one.option.cloneNode(true));
  const same = step.options.some((option) => option.querySelector("span").textContent.toLowerCase() === words.toLowerCase());
  if (step.add && words && !same) {
    const add = step.add.cloneNode(true);
    add.querySelector("span").textContent = say("addNew", { words });
    add.dataset.values = JSON.stringify({ ...JSON.parse(add.dataset.values), [add.dataset.add]: words });
    fitting.push(add);
  }
  draw(dialog, new Map([["", fitting]]));
}

function finish(option) {
  const { open, post, values, fill } = option.dataset;
  const there = document.getElementById("ticket") !== null;
  kept.clear();
  for (const [selector, value] of Object.entries(JSON.parse(fill ?? "{}"))) {
    const field = document.querySelector(selector);
    if (field) field.value = value;
  }
  if (open) return document.getElementById(open)?.showModal();
  const target = there ? { source: "#ticket", target: "#timeline", swap: "innerMorph" } : { source: "#tickets", swap: "none" };
  const done = htmx.ajax("POST", there ? `${post}${location.search}` : post, { ...target, values: JSON.parse(values ?? "{}") });
  // The list shows it at once; colleagues' lists hear of it by the stream.
  if (!there) done.then(() => document.getElementById("tickets")?.dispatchEvent(new CustomEvent("steward:changed")));
}

document.addEventListener("click", (event) => {
  const option = event.target.closest('[data-palette] [role="option"]');
  if (!option || !isStep()) return;
  event.stopImmediatePropagation();
  document.querySelector("[data-palette]").close();
  finish(option);
}, true);

addBehavior("step", start);
