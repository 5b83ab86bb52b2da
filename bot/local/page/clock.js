/** The workspace's clock: a year can be walked through in minutes. */

import { atMostEvery, byId, make, oncePerFrame, setText } from "./dom.js";
import { now, on, state, tell, zone } from "./state.js";
import { clockWords, dayKey, hour, moment, partOfDay, place, shortDay } from "./time.js";
import { toast } from "./toast.js";
import { send } from "./wire.js";

const MINUTE = 60_000; // a clock that nobody moves is looked at again once a minute
const draw = oncePerFrame(show);
const ring = atMostEvery(1500, () => tell("clock-moved")); // drawers follow the clock, but not every tick
let shownDay = "";
let isBusy = false;

/** Make the bar work. */
export function prepareClock() {
  byId("clock-play").addEventListener("click", () => (state.clock?.playing ? move("stop") : play()));
  byId("clock-next").addEventListener("click", () => move("next"));
  byId("clock-week").addEventListener("click", () => move("week"));
  byId("clock-speed").addEventListener("change", () => state.clock?.playing && play());
  byId("lively").addEventListener("change", (event) => move("lively", { lively: event.target.checked }));
  byId("clock-more").addEventListener("click", (event) => {
    const isOpen = byId("clock").classList.toggle("with-dials");
    event.currentTarget.setAttribute("aria-expanded", String(isOpen));
  });
  for (const news of ["acting", "workspace"]) on(news, draw);
  setInterval(() => state.clock?.movable === false && tell("time-passes"), MINUTE);
}

/** Take the clock the server sent. */
export function takeClock(clock) {
  const hasMoved = clock.now !== state.clock?.now || clock.next?.at !== state.clock?.next?.at;
  state.clock = clock;
  draw();
  if (hasMoved) ring();
}

function play() {
  return move("play", { speed: Number(byId("clock-speed").value) });
}

async function move(what, more = {}) {
  if (isBusy && what !== "stop" && what !== "lively") return;
  const holdsClock = what === "next" || what === "week";
  if (holdsClock) busy(true);
  const answer = await send("/api/clock", { do: what, ...more });
  if (holdsClock) busy(false);
  if (answer.clock) takeClock(answer.clock);
  if (answer.ok === false) {
    toast(answer.error || "The clock could not be moved.");
    draw();
  }
}

function busy(isOn) {
  isBusy = isOn;
  byId("clock").classList.toggle("busy", isOn);
  for (const id of ["clock-next", "clock-week", "clock-play"]) {
    if (isOn) byId(id).setAttribute("aria-disabled", "true");
    else byId(id).removeAttribute("aria-disabled");
  }
}

function show() {
  const clock = state.clock;
  if (!clock) return;
  const here = zone();
  const shown = byId("clock-now");
  shown.dateTime = clock.now;
  const words = clockWords(clock.now, here);
  const key = [...Object.values(words), here].join(" ");
  if (shown.dataset.shown !== key) {
    shown.dataset.shown = key;
    shown.replaceChildren(
      make("span", { class: "clock-date" }, shortened(words.weekday), ` ${words.day} `, shortened(words.month)),
      " ",
      make("span", { class: "clock-year" }, words.year),
      " ",
      make("span", { class: "clock-time" }, words.time),
      " ",
      make("span", { class: "clock-place" }, place(here)),
    );
  }
  byId("clock-hand").setAttribute("transform", `rotate(${Math.round(partOfDay(clock.now, here) * 360)} 24 24)`);
  showCaption(clock, here);
  showPlaying(clock);
  const day = dayKey(now(), here) + here;
  if (day === shownDay) return;
  shownDay = day;
  tell("day");
}

/** "Thursday" and "December" as "Thu" and "Dec", with a rest that is shown where there is room. */
function shortened(word) {
  return [word.slice(0, 3), make("span", { class: "rest" }, word.slice(3))];
}

function showCaption(clock, here) {
  const next = clock.next
    ? `Next, ${shortDay(clock.next.at, here)} ${hour(clock.next.at, here)}: ${clock.next.what || "a message"}`
    : "Nothing is planned ahead";
  const caption = byId("clock-caption");
  setText(caption, next);
  caption.title = [next, clock.ends ? `Ends ${moment(clock.ends, here, clock.now)}` : ""]
    .filter(Boolean)
    .join("\n");
}

function showPlaying(clock) {
  const button = byId("clock-play");
  const word = clock.playing ? "Pause" : "Play";
  byId("clock").classList.toggle("playing", clock.playing);
  byId("clock").classList.toggle("fixed", !clock.movable);
  button.setAttribute("aria-label", clock.playing ? "Pause the clock" : "Play the clock");
  setText(button.querySelector(".label"), word);
  button.querySelector("use").setAttribute("href", clock.playing ? "#icon-pause" : "#icon-play");
  byId("lively").checked = Boolean(clock.lively);
  const speed = byId("clock-speed");
  const isKnown = [...speed.options].some((option) => option.value === String(clock.speed));
  if (isKnown && document.activeElement !== speed) speed.value = String(clock.speed);
}
