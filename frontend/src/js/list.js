// Walking through the rows of a `[data-list]`: the row one is at has the focus, or is the one marked as open.
import { addBehavior } from "./commands.js";

const rowsOf = () => [...document.querySelectorAll("[data-list] [data-list-item]")].filter((row) => row.offsetParent !== null);
const linkOf = (row) => row.querySelector("[data-list-link]") ?? row.querySelector("a, button");

// After a page was left and come back to, its row is known by name until the focus is there again.
export function active(rows = rowsOf()) {
  const focused = document.activeElement?.closest?.("[data-list-item]");
  return rows.indexOf(focused ?? rows.find((row) => row.hasAttribute("aria-current")));
}

export function goTo(row) {
  linkOf(row)?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

// What a command on rows is meant for: what is selected, else the row one is at.
export function meant() {
  const rows = rowsOf();
  const ticked = rows.filter((row) => row.querySelector('input[type="checkbox"]:checked'));
  const chosen = ticked.length ? ticked : rows.slice(active(rows)).slice(0, active(rows) < 0 ? 0 : 1);
  return chosen.map((row) => row.id.match(/^row-(\d+)$/)?.[1]).filter(Boolean);
}

function step(by) {
  const rows = rowsOf();
  if (rows.length) goTo(rows[Math.min(rows.length - 1, Math.max(0, active(rows) + by))]);
}

addBehavior("list.next", () => step(1));
addBehavior("list.previous", () => step(-1));
addBehavior("composer.leave", () => (document.getElementById("ticket-head") ?? document.activeElement).focus());
addBehavior("list.open", () => {
  const rows = rowsOf();
  const row = rows[active(rows)];
  if (row) linkOf(row)?.click();
});
addBehavior("list.select", () => {
  const rows = rowsOf();
  rows[active(rows)]?.querySelector('input[type="checkbox"]')?.click();
});

// The row that was opened is marked at once, before the answer is here.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-list-link]");
  const list = link?.closest("[data-list]");
  if (!list || event.ctrlKey || event.metaKey || !link.matches("[hx-get]")) return;
  for (const row of list.querySelectorAll("[data-list-item][aria-current]")) row.removeAttribute("aria-current");
  link.closest("[data-list-item]").setAttribute("aria-current", "true");
});
