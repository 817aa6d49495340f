// What this page answers by itself: what was used last, what can be done here, where to go, and the search for what was typed.
import { best } from "./fuzzy.js";
import { recentCommands, recentTickets } from "./recent.js";
import { say } from "./texts.js";
import { icon, make } from "./toast.js";

const MOST = 8;

function made(sign, words, dataset) {
  const option = make("li");
  option.setAttribute("role", "option");
  const name = make("span", "", words);
  name.dir = "auto";
  option.append(icon(sign), name);
  Object.assign(option.dataset, dataset);
  return option;
}

function copy(command) {
  const option = made(command.icon, command.label, { commandId: command.id });
  if (command.keys.length) {
    const shown = make("kbd", "kbd", command.keys[0]);
    shown.dataset.keys = command.keys[0];
    option.append(shown);
  }
  return option;
}

export function withoutWords(dialog, able) {
  const groups = new Map();
  const remembered = recentCommands().map((id) => able.find((one) => one.id === id)).filter(Boolean);
  groups.set(say("recent"), [...remembered.slice(0, 3).map(copy), ...recentTickets().map((number) =>
    made("ticket", `#${number}`, { href: `${dialog.dataset.tickets}${number}/`, waits: `ticket-${number}` }))]);
  for (const command of able) {
    if (!groups.has(command.group)) groups.set(command.group, []);
    groups.get(command.group).push(copy(command));
  }
  return groups;
}

export function withWords(dialog, able, words) {
  const fitting = able.map((command) => ({ command, fits: best([command.label, command.words, command.group], words) }))
    .filter((one) => one.fits > 0)
    .sort((one, other) => other.fits - one.fits)
    .slice(0, MOST);
  const here = fitting.map((one) => copy(one.command));
  const { tickets } = dialog.dataset;
  const number = words.match(/^#?(\d{1,17})$/)?.[1];
  if (tickets && number) here.unshift(made("ticket", say("openTicket", { number }), { href: `${tickets}${number}/` }));
  if (tickets) here.push(made("search", say("searchFor", { words }), { href: `${tickets}?q=${encodeURIComponent(words)}` }));
  return new Map([["", here]]);
}
