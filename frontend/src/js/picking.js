// Files pasted into a form or dropped on it.

export function pick(form, take) {
  form.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    // A spreadsheet pastes a picture of itself along with its text: the text is what is meant.
    if (event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    take(files);
  });
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.toggleAttribute("data-dropping", true);
  });
  form.addEventListener("dragleave", (event) => form.contains(event.relatedTarget) || form.toggleAttribute("data-dropping", false));
  form.addEventListener("drop", (event) => {
    form.toggleAttribute("data-dropping", false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    take(files);
  });
}
