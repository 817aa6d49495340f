// The list under the palette's box: groups of options, one of them marked, told to who cannot see it.
import { showKeys } from "./keys.js";
import { make } from "./toast.js";
import { say } from "./texts.js";

const QUIET = 350;
let telling = 0;
let count = 0;

export const optionsOf = (dialog) => [...dialog.querySelectorAll('#palette-list [role="option"]')];
export const marked = (dialog) => dialog.querySelector('#palette-list [role="option"][aria-selected="true"]');

export function mark(dialog, option, scroll = true) {
  marked(dialog)?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  const input = dialog.querySelector("[role=combobox]");
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
  if (scroll) option?.scrollIntoView({ block: "nearest" });
}

export const first = (dialog) => mark(dialog, optionsOf(dialog)[0]);

export function move(dialog, by) {
  const options = optionsOf(dialog);
  if (!options.length) return;
  const at = options.indexOf(marked(dialog)) + by;
  // One step goes round; a page stops at the end.
  const to = Math.abs(by) === 1 ? (at + options.length) % options.length : Math.max(0, Math.min(options.length - 1, at));
  mark(dialog, options[to]);
}

function group(name, options, from = "") {
  const box = make("ul", "palette-group");
  box.setAttribute("role", "group");
  if (from) box.dataset.from = from;
  if (name) {
    box.setAttribute("aria-label", name);
    const head = make("li", "palette-head", name);
    head.setAttribute("role", "presentation");
    head.setAttribute("aria-hidden", "true");
    box.append(head);
  }
  for (const option of options) {
    option.id ||= `palette-option-${(count += 1)}`;
    option.setAttribute("aria-selected", "false");
    box.append(option);
  }
  return box;
}

// Draw what this page knows; the server's last answer stays below until the next one is there.
export function draw(dialog, groups, from = "here") {
  const list = dialog.querySelector("#palette-list");
  for (const old of list.querySelectorAll(`[data-from="${from}"]`)) old.remove();
  const boxes = [...groups].filter(([, options]) => options.length).map(([name, options]) => group(name, options, from));
  if (from === "here") list.prepend(...boxes);
  else list.append(...boxes);
  if (from === "here" || !marked(dialog)) first(dialog);
  if (from === "here") list.scrollTop = 0;
  showKeys(dialog);
  tell(dialog);
}

export function clear(dialog) {
  dialog.querySelector("#palette-list").replaceChildren();
}

// Said once the typing pauses, so that a screen reader does not chatter.
export function tell(dialog) {
  const options = optionsOf(dialog);
  dialog.querySelector("[data-palette-none]").hidden = options.length > 0;
  clearTimeout(telling);
  telling = setTimeout(() => {
    const words = marked(dialog)?.querySelector("span")?.textContent ?? "";
    dialog.querySelector("[data-palette-said]").textContent = options.length
      ? say("results", { count: options.length, first: words })
      : say("noResults");
  }, QUIET);
}
