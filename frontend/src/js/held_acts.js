// What can be done to a reply that waits: taken back into the box of its ticket, or said at once.
import { ask } from "./asking.js";
import htmx from "./setup.js";
import { announce, say } from "./texts.js";
import { make, toast } from "./toast.js";

// The ticket's own page draws what became of it; elsewhere nothing shows it.
export function refresh(ticket) {
  for (const part of document.querySelectorAll(`[data-live~="ticket:${ticket}"]`)) part.dispatchEvent(new CustomEvent("steward:changed"));
}

// Of a macro that waited with its reply: it was done, and on its ticket's page it is undone from here.
export function tellDone({ done, undo, words }) {
  const box = done && toast({ title: done, tone: "success" });
  if (!box || !document.getElementById("timeline")) return;
  const button = Object.assign(make("button", "btn", words), { type: "button" });
  Object.assign(button.dataset, { size: "sm", variant: "outline" });
  for (const [name, value] of Object.entries({ "hx-post": undo, "hx-target": "#timeline", "hx-swap": "innerMorph", "hx-disable": "this" })) button.setAttribute(name, value);
  box.dataset.duration = "12000";
  box.querySelector("footer").prepend(button);
  htmx.process(box);
}

// Does `back` or `send`; false says that nothing is known of it, since nobody answered.
export async function decide(act, id, ticket) {
  const box = document.querySelector(`form[data-composer][data-kind="reply"][data-ticket="${ticket}"]`);
  const waits = [];
  // What was typed since then must be on the server first: it decides which text stands in the box and which beside it.
  if (act === "back") box?.dispatchEvent(new CustomEvent("steward:save", { detail: { waits } }));
  await Promise.all(waits);
  const { status, told } = await ask(`/writing/held/${id}/${act}/`);
  if (status === 0) {
    toast({ title: say("noConnection"), text: say("heldGoesOut") });
    return false;
  }
  document.dispatchEvent(new CustomEvent("steward:held-ended", { detail: { id } }));
  if (status !== 200) toast({ title: told.error?.message ?? say("failed"), text: told.error?.hint ?? "" });
  else if (act === "back") {
    announce(say("heldBack"));
    if (box && told.mine) box.dispatchEvent(new CustomEvent("steward:fill", { detail: told }));
    else if (!box) location.assign(`/tickets/${ticket}/`);
  } else tellDone(told);
  refresh(ticket);
  return true;
}
