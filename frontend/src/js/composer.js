// Writing a reply or a note: nothing typed is ever lost, nothing is sent twice.
import { Composer } from "./composer_box.js";

const composers = new WeakMap();

function start(root = document) {
  for (const form of root.querySelectorAll("form[data-composer]")) {
    if (!composers.has(form)) composers.set(form, new Composer(form));
  }
}

const of = (event) => composers.get(event.detail.ctx?.sourceElement);

document.addEventListener("htmx:before:request", (event) => {
  const composer = of(event);
  if (!composer) return;
  composer.keep();
  composer.sending(true);
});
document.addEventListener("htmx:after:request", (event) => {
  if (event.detail.ctx.response.status < 300) of(event)?.sent();
});
document.addEventListener("htmx:response:error", (event) => {
  // A refusal of ours explains itself by `steward:refused`; anything else came from something in between.
  if (!event.detail.ctx.response.headers.get("HX-Trigger")?.includes("steward:refused")) of(event)?.failed("failed");
});
document.addEventListener("htmx:error", (event) => {
  if (!event.detail.ctx || event.detail.ctx.response) return;
  of(event)?.failed(event.detail.ctx.request?.signal?.reason === "timeout" ? "tooSlow" : "noConnection");
});
// What was refused is said above the box; the same words in a toast would only cover something.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  if (!of(event) || ctx.response.status < 400) return;
  tasks.splice(0, tasks.length, ...tasks.filter((task) => task.target?.id !== "toaster"));
});
document.addEventListener("htmx:finally:request", (event) => of(event)?.sending(false));

document.addEventListener("DOMContentLoaded", () => start());
document.addEventListener("htmx:after:settle", () => queueMicrotask(start));
