// A dialog that arrives by htmx opens at once; closed, it goes away, so that the next one starts afresh.

function open() {
  for (const dialog of document.querySelectorAll("dialog[data-open-now]:not([open])")) {
    dialog.addEventListener("close", () => dialog.remove(), { once: true });
    dialog.showModal();
  }
}

document.addEventListener("htmx:after:settle", () => queueMicrotask(open));

// A choice among known values fills the field beside it.
document.addEventListener("change", (event) => {
  const field = document.getElementById(event.target.dataset?.fills ?? "");
  if (field && event.target.value) field.value = event.target.value;
});

// What was left unsent elsewhere is put into the box, after what is in it already.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-put-into]");
  const box = button && document.getElementById(button.dataset.putInto);
  if (!box) return;
  const words = button.parentElement.querySelector(".text").textContent;
  box.value = box.value.trim() ? `${box.value.trimEnd()}\n\n${words}` : words;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
});
