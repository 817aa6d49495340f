// The macros' dialog: its list is asked for when it opens, arrows walk through it, and what is shown can be run by Enter.

let blank = null;

const finder = (dialog) => dialog.querySelector("[data-macro-find]");

document.addEventListener("click", (event) => {
  if (!event.target.closest?.('[data-dialog-open="macros"]')) return;
  const dialog = document.getElementById("macros");
  if (!dialog) return;
  // What was shown the last time has been run, or is old by now.
  const preview = dialog.querySelector("#macro-preview");
  blank ??= preview.innerHTML;
  preview.innerHTML = blank;
  finder(dialog).dispatchEvent(new Event("steward:open"));
});

document.addEventListener("keydown", (event) => {
  const dialog = event.target.closest?.("#macros");
  if (!dialog || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
  const buttons = [...dialog.querySelectorAll("[data-rove] button")];
  const at = buttons.indexOf(document.activeElement);
  if (event.key === "Enter") {
    // From the search, Enter shows the first one found.
    if (event.target === finder(dialog)) {
      event.preventDefault();
      buttons[0]?.click();
    }
    return;
  }
  if (event.target.closest("#macro-preview") || !buttons.length) return;
  event.preventDefault();
  const next = event.key === "ArrowDown" ? at + 1 : at - 1;
  (next < 0 ? finder(dialog) : buttons[Math.min(next, buttons.length - 1)]).focus();
});

// What the page has shown by now is what the reader has seen.
document.addEventListener("htmx:after:swap", () => {
  const field = document.querySelector("#macro-preview [data-seen-message]");
  if (!field || field.value) return;
  field.value = document.querySelector("[data-last-message]")?.dataset.lastMessage ?? "";
  document.querySelector("#macro-preview [data-run]")?.focus();
});
