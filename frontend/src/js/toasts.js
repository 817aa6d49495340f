// Passing messages pass: each after its time, none while somebody points at it or has the keyboard in it.
const LEAVES_IN = 400;
const timers = new WeakMap();

function close(box) {
  clearTimeout(timers.get(box));
  box.setAttribute("aria-hidden", "true");
  if (box.contains(document.activeElement)) document.activeElement.blur();
  setTimeout(() => box.remove(), LEAVES_IN);
}

function start(box) {
  const time = Number(box.dataset.duration) || 5000;
  clearTimeout(timers.get(box));
  if (time > 0) timers.set(box, setTimeout(() => close(box), time));
}

function watch() {
  const pile = document.getElementById("toaster");
  if (!pile) return;
  for (const box of pile.children) start(box);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const box of addedNodes) if (box.matches?.(".toast")) start(box);
  }).observe(pile, { childList: true });
  const all = (act) => () => [...pile.querySelectorAll('.toast:not([aria-hidden="true"])')].forEach(act);
  for (const name of ["pointerenter", "focusin"]) pile.addEventListener(name, all((box) => clearTimeout(timers.get(box))));
  for (const name of ["pointerleave", "focusout"]) pile.addEventListener(name, all(start));
}

document.addEventListener("DOMContentLoaded", watch);
document.addEventListener("click", (event) => {
  const box = event.target.closest(".toast footer :is(a, button)")?.closest(".toast");
  if (box) close(box);
});
