// Ctrl+K: places to go and a search, as a combobox over a listbox.

const dialogOf = () => document.querySelector("[data-palette]");
const optionsOf = (dialog) => [...dialog.querySelectorAll('[role="option"]:not([hidden])')];

function mark(dialog, option) {
  for (const one of dialog.querySelectorAll('[role="option"]')) one.setAttribute("aria-selected", String(one === option));
  const input = dialog.querySelector("input");
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function filter(dialog) {
  const term = dialog.querySelector("input").value.trim();
  for (const option of dialog.querySelectorAll('[role="option"]')) {
    if ("search" in option.dataset) {
      option.hidden = !term;
      option.querySelector("[data-term]").textContent = term;
    } else {
      option.hidden = Boolean(term) && !option.textContent.toLowerCase().includes(term.toLowerCase());
    }
  }
  mark(dialog, optionsOf(dialog)[0]);
}

function run(dialog, option) {
  if (!option) return;
  const term = dialog.querySelector("input").value.trim();
  dialog.close();
  if ("search" in option.dataset) location.assign(option.dataset.search + encodeURIComponent(term));
  else if (option.dataset.href) location.assign(option.dataset.href);
}

document.addEventListener("input", (event) => {
  const dialog = event.target.closest("[data-palette]");
  if (dialog) filter(dialog);
});

document.addEventListener("click", (event) => {
  if (event.target.closest('[data-dialog-open="command"]')) {
    const input = dialogOf().querySelector("input");
    input.value = "";
    filter(dialogOf());
    input.focus();
  }
  const option = event.target.closest('[data-palette] [role="option"]');
  if (option) run(dialogOf(), option);
});

document.addEventListener("keydown", (event) => {
  const dialog = event.target.closest?.("[data-palette]");
  if (!dialog || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
  event.preventDefault();
  const options = optionsOf(dialog);
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "Enter") options[at]?.click();
  else mark(dialog, options[(at + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length]);
});

// The slash of every search box on the web.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select, dialog") || document.cookie.includes("shortcuts=off")) return;
  const field = document.querySelector("[data-search-field]");
  event.preventDefault();
  if (field) field.focus();
  else document.querySelector('[data-dialog-open="command"]')?.click();
});
