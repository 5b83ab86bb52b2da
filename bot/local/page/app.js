/** The page's composition root: what is loaded, in which order, and where each piece of news goes. */

import { finishKept } from "./calls.js";
import { prepareClock, takeClock } from "./clock.js";
import { prepareComposer } from "./composer.js";
import { atMostEvery, byId } from "./dom.js";
import { prepareDrawers } from "./drawers.js";
import { prepareForms } from "./form.js";
import { clearPane, leaveRoom, loadRoom, preparePane, takeNews } from "./pane.js";
import { preparePicker } from "./people.js";
import { countUnread, loadRooms, prepareRooms } from "./rooms.js";
import { on, state, tell } from "./state.js";
import { toast } from "./toast.js";
import { ask, listenAs } from "./wire.js";

const reloadRooms = atMostEvery(400, () =>
  loadRooms()
    .then(keepRoom)
    .catch(() => {}),
);
const reloadWorkspace = atMostEvery(1000, () => loadWorkspace().catch(() => {}));

async function begin() {
  for (const prepare of [
    preparePicker,
    prepareRooms,
    preparePane,
    prepareComposer,
    prepareForms,
    prepareClock,
    prepareDrawers,
  ])
    prepare();
  prepareSkip();
  prepareSidebar();
  prepareLightbox();
  on("act-as", (id) => actAs(id));
  on("open-room", (id) => enter(id));
  on("news", take);
  on("line", lineChanged);
  on("time-passes", reloadWorkspace);
  await untilItWorks(loadWorkspace);
  const { as, room } = fromAddress();
  await actAs(state.people.has(as) ? as : state.startAs, room);
  finishKept();
}

async function loadWorkspace() {
  const workspace = await ask("/api/workspace");
  state.name = workspace.name;
  state.people = new Map(workspace.people.map((person) => [person.id, person]));
  state.commands = workspace.commands;
  state.startAs = workspace.acting_default ?? workspace.people[0]?.id;
  byId("workspace-name").textContent = workspace.name;
  takeClock(workspace.clock);
  tell("workspace");
}

async function untilItWorks(task) {
  for (let pause = 500; ; pause = Math.min(pause * 2, 5000)) {
    try {
      await task();
      showBanner(false);
      return;
    } catch {
      showBanner(true);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

async function actAs(person, room = null) {
  if (person === state.as || !person) return;
  leaveRoom();
  const shared = room ?? state.room; // the same room through other eyes, where both may see it
  state.as = person;
  state.room = null;
  state.rooms = [];
  clearPane();
  tell("acting");
  listenAs(person); // listening before loading: nothing can fall between
  closeSidebar();
  await untilItWorks(loadRooms);
  const isHers = (id) => state.rooms.some((one) => one.id === id);
  if (state.as !== person || isHers(state.room)) return; // a room opened meanwhile stays open
  await enter(isHers(shared) ? shared : null);
}

async function enter(room) {
  const first = state.rooms.find((one) => !one.closed) ?? state.rooms[0];
  const id = room ?? first?.id ?? null;
  closeSidebar();
  if (id === state.room && id !== null) return;
  leaveRoom();
  state.room = id;
  const open = state.rooms.find((one) => one.id === id);
  if (open) open.unread = 0;
  history.replaceState(null, "", `#${new URLSearchParams({ as: state.as, ...(id ? { room: id } : {}) })}`);
  tell("room");
  await loadRoom();
  if (matchMedia("(pointer: fine)").matches && !document.querySelector("dialog[open]"))
    byId("composer").focus({ preventScroll: true });
}

/** A room may vanish or the first one may appear while we look elsewhere. */
function keepRoom(isNewest) {
  if (!isNewest) return;
  if (!state.rooms.some((room) => room.id === state.room)) enter(null);
}

function fromAddress() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

function take(news) {
  if (news.type === "message" || news.type === "update") {
    if (news.message.room === state.room) takeNews(news);
    else if (news.type === "message" && news.message.from !== state.as && !countUnread(news.message.room))
      reloadRooms();
  } else if (news.type === "remove") takeNews(news);
  else if (news.type === "rooms") reloadRooms();
  else if (news.type === "clock") takeClock(news.clock);
  else if (news.type === "people") reloadWorkspace();
  else if (news.type === "again") reloadAll(); // more has happened than the line could carry
}

function reloadAll() {
  reloadWorkspace();
  reloadRooms();
  if (state.room) loadRoom({ isSame: true });
}

let bannerTimer = null;

function showBanner(isShown) {
  clearTimeout(bannerTimer);
  if (isShown) bannerTimer = setTimeout(() => (byId("banner").hidden = false), 350);
  else byId("banner").hidden = true;
}

function lineChanged({ isOpen, isBack }) {
  showBanner(!isOpen);
  if (isBack) reloadAll(); // whatever was missed while the line was down
}

function prepareSidebar() {
  const menu = byId("menu-open");
  menu.addEventListener("click", () => {
    document.body.classList.add("with-sidebar");
    byId("scrim").hidden = false;
    menu.setAttribute("aria-expanded", "true");
    byId("menu-close").focus();
  });
  byId("menu-close").addEventListener("click", () => closeSidebar(true));
  byId("scrim").addEventListener("click", () => closeSidebar(true));
  byId("sidebar").addEventListener("keydown", (event) => event.key === "Escape" && closeSidebar(true));
  on("drawer-opened", () => closeSidebar());
  on("put", () => {
    if (matchMedia("(max-width: 1099px)").matches && !byId("drawer").hidden) byId("drawer-close").click();
    byId("composer").focus();
  });
}

function closeSidebar(toButton = false) {
  if (!document.body.classList.contains("with-sidebar")) return;
  document.body.classList.remove("with-sidebar");
  byId("scrim").hidden = true;
  byId("menu-open").setAttribute("aria-expanded", "false");
  if (toButton) byId("menu-open").focus();
}

/** Skipping to the line is no place of its own: the address keeps saying whose eyes and which room. */
function prepareSkip() {
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("composer").focus();
  });
}

function prepareLightbox() {
  const dialog = byId("lightbox");
  on("picture", ({ source, title, alt }) => {
    byId("lightbox-title").textContent = title;
    Object.assign(byId("lightbox-picture"), { src: source, alt });
    dialog.showModal();
  });
  byId("lightbox-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

addEventListener("unhandledrejection", () =>
  toast("Something went wrong in this page. Loading it again may help; your words are kept."),
);
begin();
