// The sidebar and the side panel on narrow screens.

function setOpen(open) {
  document.body.toggleAttribute("data-sidebar-open", open);
  for (const button of document.querySelectorAll("button[data-sidebar-toggle]")) button.setAttribute("aria-expanded", String(open));
  const scrim = document.querySelector(".scrim");
  if (scrim) scrim.hidden = !open;
  if (open) document.querySelector("#rail a, #rail button")?.focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-sidebar-toggle]")) setOpen(!document.body.hasAttribute("data-sidebar-open"));
  const panel = event.target.closest("[data-panel-toggle]");
  if (panel) {
    const workspace = panel.closest(".workspace") ?? document.querySelector(".workspace");
    const shown = workspace.toggleAttribute("data-panel-open");
    panel.setAttribute("aria-expanded", String(shown));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.hasAttribute("data-sidebar-open")) setOpen(false);
});
