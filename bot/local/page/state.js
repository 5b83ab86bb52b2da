/** What the page knows, and the bell that rings when it changes. */

export const BOT = "halqa";

export const state = {
  as: null, // whose eyes we see with
  room: null, // the open room's id
  name: "",
  people: new Map(),
  commands: [],
  clock: null,
  rooms: [],
};

const listeners = new Map();

/** Listen for a kind of news. */
export function on(what, listener) {
  if (!listeners.has(what)) listeners.set(what, []);
  listeners.get(what).push(listener);
}

/** Tell everyone who listens. */
export function tell(what, detail) {
  for (const listener of listeners.get(what) ?? []) listener(detail);
}

/** The person we act as, or a nameless stand-in while the workspace loads. */
export function me() {
  return state.people.get(state.as) ?? { id: state.as, name: "", organiser: false, zone: "UTC", note: "" };
}

/** The acting person's time zone. */
export function zone() {
  return me().zone || "UTC";
}

/** The workspace's instant, as ISO text. */
export function now() {
  return state.clock?.now ?? new Date().toISOString();
}

/** A name to show for a person id. */
export function nameOf(id) {
  if (id === BOT) return "Halqa";
  return state.people.get(id)?.name ?? id;
}

/** The open room, or nothing. */
export function openRoom() {
  return state.rooms.find((room) => room.id === state.room) ?? null;
}
