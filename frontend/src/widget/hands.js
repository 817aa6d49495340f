// Keys, clicks and what the browser tells: which of them leads to what.
export function bind(talk) {
  const { view } = talk;
  view.launcher.addEventListener("click", () => (view.isOpen ? talk.close() : talk.open()));
  view.shut.addEventListener("click", () => talk.close());
  view.panel.addEventListener("cancel", (event) => {
    event.preventDefault();
    talk.close();
  });
  view.panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    event.preventDefault();
    talk.close();
  });
  view.panel.addEventListener("dragover", (event) => event.preventDefault());
  view.panel.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!view.composer.form.hidden) view.composer.take([...(event.dataTransfer?.files ?? [])]);
  });
  view.listed.addEventListener("click", () => talk.list());
  view.back.addEventListener("click", () => talk.show(talk.ticket));
  view.fresh.addEventListener("click", () => talk.anew());
  view.lines.earlier.addEventListener("click", () => talk.earlier());
  view.composer.form.addEventListener("submit", (event) => {
    event.preventDefault();
    talk.submit();
  });
  view.composer.changed = (text) => talk.outbox.draft(text);
  addEventListener("online", () => talk.refresh());
  document.addEventListener("visibilitychange", () => !document.hidden && talk.state && talk.refresh());
  addEventListener("storage", (event) => event.key === talk.outbox.key && talk.draw());
}
