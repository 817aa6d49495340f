// The search box of the lists as a combobox: operators, values and the searches of before, by keyboard.

const AFTER = 110;
const KEPT = 8;
const keyOf = (input) => `steward-searches-${input.dataset.suggestFor}`;
let asking = 0;

const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
const optionsOf = (list) => [...list.querySelectorAll('[role="option"]')];

function recent(input) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(input)) ?? "[]");
  } catch {
    return [];
  }
}

function remember(input) {
  const text = input.value.trim();
  if (!text) return;
  const kept = [text, ...recent(input).filter((one) => one !== text)].slice(0, KEPT);
  try {
    localStorage.setItem(keyOf(input), JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing searches all the same.
  }
}

function show(input, isOpen) {
  const list = listOf(input);
  list.hidden = !isOpen || !list.children.length;
  input.setAttribute("aria-expanded", String(!list.hidden));
  if (list.hidden) input.removeAttribute("aria-activedescendant");
}

function mark(input, option) {
  for (const one of optionsOf(listOf(input))) one.setAttribute("aria-selected", String(one === option));
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function recentOptions(input) {
  return recent(input).map((text, place) => {
    const option = document.createElement("li");
    const shown = document.createElement("span");
    Object.assign(option, { role: "option", id: `suggest-recent-${place}` });
    option.setAttribute("aria-selected", "false");
    Object.assign(option.dataset, { text, go: "" });
    Object.assign(shown, { className: "suggest-shown", dir: "auto", textContent: text });
    option.append(shown);
    return option;
  });
}

async function ask(input) {
  const text = input.value.slice(0, input.selectionEnd ?? input.value.length);
  let answer;
  try {
    answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(text)}`, { headers: { "HX-Request": "true" } });
  } catch {
    return;
  }
  // An answer to what is no longer typed, or to nobody who is still here, is let go.
  if (!answer.ok || document.activeElement !== input || text !== input.value.slice(0, input.selectionEnd)) return;
  const list = listOf(input);
  const found = document.createElement("template");
  found.innerHTML = await answer.text();
  list.replaceChildren(...(text.trim() ? [] : recentOptions(input)), ...found.content.querySelectorAll("li"));
  show(input, true);
  mark(input, null);
}

function take(input, option) {
  const rest = input.value.slice(input.selectionEnd ?? input.value.length);
  input.value = option.dataset.text + rest;
  input.setSelectionRange(option.dataset.text.length, option.dataset.text.length);
  if ("go" in option.dataset) input.form.requestSubmit();
  else ask(input);
}

const inputOf = (event) => event.target.closest?.("[data-suggest]");

for (const kind of ["input", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const input = inputOf(event);
    if (!input) return;
    clearTimeout(asking);
    asking = setTimeout(() => ask(input), AFTER);
  });
}

document.addEventListener("keydown", (event) => {
  const input = inputOf(event);
  if (!input || event.isComposing) return;
  const options = optionsOf(listOf(input));
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const isOpen = !listOf(input).hidden;
  if (["ArrowDown", "ArrowUp"].includes(event.key) && isOpen) {
    mark(input, options[event.key === "ArrowDown" ? (at + 1) % options.length : (at < 0 ? options.length : at) - 1] ?? null);
  } else if (["Enter", "Tab"].includes(event.key) && isOpen && at >= 0) take(input, options[at]);
  else if (event.key === "Escape" && isOpen) show(input, false);
  else return;
  event.preventDefault();
});

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest('.suggest-list [role="option"]');
  if (!option) return;
  event.preventDefault();
  take(option.closest("form").querySelector("[data-suggest]"), option);
});
document.addEventListener("focusout", (event) => inputOf(event) && show(inputOf(event), false));
document.addEventListener("submit", (event) => {
  const input = event.target.querySelector?.("[data-suggest]");
  if (input) remember(input);
});
