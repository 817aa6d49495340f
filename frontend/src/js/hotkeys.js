// One listener for every key: it finds the command of the place one is at. Single keys can be switched off.
import { applies, commands, nearness, run } from "./commands.js";
import { IS_MAC, showKeys } from "./keys.js";
import { remember } from "./theme.js";

const PATIENCE = 1500;
const WRITES = "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file], [type=reset]), textarea, select, [contenteditable]:not([contenteditable=false])";
const OWN_KEYS = "[role=menu], [role=listbox], [role=combobox], [role=tablist], [aria-haspopup=menu][aria-expanded=true]";

let path = [];
let timer = 0;

const singlesOn = () => !document.cookie.includes("shortcuts=off");
const isModified = (name) => /^(Control|Alt|Meta)\+/.test(name) || name === "Escape";
// A capital and a sign over another key come with Shift or without, as the keyboard has it: both are one.
const plain = (name) => name.replace(/^Shift\+(.)$/, "$1");
const written = (keys) => keys.replaceAll("Mod+", IS_MAC ? "Meta+" : "Control+").split(" ").map(plain).join(" ");

// What makes a character with other keys, or belongs to an input method, is no command.
function isForSomebodyElse(event) {
  return event.defaultPrevented || event.isComposing || event.keyCode === 229 || !event.key
    || ["Dead", "Process", "Control", "Shift", "Alt", "Meta"].includes(event.key) || event.getModifierState?.("AltGraph");
}

// On a keyboard of another script the key itself is meant (where J is о, it still says KeyJ); Caps Lock changes nothing.
function nameOf(event) {
  const { key, code, shiftKey, ctrlKey, altKey, metaKey } = event;
  const foreign = key.length === 1 && key.charCodeAt(0) > 127 && /^Key[A-Z]$/.test(code);
  const letter = foreign ? code.slice(3) : /^[a-z]$/i.test(key) ? key : "";
  const held = [ctrlKey && "Control", altKey && "Alt", metaKey && "Meta", shiftKey && "Shift"].filter(Boolean);
  // With Ctrl and its like a letter is written small: Mod+Shift+k, not K.
  const name = !letter ? key : shiftKey && held.length === 1 ? letter.toUpperCase() : letter.toLowerCase();
  return plain([...held, name === " " ? "Space" : name].join("+"));
}

function matching(wanted) {
  const exact = [];
  let longer = false;
  for (const command of commands()) {
    for (const keys of command.keys.map(written)) {
      if (keys === wanted) exact.push(command);
      else if (keys.startsWith(`${wanted} `)) longer = true;
    }
  }
  return { exact, longer };
}

function forget() {
  path = [];
  clearTimeout(timer);
}

function mayRun(command, modified, event) {
  if (document.querySelector("dialog[open]")) return command.id === "palette" && document.querySelector("[data-palette][open]") !== null;
  if (command.places.includes("composer")) return event.target.closest?.("form[data-composer]") !== null;
  return (modified || singlesOn()) && applies(command);
}

document.addEventListener("keydown", (event) => {
  if (isForSomebodyElse(event)) return;
  const name = nameOf(event);
  const modified = isModified(name);
  const busy = event.target.closest?.(`${WRITES}, ${OWN_KEYS}`) ?? document.querySelector("dialog[open]");
  if (!modified && busy) return forget();
  let found = matching([...path, name].join(" "));
  if (path.length && !found.exact.length && !found.longer) {
    forget();
    found = matching(name);
  }
  if (found.longer && singlesOn()) {
    path.push(name);
    clearTimeout(timer);
    timer = setTimeout(forget, PATIENCE);
    return event.preventDefault();
  }
  forget();
  const able = found.exact.filter((one) => mayRun(one, modified, event)).sort((one, other) => nearness(one) - nearness(other));
  const [command] = able;
  // A key held down walks through rows and does nothing else; Enter on a link or a button is the browser's.
  if (!command || (event.repeat && !command.id.startsWith("list.")) || (name === "Enter" && event.target !== document.body)) return;
  event.preventDefault();
  run(command);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-shortcut-switch]")) remember("shortcuts", event.target.checked ? "on" : "off");
});

document.addEventListener("DOMContentLoaded", () => showKeys());
document.addEventListener("htmx:after:settle", () => queueMicrotask(showKeys));
