/** The line to the workspace: questions, live news, and calls that count once however often it breaks. */

import { tell } from "./state.js";

const KEPT = "halqa-outbox"; // calls not answered yet survive a reload of the page
const waiting = new Map(); // id -> {id, path, body}
// path's lane -> the promise of its last call, so that lines arrive in the order they were typed
const lanes = new Map();
const sleepers = new Set();
const APART = ["/api/clock", "/api/import", "/api/roster/read"]; // no lines of a conversation: none waits for another kind

/** Ask for something; throws when the line is down or the workspace declines. */
export async function ask(path, query = {}) {
  const search = new URLSearchParams(query).toString();
  const answer = await fetch(search ? `${path}?${search}` : path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

/** Send a call and wait for its answer; the same id goes out again after a break, so nothing happens twice. */
export function send(path, body) {
  const call = { id: newId(), path, body };
  waiting.set(call.id, call);
  keep();
  return queue(call);
}

/** Send again what was unanswered when the page was last closed; returns the promises of the answers. */
export function sendKept() {
  let kept = [];
  try {
    kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  } catch {
    kept = []; // a damaged note is not worth stopping for
  }
  for (const call of kept) waiting.set(call.id, call);
  return kept.map(queue);
}

function queue(call) {
  const lane = APART.includes(call.path) ? call.path : "chat";
  const answer = (lanes.get(lane) ?? Promise.resolve()).then(() => deliver(call));
  lanes.set(lane, answer);
  tell("outbox", waiting.size);
  return answer;
}

async function deliver(call) {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await attemptOnce(call);
    if (answer) {
      waiting.delete(call.id);
      keep();
      tell("outbox", waiting.size);
      return answer;
    }
    await nap(Math.min(8000, 500 * 2 ** attempt));
  }
}

async function attemptOnce({ id, path, body }) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id, ...body }),
    });
    if ([502, 503, 504].includes(answer.status)) return null;
    return await answer.json();
  } catch (error) {
    if (answer && error instanceof SyntaxError) {
      return { ok: false, error: `The workspace could not do that (${answer.status}). It may help to try again.` };
    }
    return null; // the line is down: keep the call and try again
  }
}

function keep() {
  try {
    const small = [...waiting.values()].filter((call) => !APART.includes(call.path));
    sessionStorage.setItem(KEPT, JSON.stringify(small));
  } catch {
    // storage may be full or forbidden; the calls are still in memory
  }
}

function nap(milliseconds) {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      sleepers.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    sleepers.add(wake);
  });
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // pages opened by address, without https
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

let socket = null;
let listeningAs = null;
let failures = 0;
let retry = null;

/** Listen as this person from now on; the old line is closed. */
export function listenAs(person) {
  listeningAs = person;
  failures = 0;
  hangUp();
  connect();
}

function hangUp() {
  clearTimeout(retry);
  retry = null;
  if (!socket) return;
  const old = socket;
  socket = null;
  old.close();
}

function connect() {
  const address = new URL(`/api/live?as=${encodeURIComponent(listeningAs)}`, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const line = new WebSocket(address);
  socket = line;
  line.addEventListener("open", () => {
    if (line !== socket) return;
    const isBack = failures > 0;
    failures = 0;
    for (const wake of [...sleepers]) wake();
    tell("line", { isOpen: true, isBack });
  });
  line.addEventListener("message", (event) => {
    if (line === socket) tell("news", JSON.parse(event.data));
  });
  line.addEventListener("close", () => {
    if (line !== socket) return;
    failures += 1;
    tell("line", { isOpen: false, isBack: false });
    const pause = Math.min(5000, 300 * 2 ** Math.min(failures, 5)) * (0.75 + Math.random() / 2);
    retry = setTimeout(connect, pause);
  });
}

function reconnectNow() {
  if (listeningAs === null || retry === null || socket?.readyState !== WebSocket.CLOSED) return;
  clearTimeout(retry);
  connect();
}

addEventListener("online", reconnectNow);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && reconnectNow());
