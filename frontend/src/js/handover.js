// Handing over by keyboard: on a row 1 keeps, 2 passes, 3 parks and goes on to the next; N writes the note, Enter goes on.
import { goTo } from "./list.js";

const CHOICES = { 1: "kept", 2: "passed", 3: "parked" };
const rowsIn = (form) => [...form.querySelectorAll("[data-list-item]")];

function goOn(form, row) {
  const rows = rowsIn(form);
  const next = rows[rows.indexOf(row) + 1];
  if (next) goTo(next);
  else form.querySelector('[name="handover_note"]')?.focus();
}

function choose(form, row, value) {
  const radio = row.querySelector(`input[type=radio][value=${value}]`);
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  const note = row.querySelector("input[name^=note_]");
  if (row.hasAttribute("data-urgent") && !note.value.trim()) note.focus();
  else goOn(form, row);
}

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-handover]");
  const row = event.target.closest?.("[data-list-item]");
  if (!form || !row || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const writes = event.target.matches("input:not([type=radio]), select, textarea");
  const note = row.querySelector("input[name^=note_]");
  if (event.key === "Enter" && event.target === note) goOn(form, row);
  else if (!writes && CHOICES[event.key]) choose(form, row, CHOICES[event.key]);
  else if (!writes && event.key === "n") note.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
