// Keys as this person's keyboard names them.
import { say } from "./texts.js";

export const IS_MAC = /mac|iphone|ipad/i.test(navigator.platform);

const named = (keys) => keys
  .replace("Mod+", IS_MAC ? "⌘ " : "Ctrl ")
  .replace("Shift+", "⇧ ")
  .replace(/\b[a-z]\b/g, (letter) => letter.toUpperCase())
  .replace("Enter", "↵")
  .replace("Escape", "Esc");

export function showKeys(root = document) {
  for (const key of root.querySelectorAll("kbd[data-keys]:not([data-shown])")) {
    key.textContent = key.dataset.keys.split(" ").map(named).join(` ${say("then")} `);
    key.dataset.shown = "";
  }
}
