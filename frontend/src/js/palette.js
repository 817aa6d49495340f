// Ctrl+K: one box over commands, tickets, people and views. What this page knows answers at once, the server's answer comes below.
import { addBehavior, applies, commands, nearness, run } from "./commands.js";
import { ask } from "./palette_find.js";
import { draw, first, mark, marked, move, tell } from "./palette_list.js";
import { choices, isStep, leaveStep } from "./palette_step.js";
import { withWords, withoutWords } from "./palette_groups.js";
import { rememberCommand } from "./recent.js";

const dialogOf = () => document.querySelector("[data-palette]");
const inputOf = () => dialogOf().querySelector("[role=combobox]");

export function open() {
  const dialog = dialogOf();
  if (!dialog.open) dialog.showModal();
  inputOf().value = "";
  inputOf().focus();
  show();
}

function show() {
  const dialog = dialogOf();
  const words = inputOf().value.trim();
  if (isStep()) return choices(dialog, words);
  const able = commands().filter((command) => command.inPalette && applies(command)).sort((one, other) => nearness(one) - nearness(other));
  draw(dialog, words ? withWords(dialog, able, words) : withoutWords(dialog, able));
  ask(dialog, words);
}

export function choose(option) {
  if (!option) return;
  const command = commands().find((one) => one.id === option.dataset.commandId);
  if (!command && !option.dataset.href) return;
  if (command) rememberCommand(command.id);
  if (command?.run === "step") return run(command);
  dialogOf().close();
  if (command) run(command);
  else location.assign(option.dataset.href);
}

document.addEventListener("input", (event) => event.target.closest?.("[data-palette]") && show());

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette-open]")) open();
  const option = event.target.closest('[data-palette] [role="option"]');
  if (option && !isStep()) choose(option);
});

document.addEventListener("keydown", (event) => {
  const dialog = event.target.closest?.("[data-palette]");
  if (!dialog || event.isComposing || event.keyCode === 229) return;
  const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 }[event.key];
  if (by) move(dialog, by);
  else if (event.key === "Enter") marked(dialog)?.click();
  else if (event.key === "Escape") {
    // The box must not keep the keys of a palette that is gone.
    inputOf().blur();
    dialog.close();
  }
  else if (event.key === "Backspace" && !inputOf().value && leaveStep(dialog)) show();
  else return;
  event.preventDefault();
});

document.addEventListener("pointermove", (event) => {
  const option = event.target.closest?.('[data-palette] [role="option"]');
  if (option && option.getAttribute("aria-selected") !== "true") mark(dialogOf(), option, false);
}, { passive: true });

addBehavior("palette", () => (dialogOf().open ? dialogOf().close() : (leaveStep(dialogOf()), open())));

// The slash of every search box on the web.
addBehavior("search", () => {
  const box = document.querySelector("[data-search-field]");
  if (box) box.focus();
  else open();
});

document.addEventListener("close", (event) => event.target.matches?.("[data-palette]") && leaveStep(event.target), true);
document.addEventListener("steward:palette", () => {
  open();
  first(dialogOf());
  tell(dialogOf());
});
