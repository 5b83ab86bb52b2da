/** One message as elements: every kind of block and span, and nothing else. */

import { press } from "./calls.js";
import { icon, make } from "./dom.js";
import { face } from "./people.js";
import { BOT, nameOf, now, state, tell, zone } from "./state.js";
import { dayKey, hour, moment } from "./time.js";

/** Make the row of one message. */
export function messageRow(message) {
  const kinds = ["message"];
  if (message.from === BOT) kinds.push("from-bot");
  if (message.from === state.as) kinds.push("mine");
  if (message.private) kinds.push("private");
  return make(
    "li",
    { class: kinds.join(" "), data: { testid: "message", message: message.id, from: message.from } },
    face(message.from),
    make(
      "div",
      { class: "message-body" },
      make(
        "p",
        { class: "message-head" },
        make("bdi", { class: "author" }, nameOf(message.from)),
        message.from === BOT ? make("span", { class: "badge" }, "bot") : null,
        make("time", { datetime: message.at, title: moment(message.at, zone(), now()) }, hour(message.at, zone())),
      ),
      make(
        "div",
        { class: "bubble" },
        message.private ? make("p", { class: "only-you" }, icon("eye"), "Only visible to you") : null,
        (message.content?.blocks ?? []).map((block) => blockOf(block, message)),
      ),
    ),
  );
}

const BLOCKS = {
  text: (block) => make("p", { class: "text", dir: "auto" }, spansOf(block.spans)),
  heading: (block) => make("h2", { class: "heading", dir: "auto" }, block.text),
  quote: (block) => make("blockquote", { class: "quote", dir: "auto" }, spansOf(block.spans)),
  list: (block) =>
    make(
      "ul",
      { class: "points" },
      block.items.map((spans) => make("li", { dir: "auto" }, spansOf(spans))),
    ),
  facts: (block) =>
    make(
      "dl",
      { class: "facts" },
      block.rows.map((row) =>
        make("div", {}, make("dt", { dir: "auto" }, row.label), make("dd", { dir: "auto" }, spansOf(row.spans))),
      ),
    ),
  buttons: (block, message) =>
    make(
      "div",
      { class: "buttons", role: "group", "aria-label": "Answers" },
      block.buttons.map((button) => buttonOf(button, message)),
    ),
  picture: (block) => pictureOf(block),
  file: (block) =>
    make(
      "p",
      { class: "text" },
      make("a", { href: fileOf(block), download: block.name, dir: "auto" }, `${block.title} (${block.name})`),
    ),
};

function blockOf(block, message) {
  return BLOCKS[block.kind]?.(block, message) ?? null;
}

/** Make the elements of a run of spans. */
export function spansOf(spans) {
  let day = null; // of the instant before: "Mon 8 March 09:00 – 14:00" names a day once
  return (spans ?? []).map((span) => {
    if (span.kind !== "when") return (SPANS[span.kind] ?? SPANS.plain)(span);
    const isSameDay = dayKey(span.at, zone()) === day;
    day = dayKey(span.at, zone());
    return whenOf(span, isSameDay);
  });
}

function whenOf(span, isSameDay) {
  const shown = isSameDay ? hour(span.at, zone()) : moment(span.at, zone(), now());
  return make("time", { class: "when", datetime: span.at, title: span.text }, shown);
}

const PLACES = /\s+[[<].*$/u; // "<person> <text>" is for her to fill, not to send

const SPANS = {
  plain: (span) => document.createTextNode(span.text),
  strong: (span) => make("strong", {}, span.text),
  emphasis: (span) => make("em", {}, span.text),
  code: (span) => make("code", {}, span.text),
  mention: (span) =>
    make(
      "bdi",
      { class: span.person === state.as ? "mention me" : "mention", data: { person: span.person } },
      span.text,
    ),
  link: (span) => linkOf(span),
  command: (span) =>
    make(
      "button",
      {
        class: "command",
        type: "button",
        title: "Put this into the line below",
        onclick: () => tell("put", span.text.replace(PLACES, "")),
      },
      span.text,
    ),
};

function linkOf(span) {
  let address = null;
  try {
    address = new URL(span.url, location.href);
  } catch {
    address = null;
  }
  if (!address || !["http:", "https:", "mailto:"].includes(address.protocol)) return document.createTextNode(span.text);
  return make("a", { href: address.href, target: "_blank", rel: "noopener noreferrer" }, span.text || span.url);
}

function buttonOf(button, message) {
  const element = make(
    "button",
    { class: `button ${button.style ?? "plain"}`, type: "button", dir: "auto", data: { call: button.call } },
    button.label,
  );
  element.addEventListener("click", async () => {
    if (element.getAttribute("aria-disabled") === "true") return;
    const all = element.parentElement.querySelectorAll("button");
    for (const one of all) one.setAttribute("aria-disabled", "true");
    element.classList.add("pressed");
    await press(message, button.call);
    for (const one of all) one.removeAttribute("aria-disabled");
    element.classList.remove("pressed");
  });
  return element;
}

/** A text file as an address that the browser saves under its name. */
function fileOf({ name, text }) {
  const kind = name.endsWith(".ics") ? "text/calendar" : "text/csv";
  return URL.createObjectURL(new Blob([text], { type: `${kind};charset=utf-8` }));
}

function pictureOf(block) {
  const source = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(block.svg)}`;
  const picture = make("img", { src: source, alt: block.alt ?? "" });
  return make(
    "figure",
    { class: "picture" },
    make(
      "button",
      {
        class: "picture-button",
        type: "button",
        "aria-label": `Larger: ${block.title || block.alt || "picture"}`,
        onclick: () => tell("picture", { source, title: block.title ?? "", alt: block.alt ?? "" }),
      },
      picture,
    ),
    make("figcaption", { dir: "auto" }, [block.title, block.alt].filter(Boolean).join(": ")),
  );
}
