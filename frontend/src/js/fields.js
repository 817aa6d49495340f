// The desk's own fields: a live refresh leaves alone what somebody is typing, and shows what is stored everywhere else.

const placesOf = (form) => form.querySelectorAll("[data-field]");
const isChanged = (input) => (
  input.matches("select") ? [...input.options].some((one) => one.selected !== one.defaultSelected)
    : input.matches("[type=checkbox]") ? input.checked !== input.defaultChecked
      : input.value !== input.defaultValue
);

function release(place) {
  place.removeAttribute("hx-morph-skip");
}

// What was seen when the typing began must be what is sent along, or another's change would be passed over unseen.
document.addEventListener("focusin", (event) => {
  event.target.closest?.("form[data-fields] [data-field]")?.setAttribute("hx-morph-skip", "");
});

document.addEventListener("focusout", (event) => {
  const place = event.target.closest?.("form[data-fields] [data-field]");
  if (!place || place.contains(event.relatedTarget)) return;
  if (![...place.querySelectorAll("input:not([type=hidden]), select, textarea")].some(isChanged)) release(place);
});

document.addEventListener("htmx:before:swap", (event) => {
  const source = event.detail.ctx?.sourceElement;
  if (source?.matches?.("form[data-fields]")) placesOf(source).forEach(release);
});

// The browser keeps what was once chosen in a select or a box, whatever the markup says by now.
document.addEventListener("htmx:after:settle", () => {
  for (const place of document.querySelectorAll("form[data-fields] [data-field]:not([hx-morph-skip])")) {
    for (const input of place.querySelectorAll("select, [type=checkbox]")) {
      if (input === document.activeElement || !isChanged(input)) continue;
      if (input.matches("select")) for (const option of input.options) option.selected = option.defaultSelected;
      else input.checked = input.defaultChecked;
    }
  }
});
