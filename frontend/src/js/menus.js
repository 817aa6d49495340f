// Menus: a button and what it opens. The focus walks through the items, letters go to the one that begins with them.
const PAUSE = 700;
const ITEMS = '[role^="menuitem"]:not([disabled], [aria-disabled="true"])';
let typed = "";
let timer = 0;

const buttonOf = (root) => root.querySelector(":scope > button");
const itemsOf = (root) => [...root.querySelectorAll(`[role="menu"] ${ITEMS}`)].filter((item) => item.offsetParent !== null);
const isOpen = (root) => buttonOf(root)?.getAttribute("aria-expanded") === "true";
const rootOf = (target) => target.closest?.(".dropdown-menu:has(> [data-popover])");

function set(root, open) {
  buttonOf(root).setAttribute("aria-expanded", String(open));
  root.querySelector(":scope > [data-popover]").setAttribute("aria-hidden", String(!open));
}

function open(root, at) {
  for (const other of document.querySelectorAll('.dropdown-menu > button[aria-expanded="true"]')) set(other.parentElement, false);
  set(root, true);
  for (const item of root.querySelectorAll(ITEMS)) item.tabIndex = -1;
  if (at !== undefined) itemsOf(root).at(at)?.focus();
}

function close(root, andFocus = true) {
  if (!isOpen(root)) return;
  set(root, false);
  if (andFocus) buttonOf(root).focus();
}

function find(items, letter) {
  clearTimeout(timer);
  timer = setTimeout(() => (typed = ""), PAUSE);
  typed += letter.toLowerCase();
  // The same letter again goes on to the next one that begins with it.
  const again = [...typed].every((one) => one === typed[0]);
  const from = items.indexOf(document.activeElement) + (again ? 1 : 0);
  const order = items.map((_item, at) => items[(at + Math.max(0, from)) % items.length]);
  return order.find((item) => item.textContent.trim().toLowerCase().startsWith(again ? typed[0] : typed));
}

function walk(event, root) {
  const items = itemsOf(root);
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? items.length - 1 : at - 1, Home: 0, End: items.length - 1 }[event.key];
  const isLetter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  if (to === undefined && !isLetter) return false;
  (isLetter ? find(items, event.key) : items[(to + items.length) % items.length])?.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  const root = rootOf(event.target);
  if (!root) return;
  if (!isOpen(root)) {
    if (event.target !== buttonOf(root) || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    open(root, event.key === "ArrowDown" ? 0 : -1);
  } else if (event.key === "Escape") close(root);
  else if (event.key === "Tab") return close(root, false);
  else if (!walk(event, root)) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("click", (event) => {
  const root = rootOf(event.target);
  for (const other of document.querySelectorAll('.dropdown-menu > button[aria-expanded="true"]')) {
    if (other.parentElement !== root) set(other.parentElement, false);
  }
  if (!root) return;
  const button = event.target.closest("button");
  // A key on the button counts as a click without a pointer: then the first item is at hand.
  if (button === buttonOf(root)) isOpen(root) ? close(root) : open(root, event.detail === 0 ? 0 : undefined);
  else if (event.target.closest(ITEMS)) close(root);
});
