/** The conversation: groups, days, and a flood of news drawn once a frame. */

import { byId, icon, make, oncePerFrame, setText } from "./dom.js";
import { BOT, me, nameOf, now, on, openRoom, state, zone } from "./state.js";
import { messageRow, spansOf } from "./message.js";
import { dayKey, dayName } from "./time.js";
import { toast } from "./toast.js";
import { ask } from "./wire.js";

const CAP = 300; // rows in the page, days included
const PATIENCE = 2000; // news kept for one frame; a tab left in the background may collect more
const TOGETHER = 5 * 60_000; // lines of one person within five minutes stand together
const NEAR = 96; // pixels from the end that still count as "reading the newest"
const ABOVE = 8; // pixels between the edge of the view and the beginning of a long answer
const BURST = 4; // more new messages than this in one frame are announced as a number

let messages = [];
let waiting = [];
let isLoading = false;
let hasMissed = false;
let hasSeenLive = false;
let lastTop = 0;
let answer = null; // the id of what was said last, while its beginning has to stay in sight
let placed = 0; // where this page has scrolled to; elsewhere is where a person has
let isFollowing = true; // reading the newest: stay at the end whatever grows, pictures and the composer included
let request = 0;
let rows = new Map(); // key -> element

const draw = oncePerFrame(flush);

/** Make the pane listen for news, clock days and scrolling. */
export function preparePane() {
  const scroll = byId("scroll");
  byId("newest").addEventListener("click", () => {
    answer = null;
    toEnd();
    byId("composer").focus();
  });
  scroll.addEventListener(
    "scroll",
    () => {
      if (isNearEnd()) isFollowing = true;
      else if (scroll.scrollTop < lastTop - 4) isFollowing = false; // only a person scrolls up; pictures push down
      lastTop = scroll.scrollTop;
      if (Math.abs(lastTop - placed) > 4) answer = null;
      if (isFollowing) byId("newest").hidden = true;
    },
    { passive: true },
  );
  const stay = new ResizeObserver(() => {
    if (isFollowing) toEnd();
    showBeginning();
  });
  stay.observe(scroll);
  stay.observe(byId("messages"));
  on("said", () => {
    answer = null;
    toEnd();
  });
  on("day", () => messages.length && draw());
}

/** Open the room in `state.room`: its last messages replace what is shown. */
export async function loadRoom({ isSame = false } = {}) {
  const mine = (request += 1);
  const place = { as: state.as, room: state.room };
  isLoading = true;
  hasMissed = false;
  if (!isSame) clearPane();
  try {
    if (!place.room) throw new Error("no room is open");
    const answer = await ask("/api/room", place);
    if (mine !== request) return;
    const known = new Map(messages.map((message) => [message.id, message]));
    messages = answer.messages.map((message) => {
      const old = known.get(message.id);
      return old && JSON.stringify(old.content) === JSON.stringify(message.content) ? old : message;
    });
    for (const message of messages) if (known.get(message.id) !== message) rows.delete(message.id);
  } catch {
    if (mine === request && !isSame && place.room)
      toast("This room could not be loaded yet. It will be tried again when the line is back.");
  }
  isLoading = false;
  flush(!isSame);
}

/** Show nothing: what one person sees is never shown to another while her rooms load. */
export function clearPane() {
  messages = [];
  waiting = [];
  rows = new Map();
  hasSeenLive = false;
  byId("messages").replaceChildren();
  for (const id of ["empty", "newest"]) byId(id).hidden = true;
}

/** Tell the server that what came in while we watched has been read, before leaving the room. */
export function leaveRoom() {
  if (hasSeenLive && state.room) ask("/api/room", { as: state.as, room: state.room }).catch(() => {});
  hasSeenLive = false;
}

/** Take news about the open room: a message, an update or a removal. */
export function takeNews(news) {
  waiting.push(news);
  if (waiting.length > PATIENCE) {
    waiting = waiting.slice(-CAP);
    hasMissed = true;
  }
  draw();
}

function flush(toTheEnd = false) {
  if (isLoading) return;
  if (hasMissed) {
    waiting = [];
    loadRoom({ isSame: true });
    return;
  }
  const followsEnd = toTheEnd || isFollowing;
  const { fresh, news } = apply(waiting.splice(0));
  if (fresh.length) hasSeenLive = true;
  const log = byId("messages");
  const isBurst = fresh.length > BURST || state.clock?.playing;
  byId("scroll").setAttribute("aria-live", isBurst || toTheEnd ? "off" : "polite");
  reconcile(log);
  showEmpty();
  if (followsEnd) {
    answer = isBurst || toTheEnd ? null : (news.find((message) => message.from !== state.as)?.id ?? answer);
    toEnd();
    showBeginning();
  } else if (fresh.some((message) => message.from !== state.as)) byId("newest").hidden = false;
  if (isBurst && fresh.length) setText(byId("announcer"), `${fresh.length} new messages`);
}

