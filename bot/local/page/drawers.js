/** The side drawer: what will be sent, who received what, and the roster. */

import { byId, icon, make } from "./dom.js";
import { face } from "./people.js";
import { importPanel } from "./roster.js";
import { me, now, on, state, tell, zone } from "./state.js";
import { hour, moment, shortDay, weekKey, weekName } from "./time.js";
import { spansOf } from "./message.js";
import { ask } from "./wire.js";

const PAGE = 200; // calendar lines shown before "show more"
const BUDGET = 2; // messages a week that a person should not go beyond

const DRAWERS = {
  calendar: { title: "Everything that will be sent", show: showCalendar, isLive: true },
  received: { title: "Who received what", show: showReceived, isLive: true },
  import: { title: "Import a roster", show: (body) => body.replaceChildren(importPanel()), isLive: false },
};
let open = null;
let request = 0;
let limit = PAGE;

/** Make the three buttons and the drawer work. */
export function prepareDrawers() {
  for (const name of Object.keys(DRAWERS))
    byId(`${name}-open`).addEventListener("click", () => (open === name ? close() : show(name)));
  byId("drawer-close").addEventListener("click", close);
  byId("drawer").addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  on("clock-moved", refresh);
  on("acting", () => {
    byId("import-open").hidden = !me().organiser;
    if (open === "import" && !me().organiser) close();
    else if (open) DRAWERS[open].show(byId("drawer-body")); // another person has other programmes
  });
  on("workspace", () => {
    byId("import-open").hidden = !me().organiser;
  });
}

function show(name) {
  open = name;
  limit = PAGE;
  const body = byId("drawer-body");
  body.replaceChildren(make("p", { class: "quiet" }, "One moment…"));
  byId("drawer-title").textContent = DRAWERS[name].title;
  byId("drawer").hidden = false;
  byId("drawer").dataset.testid = name;
  markButtons();
  DRAWERS[name].show(body);
  tell("drawer-opened");
  byId("drawer-title").focus();
}

function close() {
  const name = open;
  if (!name) return;
  open = null;
  byId("drawer").hidden = true;
  markButtons();
  byId(`${name}-open`).focus();
}

function markButtons() {
  for (const name of Object.keys(DRAWERS)) byId(`${name}-open`).setAttribute("aria-expanded", String(open === name));
}

function refresh() {
  if (open && DRAWERS[open].isLive) DRAWERS[open].show(byId("drawer-body"));
}

async function load(path, query, draw) {
  const name = open;
  const mine = (request += 1);
  const body = byId("drawer-body");
  try {
    const answer = await ask(path, query);
    if (mine !== request || open !== name) return;
    const { scrollTop } = body;
    body.replaceChildren(...draw(answer));
    body.scrollTop = scrollTop;
  } catch {
    if (mine === request && open === name && !body.querySelector("section, table")) {
      body.replaceChildren(make("p", { class: "quiet" }, "This could not be loaded. It will come back with the line."));
    }
  }
}

function showCalendar() {
  load("/api/calendar", { as: state.as }, ({ entries }) => {
    if (!entries.length) return [invitation("Nothing is planned yet. A programme begins with", "/programme setup")];
    const weeks = new Map();
    for (const entry of entries.slice(0, limit)) {
      const key = weekKey(entry.at, zone());
      if (!weeks.has(key)) weeks.set(key, []);
      weeks.get(key).push(entry);
    }
    const rest = entries.length - limit;
    return [
      make(
        "p",
        { class: "drawer-lead" },
        `${entries.length === 1 ? "One event" : `${entries.length} events`}, in your own time. Nothing else is sent by itself.`,
      ),
      ...[...weeks].map(([key, week]) => weekSection(key, week)),
      rest > 0
        ? make("button", { class: "button more", type: "button", onclick: showMore }, `Show more (${rest})`)
        : "",
    ];
  });
}

function showMore() {
  limit += PAGE;
  showCalendar();
}

function weekSection(key, entries) {
  const heading = `week-${key}`;
  return make(
    "section",
    { class: "week", "aria-labelledby": heading },
    make("h3", { id: heading }, weekName(key, zone(), now())),
    make("ul", {}, entries.map(entryRow)),
  );
}

function entryRow(entry) {
  return make(
    "li",
    { class: "entry", data: { testid: "calendar-entry" } },
    make(
      "time",
      { datetime: entry.at },
      entry.when
        ? make("span", { class: "entry-when", dir: "auto" }, entry.when)
        : [
            make("span", { class: "entry-day" }, shortDay(entry.at, zone())),
            make("span", {}, hour(entry.at, zone())),
          ],
    ),
    make(
      "span",
      { class: "entry-words" },
      make("span", { class: "entry-what", dir: "auto" }, entry.what),
      make("span", { class: "entry-to", dir: "auto" }, entry.to),
    ),
    entry.count > 0 &&
      make(
        "span",
        { class: "entry-count", title: entry.count === 1 ? "one person" : `${entry.count} people` },
        String(entry.count),
        make("span", { class: "sr" }, " people"),
      ),
  );
}

function showReceived() {
  load("/api/received", {}, ({ people }) => {
    if (!people.some((person) => person.total)) {
      return [invitation("Nobody has received anything yet. Move the clock, or begin with", "/circle join")];
    }
    const sorted = [...people].sort(
      (one, other) => other.week - one.week || other.total - one.total || one.name.localeCompare(other.name),
    );
    const beyond = sorted.filter((person) => person.week > BUDGET).length;
    const lead = beyond
      ? `${beyond === 1 ? "One person has" : `${beyond} people have`} had more than ${BUDGET} messages this week.`
      : `Nobody has had more than ${BUDGET} messages this week.`;
    const what = "Counted are direct messages and meeting groups; a circle’s own room is not.";
    return [make("p", { class: "drawer-lead" }, `${lead} ${what}`), receivedTable(sorted)];
  });
}

function receivedTable(people) {
  const head = ["Person", "This week", "In all", "Last one"].map((title) => make("th", { scope: "col" }, title));
  return make(
    "table",
    { class: "received" },
    make("caption", { class: "sr" }, "Messages that Halqa sent by itself"),
    make("thead", {}, make("tr", {}, head)),
    make("tbody", {}, people.map(receivedRow)),
  );
}

function receivedRow(person) {
  const act = make(
    "button",
    {
      class: "received-person",
      type: "button",
      title: "Act as this person",
      "aria-current": person.id === state.as ? "true" : null,
      onclick: () => tell("act-as", person.id),
    },
    face(person.id, "avatar small"),
    make("bdi", {}, person.name),
  );
  return make(
    "tr",
    { data: { person: person.id, testid: "received-row" } },
    make("th", { scope: "row" }, act),
    make("td", { class: person.week > BUDGET ? "number beyond" : "number" }, String(person.week)),
    make("td", { class: "number" }, String(person.total)),
    make("td", { class: "last" }, person.last ? lastOne(person.last) : "not yet"),
  );
}

function lastOne(at) {
  return make(
    "time",
    { datetime: at, title: moment(at, zone(), now()) },
    `${shortDay(at, zone())} ${hour(at, zone())}`,
  );
}

function invitation(words, command) {
  return make(
    "div",
    { class: "drawer-empty" },
    icon("ring", "ring-mark empty-ring"),
    make("p", {}, `${words} `, spansOf([{ kind: "command", text: command }])),
  );
}
