/** Faces and the picker: whose eyes we see with. */

import { byId, icon, make, setText } from "./dom.js";
import { folded, initials } from "./letters.js";
import { BOT, me, nameOf, on, state, tell } from "./state.js";
import { place } from "./time.js";

const HUES = 8;

/** The colour class of an id, always the same one. */
export function hue(id) {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return `hue-${sum % HUES}`;
}

/** A person's round face, always the same colour for the same id; Halqa has the ring. */
export function face(id, className = "avatar") {
  if (id === BOT) return make("span", { class: `${className} bot`, "aria-hidden": "true" }, icon("ring", "ring-mark"));
  return make("span", { class: `${className} ${hue(id)}`, "aria-hidden": "true" }, initials(nameOf(id)));
}

/** People whose name, id, zone or note holds every word asked for; organisers come first. */
export function found(query) {
  const words = folded(query).split(/\s+/u).filter(Boolean);
  return [...state.people.values()]
    .filter((person) => {
      const all = folded(
        `${person.name} ${person.id} ${person.zone} ${person.note ?? ""} ${person.organiser ? "organiser" : ""}`,
      );
      return words.every((word) => all.includes(word));
    })
    .sort((one, other) => Number(other.organiser) - Number(one.organiser) || one.name.localeCompare(other.name));
}

let shown = [];
let active = 0;

/** Show who we act as, and make the picker work. */
export function preparePicker() {
  const dialog = byId("people");
  const search = byId("people-search");
  byId("act-as").addEventListener("click", openPicker);
  byId("people-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  search.addEventListener("input", () => list(search.value));
  search.addEventListener("keydown", steer);
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPicker();
    }
  });
  for (const news of ["acting", "workspace"]) on(news, showMe);
}

function showMe() {
  const person = me();
  byId("act-as-avatar").replaceWith(Object.assign(face(person.id ?? "?"), { id: "act-as-avatar" }));
  setText(byId("act-as-name"), person.name);
  byId("act-as-role").hidden = !person.organiser;
  byId("act-as").title = [person.note, place(person.zone), "Ctrl+K"].filter(Boolean).join(" · ");
}

function openPicker() {
  const dialog = byId("people");
  if (document.querySelector("dialog[open]")) return;
  byId("people-search").value = "";
  dialog.showModal();
  list("");
  byId("people-search").focus();
}

function list(query) {
  shown = found(query);
  active = 0;
  const rows = shown.map((person, index) =>
    make(
      "li",
      {
        id: `person-${index}`,
        class: "person",
        role: "option",
        "aria-selected": String(person.id === state.as),
        data: { testid: "act-as-option", person: person.id },
        onclick: () => choose(index),
      },
      face(person.id),
      make(
        "span",
        { class: "person-words" },
        make("bdi", { class: "person-name" }, person.name),
        make(
          "span",
          { class: "person-note", dir: "auto" },
          [person.note, place(person.zone)].filter(Boolean).join(" · "),
        ),
      ),
      person.organiser ? make("span", { class: "badge" }, "organiser") : null,
      person.id === state.as ? make("span", { class: "person-here" }, "you now") : null,
    ),
  );
  if (!rows.length)
    rows.push(
      make("li", { class: "nobody", role: "presentation" }, "Nobody here by that name. Another spelling may find her."),
    );
  byId("people-list").replaceChildren(...rows);
  mark();
}

function mark() {
  const rows = byId("people-list").querySelectorAll("[role=option]");
  rows.forEach((row, index) => row.classList.toggle("active", index === active));
  const search = byId("people-search");
  if (rows.length) search.setAttribute("aria-activedescendant", `person-${active}`);
  else search.removeAttribute("aria-activedescendant");
  rows[active]?.scrollIntoView({ block: "nearest" });
}

function steer(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && shown.length) {
    event.preventDefault();
    active = (active + step + shown.length) % shown.length;
    mark();
  } else if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    choose(active);
  }
}

function choose(index) {
  const person = shown[index];
  if (!person) return;
  byId("people").close();
  tell("act-as", person.id);
}