function apply(events) {
  if (!events.length) return { fresh: [], news: [] };
  const places = new Map(messages.map((message, index) => [message.id, index]));
  const fresh = [];
  const news = []; // what is fresh, and answers in the place of earlier ones
  const gone = new Set();
  for (const { type, id, message } of events) {
    if (type === "message") news.push(message);
    if (type === "remove") gone.add(id);
    else if (places.has(message.id)) {
      messages[places.get(message.id)] = message;
      refresh(message);
    } else if (type === "message") {
      places.set(message.id, messages.push(message) - 1);
      fresh.push(message);
    }
  }
  if (gone.size) messages = messages.filter((message) => !gone.has(message.id));
  messages = messages.slice(-CAP);
  return { fresh, news };
}

function refresh(message) {
  const old = rows.get(message.id);
  if (!old) return;
  const buttons = [...old.querySelectorAll("button")];
  const focused = buttons.indexOf(document.activeElement);
  const row = messageRow(message);
  rows.set(message.id, row);
  old.replaceWith(row);
  if (focused < 0) return; // a person who pressed a button by keyboard stays where she was
  const twin = row.querySelectorAll("button")[focused] ?? row.querySelector("button");
  if (twin) twin.focus({ preventScroll: true });
  else byId("composer").focus({ preventScroll: true });
}

function reconcile(log) {
  const wanted = [];
  let last = null;
  for (const message of messages) {
    message.day ??= dayKey(message.at, zone());
    if (message.day !== last?.day) wanted.push([`day ${message.day}`, () => dayRow(message), message]);
    wanted.push([message.id, () => messageRow(message), message, follows(message, last)]);
    last = message;
  }
  const kept = new Map();
  let cursor = log.firstElementChild;
  for (const [key, build, message, isFollowing] of wanted.slice(-CAP)) {
    const row = rows.get(key) ?? build();
    kept.set(key, row);
    if (isFollowing === undefined) setText(row.firstElementChild, dayName(message.at, zone(), now()));
    else row.classList.toggle("follows", isFollowing);
    if (row === cursor) cursor = cursor.nextElementSibling;
    else log.insertBefore(row, cursor);
  }
  while (cursor) {
    const next = cursor.nextElementSibling;
    cursor.remove();
    cursor = next;
  }
  rows = kept;
}

function follows(message, last) {
  return Boolean(
    last &&
    last.day === message.day &&
    last.from === message.from &&
    last.private === message.private &&
    Date.parse(message.at) - Date.parse(last.at) < TOGETHER,
  );
}

function dayRow(message) {
  return make("li", { class: "day", data: { day: message.day } }, make("span", {}, dayName(message.at, zone(), now())));
}

function isNearEnd() {
  const scroll = byId("scroll");
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;
}

function toEnd() {
  const scroll = byId("scroll");
  scroll.scrollTop = scroll.scrollHeight;
  placed = scroll.scrollTop;
  isFollowing = true;
  byId("newest").hidden = true;
}

/** A long answer is read from its beginning: where the view is too low for it, its end is what has to wait. */
function showBeginning() {
  const row = rows.get(answer);
  if (!row) return;
  const scroll = byId("scroll");
  const above = scroll.getBoundingClientRect().top + ABOVE - row.getBoundingClientRect().top;
  if (above <= 0) return;
  scroll.scrollTop -= above;
  placed = scroll.scrollTop;
  isFollowing = isNearEnd();
}

const FIRST_LINES = {
  organiser: ["/programme", "/programme form"],
  member: ["/circle status", "/circle goal add"],
  guest: ["/circle join", "/circle help"],
};

function invitation(room) {
  const { organiser, note } = me();
  const lines = FIRST_LINES[organiser ? "organiser" : note ? "member" : "guest"];
  if (room?.kind === "dm")
    return ["Halqa is listening", "This room is only between you and Halqa. A good first line:", lines];
  return INVITATIONS[room?.kind] ?? ["Nothing here yet", "Choose a room on the side, or begin with", lines];
}

const INVITATIONS = {
  circle: [
    "A circle just opened",
    "Nobody has written yet. A hello is a fine beginning, or ask for a conversation starter:",
    ["/circle prompt"],
  ],
  group: ["A room for your meeting", "Say hello and find an hour together:", ["/circle meet", "/circle prompt"]],
};

function showEmpty() {
  const room = openRoom();
  const empty = byId("empty");
  const isEmpty = messages.length === 0;
  if (empty.hidden !== isEmpty) return;
  empty.hidden = !isEmpty;
  if (!isEmpty) return;
  const [title, words, commands] = invitation(room);
  const others =
    room?.kind === "dm"
      ? []
      : (room?.people ?? [])
          .filter((id) => id !== state.as && id !== BOT)
          .slice(0, 3)
          .map(nameOf);
  empty.replaceChildren(
    icon("ring", "ring-mark empty-ring"),
    make("h2", {}, title),
    make("p", {}, words),
    make("p", { class: "empty-commands" }, spansOf(commands.map((text) => ({ kind: "command", text })))),
    others.length ? make("p", { class: "empty-with", dir: "auto" }, `With ${others.join(", ")}`) : "",
  );
}
