// A button with data-copy puts that text on the clipboard; where the browser refuses, the text beside it is selected.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const words = button.querySelector("span");
  const source = button.parentElement.querySelector("[data-copy-source]");
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    source?.focus();
    source?.select();
    // The older way still works on pages served without TLS.
    if (!document.execCommand("copy")) return;
  }
  button.dataset.label ??= words.textContent;
  words.textContent = button.dataset.copied;
  document.getElementById("announcer").textContent = button.dataset.copied;
  setTimeout(() => (words.textContent = button.dataset.label), 2000);
});
