// Dialogs open and close by attributes; `hx-confirm` asks in a dialog of ours instead of the browser's.

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) document.getElementById(opener.dataset.dialogOpen)?.showModal();
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
  // A click on the backdrop reaches the dialog itself, never what is inside it.
  if (event.target instanceof HTMLDialogElement && event.target.open) event.target.close();
});

// A form inside a dialog that was answered well has done its work.
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  const dialog = sourceElement.closest?.("dialog[open]");
  if (dialog && response.status < 300 && sourceElement.matches("form:not([data-keep-open])")) dialog.close();
});

function ask(text, answer) {
  const dialog = document.getElementById("question");
  dialog.querySelector("[data-question-text]").textContent = text;
  const yes = dialog.querySelector("[data-question-yes]");
  let said = false;
  const accept = () => {
    said = true;
    dialog.close();
  };
  yes.addEventListener("click", accept);
  dialog.addEventListener("close", () => {
    yes.removeEventListener("click", accept);
    answer(said);
  }, { once: true });
  dialog.showModal();
}

document.addEventListener("htmx:confirm", (event) => {
  const { ctx, issueRequest, dropRequest } = event.detail;
  event.preventDefault();
  ask(ctx.confirm, (yes) => (yes ? issueRequest() : dropRequest()));
});

document.addEventListener("submit", (event) => {
  const text = event.target.dataset.confirm;
  if (!text || event.target.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  ask(text, (yes) => {
    if (!yes) return;
    event.target.dataset.confirmed = "yes";
    event.target.requestSubmit(submitter);
  });
}, true);
