/** The line one writes in: drafts that are never lost, and commands that complete themselves. */

import { say } from "./calls.js";
import { suggest } from "./complete.js";
import { byId, make } from "./dom.js";
import { me, on, openRoom, state, tell } from "./state.js";

const drafts = new Map(); // "person room" -> text
const KEPT = "halqa-drafts";
const sent = []; // what was said, for ArrowUp
let recalled = 0;
const isNarrow = matchMedia("(max-width: 640px)");
let items = [];
let active = -1;
let isWhole = true;
let isDismissed = false;
let place = null; // the "person room" whose draft is in the line

/** Make the line work. */
export function prepareComposer() {
  const line = byId("composer");
  try {
    for (const [key, text] of JSON.parse(sessionStorage.getItem(KEPT) ?? "[]")) drafts.set(key, text);
  } catch {
    drafts.clear(); // a damaged note is not worth stopping for
  }
  line.addEventListener("input", () => {
    isDismissed = false;
    recalled = 0;
    remember();
    refresh();
  });
  line.addEventListener("keydown", steer);
  line.addEventListener("blur", () => setTimeout(() => document.activeElement !== line && hide(), 120));
  line.addEventListener("focus", refresh);
  byId("composer-form").addEventListener("submit", (event) => {
    event.preventDefault();
    sendLine();
  });
  on("room", showDraft);
  on("rooms", showDoor);
  on("put", put);
  on("outbox", showOutbox);
  isNarrow.addEventListener("change", showDoor);
}

/** Put a command into the line; what was there is replaced only when it was a command or nothing. */
export function put(text) {
  const line = byId("composer");
  const old = line.value.trim();
  if (old && !old.startsWith("/")) sent.push(line.value); // ArrowUp brings it back
  set(text.endsWith(" ") ? text : `${text} `);
  line.focus();
  line.setSelectionRange(line.value.length, line.value.length);
}

function set(text) {
  byId("composer").value = text;
  isDismissed = false;
  remember();
  refresh();
}

function remember() {
  const text = byId("composer").value;
  if (!place) return;
  if (text) drafts.set(place, text);
  else drafts.delete(place);
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([...drafts]));
  } catch {
    // storage may be full or forbidden; drafts still live as long as the page
  }
}

function showDraft() {
  place = state.as && state.room ? `${state.as} ${state.room}` : null;
  byId("composer").value = drafts.get(place) ?? "";
  isDismissed = true;
  refresh();
  showDoor();
}

function showDoor() {
  const room = openRoom();
  const line = byId("composer");
  const isShut = Boolean(room?.closed);
  line.disabled = isShut;
  byId("composer-form").classList.toggle("shut", isShut);
  line.placeholder = isShut
    ? "This room is closed. It stays here to read."
    : isNarrow.matches
      ? "Write, or / for commands"
      : `Write to ${room?.name ?? "Halqa"}, or type / for commands`;
}

async function sendLine() {
  const line = byId("composer");
  const text = line.value.trim();
  if (!text || line.disabled || !state.room) return;
  const from = place;
  sent.push(text);
  recalled = 0;
  set("");
  hide();
  tell("said");
  const isTaken = await say(text);
  if (isTaken || drafts.has(from)) return; // refused words come back, unless newer ones took their place
  drafts.set(from, text);
  if (from === place && !line.value) showDraft();
}

function refresh() {
  const line = byId("composer");
  grow(line);
  const people = [...state.people.values()];
  const found = suggest(line.value, state.commands, people, me().organiser);
  items = isDismissed ? [] : found.items;
  isWhole = found.isWhole;
  active = items.length && !isWhole ? 0 : -1;
  showHint(isDismissed ? null : found.hint);
  showItems();
}

function grow(line) {
  line.style.height = "auto";
  line.style.height = `${Math.min(line.scrollHeight, 168)}px`;
}

