// `@` in a note finds who sees the ticket, by keyboard; nobody else can be named on it.
import { announce, say } from "./texts.js";

const OPENS = /(?:^|[\s(])@([^@\n]{0,40})$/u;
const MOST = 8;
const lists = new Map(); // ticket → who can be named, read once
let area = null;

const menu = () => document.getElementById("mention-menu");
const options = () => [...(menu()?.querySelectorAll('[role="option"]') ?? [])];
const current = () => menu()?.querySelector('[aria-selected="true"]');

function typed(box) {
  const found = box.selectionStart === box.selectionEnd && OPENS.exec(box.value.slice(0, box.selectionStart));
  return found ? { words: found[1].toLowerCase(), from: box.selectionStart - found[1].length - 1 } : null;
}

async function people(ticket) {
  if (!lists.has(ticket)) {
    const answer = await fetch(`/tickets/${ticket}/names/`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return [];
    lists.set(ticket, (await answer.json()).names);
  }
  return lists.get(ticket);
}

function close() {
  menu()?.remove();
  area?.removeAttribute("aria-activedescendant");
  area?.removeAttribute("aria-controls");
  area = null;
}

function mark(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) area.setAttribute("aria-activedescendant", option.id);
  option?.scrollIntoView({ block: "nearest" });
}

function draw(box, found) {
  close();
  if (!found.length) return;
  area = box;
  const list = document.createElement("ul");
  Object.assign(list, { id: "mention-menu", role: "listbox", ariaLabel: say("mentions") });
  list.append(...found.map((one, at) => {
    const option = document.createElement("li");
    Object.assign(option, { id: `mention-${at}`, role: "option", textContent: one.name, dir: "auto" });
    if (one.team) option.dataset.team = "";
    return option;
  }));
  box.after(list);
  box.setAttribute("aria-controls", "mention-menu");
  mark(options()[0]);
  announce(say("results", { count: found.length, first: found[0].name }));
}

async function look(box) {
  const here = typed(box);
  if (!here) return close();
  const known = await people(box.closest("form").dataset.ticket);
  if (document.activeElement !== box || !typed(box)) return undefined;
  const { words } = typed(box);
  // What goes on after a whole name is the sentence, not the name.
  const fits = (one) => one.name.toLowerCase().startsWith(words) || one.name.toLowerCase().split(/\s+/).some((part) => part.startsWith(words));
  return draw(box, known.filter(fits).slice(0, MOST));
}

function insert(option) {
  const box = area;
  const { from } = typed(box);
  box.setRangeText(`@${option.textContent} `, from, box.selectionStart, "end");
  close();
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

document.addEventListener("input", (event) => {
  const box = event.target;
  if (box.matches?.('form[data-kind="note"][data-ticket] textarea') && !event.isComposing) look(box);
});

document.addEventListener("keydown", (event) => {
  if (!menu() || event.target !== area || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = options();
  const at = all.indexOf(current());
  if (event.key === "Escape") close();
  else if (["ArrowDown", "ArrowUp"].includes(event.key)) mark(all[(at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length]);
  else if (["Enter", "Tab"].includes(event.key) && !event.shiftKey && current()) insert(current());
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.('#mention-menu [role="option"]');
  if (option) {
    event.preventDefault();
    insert(option);
  } else if (event.target !== area) close();
});
