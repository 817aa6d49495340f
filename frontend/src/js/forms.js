// Plain forms: never sent twice by a double click, and a refused field says what is wrong with it.
import { make } from "./toast.js";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.matches("[data-composer], [method=dialog]")) return;
  const asks = [...form.attributes].some((one) => one.name.startsWith("hx-"));
  if (asks) return;
  if (form.dataset.sending) return event.preventDefault();
  form.dataset.sending = "yes";
  form.setAttribute("aria-busy", "true");
});

// Coming back by the browser's button must not find a form that is still sending.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending='yes']")) {
    delete form.dataset.sending;
    form.removeAttribute("aria-busy");
  }
});

// Who signs out leaves nothing behind that they had begun to fill in, whatever page they leave from.
document.addEventListener("submit", (event) => {
  if (event.target.id !== "sign-out") return;
  for (const name of Object.keys(sessionStorage).filter((one) => one.startsWith("form:"))) sessionStorage.removeItem(name);
});

document.addEventListener("steward:refused", (event) => {
  const { field, message } = event.detail;
  const form = event.target.closest?.("form");
  if (!form || !field || form.matches("[data-composer]")) return;
  const input = form.elements[field];
  if (!(input instanceof HTMLElement)) return;
  input.setAttribute("aria-invalid", "true");
  const id = `${input.id || field}-error`;
  const place = document.getElementById(id) ?? make("p", "field-error");
  Object.assign(place, { id, textContent: message });
  place.setAttribute("role", "alert");
  input.after(place);
  input.setAttribute("aria-describedby", id);
  input.focus();
  input.addEventListener("input", () => {
    input.removeAttribute("aria-invalid");
    place.remove();
  }, { once: true });
});
