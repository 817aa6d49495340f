// Any element with `data-hotkey` answers to its keys; single keys can be switched off in the help sheet.
import { install, uninstall } from "@github/hotkey";
import { showKeys } from "./keys.js";
import { remember } from "./theme.js";

const installed = new Set();
const isSingle = (keys) => !/(Mod|Control|Alt|Meta)\+/.test(keys);
const singlesOn = () => !document.cookie.includes("shortcuts=off");

function sweep() {
  const on = singlesOn();
  for (const element of installed) {
    if (element.isConnected && (on || !isSingle(element.dataset.hotkey))) continue;
    uninstall(element);
    installed.delete(element);
  }
  for (const element of document.querySelectorAll("[data-hotkey]")) {
    if (installed.has(element) || (!on && isSingle(element.dataset.hotkey))) continue;
    install(element);
    installed.add(element);
  }
  showKeys();
}

// A key pressed in a dialog is meant for the dialog, not for the page under it.
document.addEventListener("hotkey-fire", (event) => {
  const open = document.querySelector("dialog[open]");
  if (open && !open.contains(event.target)) event.preventDefault();
}, true);

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-shortcut-switch]")) return;
  remember("shortcuts", event.target.checked ? "on" : "off");
  sweep();
});

document.addEventListener("DOMContentLoaded", sweep);
document.addEventListener("htmx:after:settle", () => queueMicrotask(sweep));
