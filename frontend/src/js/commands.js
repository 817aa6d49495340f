// The registry as this page holds it: the palette's options are the table. Screens' scripts add behaviors and places.
import { csrfToken } from "./csrf.js";
import { say } from "./texts.js";
import { toast } from "./toast.js";

const behaviors = new Map();
let table = null;
let source = null;

export function addBehavior(name, act) {
  behaviors.set(name, act);
}

// Read again only when the list was drawn anew; one look at each option.
export function commands() {
  const list = document.getElementById("palette-commands");
  if (list === source && table) return table;
  source = list;
  table = [...(list?.children ?? [])].map((option) => ({
    id: option.dataset.id,
    run: option.dataset.run,
    target: option.dataset.target ?? "",
    icon: option.dataset.signName,
    places: (option.dataset.places ?? "everywhere").split(" "),
    keys: option.dataset.keys?.split("|") ?? [],
    label: option.textContent,
    group: option.dataset.group,
    words: option.dataset.words ?? "",
    inPalette: !("keysOnly" in option.dataset),
  }));
  return table;
}

// The place one is at comes before what is around it.
const NEARNESS = ["composer", "ticket", "row", "page", "list", "everywhere"];
export const nearness = (command) => Math.min(...command.places.map((place) => NEARNESS.indexOf(place)));

const carrier = (command) => document.querySelector(`[data-command="${command.id}"]`);
const field = (command) => (command.target ? document.querySelector(command.target) : carrier(command));
const hasRows = () => document.querySelector("[data-list] [data-list-item]") !== null;

const PLACES = {
  everywhere: () => true,
  list: hasRows,
  row: () => !document.getElementById("ticket") && document.querySelector("[data-list] [id^='row-'][data-list-item]") !== null,
  ticket: () => document.getElementById("ticket") !== null,
  page: (command) => field(command) !== null,
  composer: () => document.activeElement?.closest?.("form[data-composer]") !== null,
};

// Whether a command makes sense on the page as it is now.
export function applies(command) {
  if (!command.places.some((place) => PLACES[place]?.(command))) return false;
  if (command.run === "click" || command.run === "focus") return isThere(field(command));
  if (command.run === "step") return document.getElementById("ticket")?.matches("[data-works]") ?? true;
  return true;
}

const isThere = (element) => element !== null && !element.disabled;

export function run(command) {
  if (command.run === "go") location.assign(command.target);
  else if (command.run === "click") press(field(command));
  else if (command.run === "focus") field(command)?.focus();
  else if (command.run === "open") document.getElementById(command.target)?.showModal();
  else if (command.run === "post") send(command.target);
  else if (command.run === "step") behaviors.get("step")?.(command);
  else behaviors.get(command.target)?.(command);
}

function press(element) {
  if (element) element.click();
}

// A form of nothing but its token; the page that has a button for it lets the button do it, with all its marks.
function send(url) {
  const button = document.querySelector(`form[action="${CSS.escape(url)}"] [type="submit"], form[action="${url}"] [type="submit"]`);
  if (button) return button.click();
  const token = csrfToken();
  if (!token) return toast({ title: say("failed"), text: say("failedHint") });
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: url, hidden: true });
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: "csrfmiddlewaretoken", value: token });
  form.append(input);
  document.body.append(form);
  form.requestSubmit();
}
