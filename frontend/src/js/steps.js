// Forms made of steps: taken out, moved up and down; a variable is put where the cursor is.

function move(step, by) {
  const steps = [...step.parentElement.querySelectorAll(":scope > [data-step]")];
  const other = steps[steps.indexOf(step) + by];
  if (!other) return;
  if (by < 0) other.before(step);
  else other.after(step);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-step-remove], [data-step-up], [data-step-down], [data-insert]");
  if (!button) return;
  if (button.dataset.insert) {
    const area = document.getElementById(button.dataset.insertInto);
    area.setRangeText(button.dataset.insert, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
    return;
  }
  const step = button.closest("[data-step]");
  if ("stepRemove" in button.dataset) {
    const near = step.nextElementSibling ?? step.previousElementSibling;
    step.remove();
    (near?.querySelector("[data-step-remove]") ?? document.querySelector("[data-add-step]"))?.focus();
    return;
  }
  move(step, "stepUp" in button.dataset ? -1 : 1);
  button.focus();
});

// A step just added is the one to fill in.
document.addEventListener("htmx:after:swap", (event) => {
  const place = event.detail.ctx?.target;
  if (place?.matches?.("[data-steps], #texts-of-reply")) place.lastElementChild?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
});
