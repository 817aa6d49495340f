// Pictures on their way into a message are shown in an editor first: what is made unreadable there never leaves the browser.
import { csrfToken } from "./csrf.js";
import { toast } from "./toast.js";

const EDITED = /^image\/(png|jpeg|webp)$/;
let editor = null;

// The editor and its words come when the first picture does.
async function load() {
  const answer = await fetch("/files/editor/", { headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const holder = document.createElement("div");
  holder.innerHTML = await answer.text();
  const dialog = holder.querySelector("dialog");
  document.body.append(dialog);
  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src: dialog.dataset.script, onload: resolve, onerror: reject });
    document.head.append(script);
  });
  return globalThis.stewardRedact(dialog);
}

export async function edit(file, options = {}) {
  try {
    editor ??= load();
    const ready = await editor;
    return await ready.open(file, options);
  } catch {
    // Without the editor a picture goes as any file does; the desk takes its traces out all the same.
    editor = null;
    return { file };
  }
}

async function editAll(form, files) {
  const done = [];
  let asTheyAre = false;
  for (const [at, file] of files.entries()) {
    if (!EDITED.test(file.type) || asTheyAre) {
      done.push(file);
      continue;
    }
    const told = await edit(file, { rest: files.slice(at + 1).filter((one) => EDITED.test(one.type)).length });
    if (told.file) done.push(told.file);
    asTheyAre = Boolean(told.rest);
  }
  form.dispatchEvent(new CustomEvent("steward:attach", { detail: { files: done } }));
  form.elements.body?.focus();
}

document.addEventListener("steward:files", (event) => {
  const { files } = event.detail;
  if (!files.some((file) => EDITED.test(file.type))) return;
  event.preventDefault();
  editAll(event.target, files);
});

// A picture that came in: its redacted copy is put beside it, and the page draws itself anew.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-redact]");
  if (!button) return;
  const answer = await fetch(button.dataset.redact);
  if (!answer.ok) return;
  const blob = await answer.blob();
  const { file } = await edit(new File([blob], button.dataset.redactName, { type: blob.type }), { copy: true });
  if (!file) return;
  const form = new FormData();
  form.set("csrfmiddlewaretoken", csrfToken());
  form.set("file", file);
  const sent = await fetch(button.dataset.redactTo, { method: "POST", body: form, headers: { Accept: "application/json" } });
  const told = await sent.json().catch(() => null);
  if (sent.ok && told) toast({ title: told.message, text: told.hint, tone: "success" });
  else if (told?.error) toast({ title: told.error.message, text: told.error.hint });
  for (const one of document.querySelectorAll('[data-live^="ticket:"]')) one.dispatchEvent(new CustomEvent("steward:changed"));
});
