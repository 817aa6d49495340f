// Menus as everywhere else: letters go to the item that begins with them, and the marked item is told to screen readers.
const PAUSE = 700;
let typed = "";
let timer = 0;
let count = 0;

const itemsOf = (menu) => [...menu.querySelectorAll('[role^="menuitem"]')].filter((item) => !item.disabled && item.offsetParent !== null);

// By the library's own keys, since it keeps to itself which item is marked.
function markAt(root, wanted) {
  const key = (name) => root.querySelector(":scope > button").dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
  key("Home");
  for (let step = 0; step < wanted; step += 1) key("ArrowDown");
}

document.addEventListener("keydown", (event) => {
  const root = event.target.closest?.(".dropdown-menu");
  const menu = root?.querySelector('[role="menu"]');
  if (!menu || root.querySelector(":scope > button")?.getAttribute("aria-expanded") !== "true") return;
  if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  clearTimeout(timer);
  timer = setTimeout(() => (typed = ""), PAUSE);
  typed += event.key.toLowerCase();
  const items = itemsOf(menu);
  const names = items.map((item) => item.textContent.trim().toLowerCase());
  const now = items.findIndex((item) => item.classList.contains("active"));
  // The same letter again goes on to the next one that begins with it.
  const again = [...typed].every((letter) => letter === typed[0]);
  const wanted = again ? typed[0] : typed;
  const from = again ? now + 1 : Math.max(0, now);
  const order = [...names.keys()].map((at) => (at + from) % names.length);
  const found = order.find((at) => names[at].startsWith(wanted));
  event.preventDefault();
  if (found !== undefined) markAt(root, found);
}, true);

// The library names the marked item to assistive technology by its id: each gets one.
document.addEventListener("click", (event) => {
  const menu = event.target.closest?.('[aria-haspopup="menu"]')?.closest(".dropdown-menu")?.querySelector('[role="menu"]');
  for (const item of menu ? itemsOf(menu) : []) item.id ||= `menu-item-${(count += 1)}`;
}, true);
