// Half-filled forms survive: a reload, a wrong click, a session that ended. Kept in this tab, for this person, until they are sent.
import { make } from "./toast.js";
import { say } from "./texts.js";

const NAME = "form:";
const KINDS = "input:not([type=password], [type=file], [type=hidden], [type=submit], [type=button]), textarea, select";
// Fields that save by themselves have nothing to lose; composers keep their drafts in a way of their own.
const OTHERS = "[data-composer], [data-keep=no], [hx-trigger*=change], [method=dialog], [role=search]";

const person = () => document.body.dataset.person ?? "";
const isPlain = () => document.body.matches(".bare");
const nameOf = (form) => `${NAME}${person()}:${location.pathname}:${form.id || new URL(form.action).pathname}`;
const fieldsOf = (form) => [...form.elements].filter((one) => one.name && one.matches(KINDS));
const valueOf = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);
const key = (field) => (["checkbox", "radio"].includes(field.type) ? `${field.name}=${field.value}` : field.name);
const isKept = (form) => form instanceof HTMLFormElement && form.method === "post" && !form.matches(OTHERS) && fieldsOf(form).length > 0;

function store(name, value) {
  try {
    if (value) sessionStorage.setItem(name, JSON.stringify(value));
    else sessionStorage.removeItem(name);
  } catch {
    // Storage is full or switched off: the form is as any other.
  }
}

function stored(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

const names = () => Object.keys(sessionStorage).filter((name) => name.startsWith(NAME));

function keep(form) {
  store(nameOf(form), { values: Object.fromEntries(fieldsOf(form).map((field) => [key(field), valueOf(field)])) });
}

function put(field, value) {
  if (["checkbox", "radio"].includes(field.type)) field.checked = value;
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function restore(form) {
  const { values } = stored(nameOf(form)) ?? {};
  if (!values) return;
  const differing = fieldsOf(form).filter((field) => key(field) in values && values[key(field)] !== valueOf(field));
  if (!differing.length) return;
  const before = differing.map((field) => [field, valueOf(field)]);
  for (const field of differing) put(field, values[key(field)]);
  form.closest("details")?.setAttribute("open", "");
  tell(form, before);
}

function tell(form, before) {
  const note = make("p", "banner kept-form");
  note.dataset.tone = "info";
  note.setAttribute("role", "status");
  const drop = make("button", "btn", say("discard"));
  Object.assign(drop, { type: "button" });
  Object.assign(drop.dataset, { variant: "outline", size: "sm" });
  drop.addEventListener("click", () => {
    for (const [field, value] of before) put(field, value);
    store(nameOf(form), null);
    note.remove();
    fieldsOf(form)[0]?.focus();
  });
  note.append(make("span", "", say("keptForm")), drop);
  form.prepend(note);
}

document.addEventListener("input", (event) => event.isTrusted && isKept(event.target.form) && keep(event.target.form));
document.addEventListener("change", (event) => event.isTrusted && isKept(event.target.form) && keep(event.target.form));

// Sent is not yet received: only the page that follows tells.
document.addEventListener("submit", (event) => {
  const kept = !event.defaultPrevented && isKept(event.target) && stored(nameOf(event.target));
  if (kept) store(nameOf(event.target), { ...kept, sent: true });
});

document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  const form = sourceElement?.form ?? sourceElement;
  if (isKept(form) && response.status < 300) store(nameOf(form), null);
});

document.addEventListener("DOMContentLoaded", () => {
  const [visit] = performance.getEntriesByType("navigation");
  for (const name of names()) {
    const kept = stored(name);
    // A sign-in or an error came back instead, or the browser could not reach us: it was not received.
    if (kept?.sent && !isPlain() && visit?.type === "navigate") store(name, null);
    else if (kept?.sent && isPlain()) store(name, { ...kept, sent: false });
  }
  for (const form of document.forms) if (isKept(form)) restore(form);
});
