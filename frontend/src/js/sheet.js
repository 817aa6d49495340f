// The help sheet: every key of the registry that this person has, by group, drawn when it is opened.
import { addBehavior, commands } from "./commands.js";
import { showKeys } from "./keys.js";
import { make } from "./toast.js";

function key(keys) {
  const shown = make("kbd", "kbd", keys);
  shown.dataset.keys = keys;
  return shown;
}

function row(command) {
  const line = make("div");
  const does = make("dd");
  does.append(...command.keys.map(key));
  line.append(make("dt", "", command.label), does);
  return line;
}

function group([name, entries]) {
  const part = make("section");
  const list = make("dl", "shortcut-list");
  list.append(...entries.map(row));
  part.append(make("h3", "", name), list);
  return part;
}

export function openSheet() {
  const dialog = document.getElementById("shortcuts");
  const groups = new Map();
  for (const command of commands().filter((one) => one.keys.length)) {
    groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  }
  dialog.querySelector("[data-sheet]").replaceChildren(...[...groups].map(group));
  showKeys(dialog);
  dialog.showModal();
}

addBehavior("sheet", openSheet);
document.addEventListener("click", (event) => event.target.closest("[data-sheet-open]") && openSheet());
