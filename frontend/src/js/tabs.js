// The two faces of the composer. Each has a box, a draft and a look of its own; only one is shown.

function show(group, kind, focus = true) {
  group.dataset.shown = kind;
  for (const tab of group.querySelectorAll('[role="tab"]')) {
    const on = tab.dataset.kind === kind;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    const panel = document.getElementById(tab.getAttribute("aria-controls"));
    if (panel) panel.hidden = !on;
    if (on && focus) (panel?.querySelector("textarea") ?? tab).focus();
  }
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest('[data-composers] [role="tab"]');
  if (tab) show(tab.closest("[data-composers]"), tab.dataset.kind);
});

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.('[data-composers] [role="tab"]');
  if (!tab || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  event.preventDefault();
  const tabs = [...tab.parentElement.querySelectorAll('[role="tab"]')];
  const other = tabs[(tabs.indexOf(tab) + 1) % tabs.length];
  show(tab.closest("[data-composers]"), other.dataset.kind, false);
  other.focus();
});
