// The dialog of a snooze, fetched for the ticket that is open or the rows that are meant; arrows walk through its choices.
import { addBehavior } from "./commands.js";
import htmx from "./setup.js";
import { meant } from "./list.js";
import { announce, say } from "./texts.js";
import { toast } from "./toast.js";

const AT = "/shift/snooze/";
let asking = false;

export async function openSnooze(ids, here) {
  if (!ids.length) return announce(say("noRow"));
  if (asking) return;
  asking = true;
  try {
    const next = here === "ticket" ? document.querySelector('[data-command="ticket.back"]')?.getAttribute("href") ?? "" : location.pathname + location.search;
    const query = new URLSearchParams({ ids: ids.join(","), here, next });
    const answer = await fetch(`${AT}?${query}`, { headers: { "HX-Request": "true", "HX-Request-Type": "partial" }, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.text());
  } catch {
    toast({ title: say("failed"), text: say("failedHint") });
  } finally {
    asking = false;
  }
}

function show(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  document.getElementById("snooze")?.remove();
  const dialog = box.content.querySelector("dialog");
  const back = document.activeElement;
  document.body.append(dialog);
  htmx.process(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (back?.isConnected) back.focus();
  });
  dialog.showModal();
}

addBehavior("snooze", () => {
  const ticket = document.getElementById("ticket");
  openSnooze(ticket ? [ticket.dataset.ticket] : meant(), ticket ? "ticket" : "list");
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-snooze]");
  if (opener) openSnooze([opener.dataset.snooze], document.getElementById("ticket") ? "ticket" : "list");
});

document.addEventListener("keydown", (event) => {
  const group = event.target.closest?.("[data-arrows]");
  const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!group || !by || event.target.matches("input, textarea, select")) return;
  const choices = [...group.querySelectorAll("button")];
  choices[(choices.indexOf(document.activeElement) + by + choices.length) % choices.length]?.focus();
  event.preventDefault();
});
