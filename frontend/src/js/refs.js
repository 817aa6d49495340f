// #123 in a text says state and subject of that ticket, and shows it as a card on hover or focus; of one out of sight, nothing.

const known = new Map(); // number → what the server told, or null for a ticket that is not to be seen
const PAUSE = 300;
let timer = 0;

function draw(link) {
  const told = known.get(link.dataset.ref);
  if (!told || link.dataset.told) return;
  link.dataset.told = told.state;
  if ("plain" in link.dataset) return;
  const words = document.createElement("span");
  words.className = "ticket-ref-words";
  words.dataset.state = told.state;
  words.textContent = [told.words, told.subject].filter(Boolean).join(" · ");
  words.dir = "auto";
  link.append(" ", words);
}

async function look() {
  const links = [...document.querySelectorAll("a.ticket-ref[data-ref]:not([data-told])")];
  const wanted = [...new Set(links.map((link) => link.dataset.ref))].filter((number) => !known.has(number)).slice(0, 60);
  if (wanted.length) {
    for (const number of wanted) known.set(number, null);
    const answer = await fetch(`/tickets/refs/?ids=${wanted.join(",")}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.ok) for (const told of (await answer.json()).tickets) known.set(String(told.id), told);
  }
  links.filter((link) => link.isConnected).forEach(draw);
}

function card() {
  let place = document.getElementById("ticket-hover");
  if (!place) {
    place = document.createElement("div");
    place.id = "ticket-hover";
    place.setAttribute("role", "tooltip");
    document.body.append(place);
  }
  return place;
}

function hide() {
  clearTimeout(timer);
  const place = document.getElementById("ticket-hover");
  if (place) place.hidden = true;
  document.querySelector('a.ticket-ref[aria-describedby="ticket-hover"]')?.removeAttribute("aria-describedby");
}

async function show(link) {
  const answer = await fetch(`/tickets/${link.dataset.ref}/card/`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || !link.isConnected || !(link.matches(":hover") || link === document.activeElement)) return;
  const place = card();
  place.innerHTML = await answer.text();
  place.hidden = false;
  link.setAttribute("aria-describedby", "ticket-hover");
  const at = link.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = place;
  place.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  place.style.top = `${at.bottom + height + 8 < innerHeight ? at.bottom + 4 : Math.max(8, at.top - height - 4)}px`;
}

function soon(event) {
  const link = event.target.closest?.("a.ticket-ref[data-told]");
  if (!link) return;
  clearTimeout(timer);
  timer = setTimeout(() => show(link), event.type === "focusin" ? 0 : PAUSE);
}

document.addEventListener("pointerover", (event) => event.pointerType === "mouse" && soon(event));
document.addEventListener("focusin", soon);
document.addEventListener("pointerout", (event) => event.target.closest?.("a.ticket-ref") && hide());
document.addEventListener("focusout", (event) => event.target.closest?.("a.ticket-ref") && hide());
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
document.addEventListener("scroll", hide, { capture: true, passive: true });
document.addEventListener("DOMContentLoaded", look);
document.addEventListener("htmx:after:settle", () => queueMicrotask(look));
