// Selecting rows: kept by list over live refreshes, other pages of it and coming back, until something was done to them.

const bar = () => document.getElementById("bulk-bar");
const boxes = () => [...document.querySelectorAll("#tickets [data-box]")];
const key = (list) => `selected:${new URLSearchParams(list)}`;
let last = null;

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(key(bar().dataset.selects))) ?? { ids: [], all: false };
  } catch {
    return { ids: [], all: false };
  }
}

function write(ids, all = false) {
  try {
    if (ids.size || all) sessionStorage.setItem(key(bar().dataset.selects), JSON.stringify({ ids: [...ids], all }));
    else sessionStorage.removeItem(key(bar().dataset.selects));
  } catch { /* without storage the selection is that of this page */ }
  show({ ids: [...ids], all });
}

function show({ ids, all } = read()) {
  const form = bar();
  if (!form) return;
  const chosen = new Set(ids);
  for (const box of boxes()) {
    box.checked = all || chosen.has(box.value);
    box.closest("tr").toggleAttribute("data-selected", box.checked);
  }
  const page = document.querySelector("[data-select-page]");
  if (page) {
    page.checked = boxes().length > 0 && boxes().every((box) => box.checked);
    page.indeterminate = !page.checked && boxes().some((box) => box.checked);
  }
  form.elements.ids.value = all ? "" : ids.join(",");
  form.elements.all.value = all ? "1" : "";
  form.toggleAttribute("data-on", all || ids.length > 0);
  const count = form.querySelector("[data-selected-count]");
  const words = all ? count.dataset.all : ids.length === 1 ? count.dataset.one : count.dataset.many.replace("{count}", ids.length);
  if (count.textContent !== words) count.textContent = words;
}

// What is ticked while all that match are selected is the page without one: from then on it is a selection of its own.
function set(changed, on) {
  const { ids, all } = read();
  const chosen = new Set(all ? boxes().map((box) => box.value) : ids);
  for (const box of changed) chosen[on ? "add" : "delete"](box.value);
  write(chosen);
}

function tick(box, shift) {
  const all = boxes();
  const from = shift && last ? all.findIndex((one) => one.value === last) : -1;
  const to = all.indexOf(box);
  set(from < 0 ? [box] : all.slice(Math.min(from, to), Math.max(from, to) + 1), box.checked);
  last = box.value;
}

document.addEventListener("click", (event) => {
  if (!bar()) return;
  if (event.target.matches("[data-box]")) tick(event.target, event.shiftKey);
  else if (event.target.matches("[data-select-page]")) set(boxes(), event.target.checked);
  else if (event.target.closest("[data-select-all]")) write(new Set(), true);
  else if (event.target.closest("[data-select-none]")) write(new Set());
});

// Shift would otherwise mark the text between two clicks.
document.addEventListener("mousedown", (event) => {
  if (event.shiftKey && event.target.closest?.(".cell-box")) event.preventDefault();
});

// Only what is named is sent: the boxes of this page are among the ids already.
document.addEventListener("formdata", (event) => event.target.id === "bulk-bar" && event.formData.delete("id"));
document.addEventListener("htmx:after:settle", () => show());
addEventListener("pageshow", () => {
  const done = document.querySelector("[data-selection-done]");
  if (done) sessionStorage.removeItem(key(done.dataset.selectionDone));
  show();
});