function showItems() {
  const list = byId("suggestions");
  const line = byId("composer");
  const isOpen = items.length > 0 && document.activeElement === line;
  list.hidden = !isOpen;
  line.setAttribute("aria-expanded", String(isOpen));
  list.replaceChildren(...(isOpen ? items.map(itemRow) : []));
  mark();
}

function itemRow(item, index) {
  return make(
    "li",
    {
      id: `suggestion-${index}`,
      class: "suggestion",
      role: "option",
      data: { testid: "suggestion", insert: item.insert },
      onmousedown: (event) => event.preventDefault(), // keep the focus in the line
      onclick: () => accept(index),
    },
    make(
      "span",
      { class: "suggestion-text" },
      make("bdi", {}, item.text),
      item.needs ? make("span", { class: "needs" }, ` ${item.needs}`) : null,
    ),
    make("span", { class: "suggestion-help", dir: "auto" }, item.help),
    item.organiser ? make("span", { class: "badge" }, "organiser") : null,
  );
}

function mark() {
  const list = byId("suggestions");
  [...list.children].forEach((row, index) => {
    row.classList.toggle("active", index === active);
    row.setAttribute("aria-selected", String(index === active));
  });
  const line = byId("composer");
  if (active >= 0 && !list.hidden) line.setAttribute("aria-activedescendant", `suggestion-${active}`);
  else line.removeAttribute("aria-activedescendant");
  list.children[active]?.scrollIntoView({ block: "nearest" });
}

function showHint(hint) {
  const box = byId("hint");
  const isShown = Boolean(hint) && document.activeElement === byId("composer");
  box.hidden = !isShown;
  if (!isShown) return;
  const { command, index } = hint;
  const parameter = command.parameters[index] ?? null;
  const words = command.parameters.map((one, at) =>
    make(
      "span",
      { class: at === index ? "parameter now" : "parameter" },
      one.required ? `<${one.name}>` : `[${one.name}]`,
    ),
  );
  const help = parameter
    ? `${parameter.help || parameter.name}${parameter.required ? "" : " (optional)"}`
    : command.help;
  box.replaceChildren(
    make("span", { class: "hint-line" }, make("span", { class: "hint-path" }, `/${command.path}`), ...words),
    make("span", { class: "hint-help", dir: "auto" }, help),
  );
}

function hide() {
  items = [];
  active = -1;
  byId("hint").hidden = true;
  showItems();
}

function accept(index) {
  const item = items[index];
  if (!item) return;
  const line = byId("composer");
  set(item.insert);
  line.focus();
  line.setSelectionRange(line.value.length, line.value.length);
}

function steer(event) {
  if (event.isComposing) return;
  const isOpen = items.length > 0;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (isOpen && step) {
    active = active < 0 ? (step > 0 ? 0 : items.length - 1) : (active + step + items.length) % items.length;
    mark();
  } else if (isOpen && event.key === "Enter" && !event.shiftKey && active >= 0) accept(active);
  else if (isOpen && event.key === "Tab" && !event.shiftKey) accept(Math.max(active, 0));
  else if (event.key === "Escape" && (isOpen || !byId("hint").hidden)) {
    isDismissed = true;
    hide();
    event.stopPropagation();
  } else if (event.key === "Enter" && !event.shiftKey) sendLine();
  else if (event.key === "ArrowUp" && sent.length && (byId("composer").value === "" || recalled > 0)) recall();
  else return;
  event.preventDefault();
}

function recall() {
  const back = Math.min(recalled + 1, sent.length);
  set(sent.at(-back));
  recalled = back;
  isDismissed = true;
  hide();
}

let outboxTimer = null;

function showOutbox(count) {
  clearTimeout(outboxTimer);
  const note = byId("outbox");
  if (!count) {
    note.hidden = true;
    return;
  }
  outboxTimer = setTimeout(() => {
    note.textContent = count === 1 ? "One thing is on its way…" : `${count} things are on their way…`;
    note.hidden = false;
  }, 600);
}
