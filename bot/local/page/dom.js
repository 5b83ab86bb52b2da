/** Elements in one breath. Text is only ever text: nothing here, or anywhere in this page, parses markup. */

const SVG = "http://www.w3.org/2000/svg";

/** Find one element by id; a missing one is a mistake in the page, so it says which. */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found;
}

/** Make an element. `on…` values are listeners, `data` is a dataset, true/false/null switch attributes. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Make one of the icons drawn in the page. */
export function icon(name, className = "") {
  const drawing = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  if (className) drawing.setAttribute("class", className);
  drawing.append(use);
  return drawing;
}

/** Wrap a task so that it runs at most once a frame, however often it is asked for. */
export function oncePerFrame(task) {
  let isPlanned = false;
  return () => {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      task();
    });
  };
}

/** Wrap a task so that a burst of requests runs it at once and then at most every `pause` milliseconds. */
export function atMostEvery(pause, task) {
  let timer = null;
  let isAsked = false;
  const run = () => {
    timer = setTimeout(() => {
      timer = null;
      if (isAsked) {
        isAsked = false;
        run();
      }
    }, pause);
    task();
  };
  return () => {
    if (timer === null) run();
    else isAsked = true;
  };
}

/** Write text only where it differs, so that nothing is announced or laid out twice. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
