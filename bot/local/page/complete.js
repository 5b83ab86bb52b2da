/** What could come next in a line that starts with a slash. Pure: line, command table and people decide. */

import { folded } from "./letters.js";

const MANY = 60; // choices shown at once

/**
 * Suggest continuations.
 *
 * Returns {items, hint, isWhole}. Items are {kind, text, needs, help, insert, organiser}. The hint is the command being
 * filled with the index of its current parameter, or null. isWhole says that the line can be sent as it stands.
 */
export function suggest(line, commands, people, isOrganiser) {
  const nothing = { items: [], hint: null, isWhole: true };
  if (!line.startsWith("/") || line.includes("\n")) return nothing;
  const typed = line.slice(1).replace(/\s+/gu, " ").trimStart().toLowerCase();
  const open = commands.filter((command) => isOrganiser || !command.organiser);
  const whole = open
    .filter((command) => typed === command.path || typed.startsWith(`${command.path} `))
    .sort((one, other) => other.path.length - one.path.length)[0];
  const longer = open.filter((command) => command.path.startsWith(typed.trimEnd()) && command !== whole);
  const items = ranked(longer, typed, open, whole).map(commandItem);
  if (!whole) return { items, hint: null, isWhole: items.length === 0 };
  if (typed === whole.path) return { items, hint: { command: whole, index: -1 }, isWhole: true };
  if (items.length && !whole.parameters.length) return { items, hint: null, isWhole: false };
  const filled = parameterItems(line, whole, people);
  return { items: [...filled.items, ...items], hint: { command: whole, index: filled.index }, isWhole: filled.isWhole };
}

function ranked(longer, typed, open, whole) {
  if (longer.length || whole || typed.length < 2) return longer;
  const words = typed.split(" ").filter(Boolean); // "/goal" finds "circle goal add", "/join" finds "circle join"
  return open.filter((command) => words.every((word) => ` ${command.path}`.includes(` ${word}`)));
}

function commandItem(command) {
  const needs = command.parameters.map((one) => (one.required ? `<${one.name}>` : `[${one.name}]`)).join(" ");
  return {
    kind: "command",
    text: `/${command.path}`,
    needs,
    help: command.help,
    insert: `/${command.path} `,
    organiser: command.organiser,
  };
}

function parameterItems(line, command, people) {
  const words = line.slice(1).trimStart().split(/\s+/u).slice(command.path.split(" ").length);
  const last = command.parameters.length - 1;
  if (last < 0) return { items: [], index: -1, isWhole: true };
  const index = Math.min(words.length - 1, last);
  const parameter = command.parameters[index];
  const current = words.at(-1) ?? "";
  const before = line.slice(0, line.length - current.length);
  const options = parameter.kind === "person" ? people.map(personOption) : (parameter.choices ?? []).map(plainOption);
  const sought = folded(current.replace(/^@/u, ""));
  const fitting = words.length - 1 > last ? [] : options.filter((option) => folded(option.search).includes(sought));
  const isExact = options.some((option) => option.value.toLowerCase() === current.toLowerCase());
  const items = isExact
    ? []
    : fitting.slice(0, MANY).map((option) => ({
        kind: "choice",
        text: option.text,
        needs: "",
        help: option.help,
        insert: `${before}${option.value} `,
        organiser: false,
      }));
  return { items, index, isWhole: isExact || current === "" || items.length === 0 };
}

function plainOption(choice) {
  return { value: choice, text: choice, help: "", search: choice };
}

function personOption(person) {
  return { value: `@${person.id}`, text: person.name, help: `@${person.id}`, search: `${person.id} ${person.name}` };
}
