/** The list of rooms, what is unread in them, and the head of the open one. */

import { byId, icon, make, oncePerFrame, setText } from "./dom.js";
import { face, hue } from "./people.js";
import { BOT, nameOf, on, openRoom, state, tell } from "./state.js";
import { place } from "./time.js";
import { ask } from "./wire.js";

const SECTIONS = [
  ["dm", "Direct messages"],
  ["circle", "Circles"],
  ["group", "Meeting groups"],
];

const draw = oncePerFrame(show);
let request = 0;
let isPressed = false; // a press under way: its button must still be there when the finger lifts, or the click is lost

/** Make the list redraw whenever something it shows has changed. */
export function prepareRooms() {
  for (const news of ["rooms", "room", "workspace"]) on(news, draw);
  on("acting", () => byId("room-list").replaceChildren()); // nobody presses another's room while her own load
  byId("room-list").addEventListener("pointerdown", () => (isPressed = true));
  for (const end of ["pointerup", "pointercancel", "blur"]) {
    addEventListener(end, () => {
      if (!isPressed) return;
      isPressed = false;
      draw(); // in the next frame, after the click
    });
  }
  const members = byId("members");
  document.addEventListener("click", (event) => {
    if (members.open && !members.contains(event.target)) members.open = false;
  });
  members.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !members.open) return;
    event.stopPropagation();
    members.open = false;
    members.querySelector("summary").focus();
  });
}

/** Load the acting person's rooms; false when a newer request has overtaken this one. */
export async function loadRooms() {
  const mine = (request += 1);
  const person = state.as;
  const answer = await ask("/api/rooms", { as: person });
  if (mine !== request || person !== state.as) return false;
  state.rooms = answer.rooms;
  const open = openRoom();
  if (open) open.unread = 0; // we are looking at it
  tell("rooms");
  return true;
}

/** Count a message in a room we are not looking at; false when the room is new to us. */
export function countUnread(roomId) {
  const room = state.rooms.find((one) => one.id === roomId);
  if (room) room.unread += 1;
  draw();
  return Boolean(room);
}

function show() {
  if (!isPressed) showList();
  showHead();
  const unread = state.rooms.reduce((sum, room) => sum + (room.id === state.room ? 0 : room.unread), 0);
  document.title = `${unread ? `(${unread}) ` : ""}${openRoom()?.name ?? "Halqa"} · ${state.name || "Halqa"}`;
  byId("menu-unread").hidden = unread === 0;
}

function showList() {
  const list = byId("room-list");
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.room : null;
  const wasOpen = list.querySelector("details")?.open ?? false;
  const parts = [];
  for (const [kind, title] of SECTIONS) {
    const rooms = state.rooms.filter((room) => room.kind === kind && !room.closed);
    if (rooms.length) parts.push(section(title, `rooms-${kind}`, rooms));
  }
  if (!state.rooms.length) {
    parts.push(
      make(
        "p",
        { class: "no-rooms" },
        "No rooms yet. They open when Halqa has something to say, or when a circle is formed.",
      ),
    );
  }
  const closed = state.rooms.filter((room) => room.closed);
  if (closed.length) {
    const isOpen = wasOpen || closed.some((room) => room.id === state.room);
    parts.push(
      make(
        "details",
        { class: "closed-rooms", open: isOpen },
        make("summary", {}, `Closed (${closed.length})`),
        roomsOf(closed, "Closed"),
      ),
    );
  }
  list.replaceChildren(...parts);
  if (focused) list.querySelector(`[data-room="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function section(title, id, rooms) {
  return make("section", { "aria-labelledby": id }, make("h2", { id }, title), roomsOf(rooms, null));
}

function roomsOf(rooms, label) {
  return make(
    "ul",
    { "aria-label": label },
    rooms.map((room) => make("li", {}, roomButton(room))),
  );
}

function roomButton(room) {
  const isOpen = room.id === state.room;
  const unread = isOpen ? 0 : room.unread;
  return make(
    "button",
    {
      class: unread ? "room-button unread" : "room-button",
      type: "button",
      "aria-current": isOpen ? "page" : null,
      data: { room: room.id },
      onclick: () => tell("open-room", room.id),
    },
    roomFace(room),
    make("bdi", { class: "room-button-name" }, room.name),
    unread
      ? make("span", { class: "count" }, unread > 99 ? "99+" : String(unread), make("span", { class: "sr" }, " unread"))
      : null,
  );
}

function roomFace(room) {
  if (room.kind === "dm") return face(BOT, "avatar small");
  if (room.kind === "circle")
    return make(
      "span",
      { class: `avatar small circle ${hue(room.id)}`, "aria-hidden": "true" },
      icon("ring", "ring-mark"),
    );
  const others = room.people.filter((id) => id !== state.as && id !== BOT).slice(0, 2);
  if (others.length === 1) return face(others[0], "avatar small");
  return make(
    "span",
    { class: "avatar-pair", "aria-hidden": "true" },
    others.map((id) => face(id, "avatar tiny")),
  );
}

const NOTES = { dm: "Between you and Halqa", circle: "Circle", group: "Meeting group" };

function showHead() {
  const room = openRoom();
  const others = (room?.people ?? []).filter((id) => id !== BOT);
  setText(byId("room-name"), room?.name ?? "");
  setText(
    byId("room-note"),
    room ? `${NOTES[room.kind] ?? ""}${room.closed ? " · closed, still here to read" : ""}` : "",
  );
  byId("room-face").replaceChildren(...(room ? [roomFace(room)] : []));
  const members = byId("members");
  members.hidden = !room || room.kind === "dm" || !others.length;
  if (members.hidden) {
    members.open = false;
    return;
  }
  setText(byId("members-count"), `${others.length} people`);
  byId("facepile").replaceChildren(...others.slice(0, 5).map((id) => face(id, "avatar tiny")));
  if (byId("members-list").dataset.of === `${room.id} ${state.as} ${others.join(" ")}`) return;
  byId("members-list").dataset.of = `${room.id} ${state.as} ${others.join(" ")}`;
  byId("members-list").replaceChildren(...others.map(memberRow));
}

function memberRow(id) {
  const isMe = id === state.as;
  return make(
    "li",
    {},
    make(
      "button",
      {
        type: "button",
        class: "member",
        title: isMe ? null : "Act as this person",
        disabled: isMe,
        onclick: () => tell("act-as", id),
      },
      face(id, "avatar small"),
      make("bdi", {}, nameOf(id)),
      make("span", { class: "member-note" }, isMe ? "you" : place(state.people.get(id)?.zone ?? "")),
    ),
  );
}
