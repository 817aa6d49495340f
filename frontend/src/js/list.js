// j and k walk through the rows of a `[data-list]`, o opens one, x ticks its box.

const rowsOf = () => [...document.querySelectorAll("[data-list] [data-list-item]")];
const linkOf = (row) => row.querySelector("[data-list-link]") ?? row.querySelector("a, button");

function active(rows) {
  const focused = document.activeElement?.closest?.("[data-list-item]");
  return rows.indexOf(focused ?? rows.find((row) => row.hasAttribute("aria-current")));
}

function step(by) {
  const rows = rowsOf();
  if (!rows.length) return;
  const at = active(rows);
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
  const link = linkOf(next);
  link?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function usable(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  if (event.target.closest("input, textarea, select, [contenteditable], [role=menu], [role=listbox], dialog")) return false;
  return !document.cookie.includes("shortcuts=off") && !document.querySelector("dialog[open]");
}

document.addEventListener("keydown", (event) => {
  if (!usable(event)) return;
  const rows = rowsOf();
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "o" && rows[active(rows)]) linkOf(rows[active(rows)])?.click();
  else if (event.key === "x") rows[active(rows)]?.querySelector('input[type="checkbox"]')?.click();
  else return;
  event.preventDefault();
});

// The row that was opened is marked at once, before the answer is here.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-list-link]");
  const list = link?.closest("[data-list]");
  if (!list || event.ctrlKey || event.metaKey || !link.matches("[hx-get]")) return;
  for (const row of list.querySelectorAll("[data-list-item][aria-current]")) row.removeAttribute("aria-current");
  link.closest("[data-list-item]").setAttribute("aria-current", "true");
});
