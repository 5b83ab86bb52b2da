/** Forms that Halqa hands over: one accessible dialog, typed words kept whatever happens. */

import { submit } from "./calls.js";
import { byId, icon, make } from "./dom.js";
import { controlOf, valueOf } from "./field.js";
import { spansOf } from "./message.js";
import { on, tell } from "./state.js";

const unfinished = new Map(); // "person call" -> answers of a form that was closed before it was handed in
let shown = null; // {form, place, fields: Map(name -> {field, box, control, error})}

/** Make the dialog listen for forms. */
export function prepareForms() {
  const dialog = byId("form");
  on("form", ({ form, place }) => open(form, place));
  dialog.addEventListener("close", () => {
    if (!shown) return;
    unfinished.set(keyOf(shown), answers());
    shown = null;
  });
}

function keyOf({ form, place }) {
  return `${place.as} ${form.call}`;
}

function open(form, place) {
  const dialog = byId("form");
  shown = { form, place, fields: new Map() };
  const before = unfinished.get(keyOf(shown)) ?? {};
  const boxes = form.fields.map((field) => fieldBox(field, before[field.name] ?? field.initial));
  const problem = make("p", { class: "form-problem", role: "alert", hidden: true });
  const body = make(
    "form",
    { novalidate: true, autocomplete: "off", onsubmit: handIn },
    make(
      "div",
      { class: "form-head" },
      make("h2", { id: "form-title", dir: "auto" }, form.title),
      make(
        "button",
        { class: "icon-button", type: "button", "aria-label": "Close", onclick: () => dialog.close() },
        icon("close"),
      ),
    ),
    make(
      "div",
      { class: "form-body" },
      form.intro?.length ? make("p", { class: "form-intro", dir: "auto" }, spansOf(form.intro)) : null,
      problem,
      boxes,
    ),
    make(
      "div",
      { class: "form-foot" },
      make("button", { class: "button", type: "button", onclick: () => dialog.close() }, "Not now"),
      make(
        "button",
        { class: "button primary", type: "submit", data: { testid: "form-submit" } },
        form.submit || "Done",
      ),
    ),
  );
  body.addEventListener("click", (event) => event.target.closest(".command") && dialog.close());
  dialog.replaceChildren(body);
  if (!dialog.open) dialog.showModal();
  dialog.querySelector(".form-body").scrollTop = 0;
  if (!showErrors(form.fields)) boxes[0]?.querySelector("input, textarea, select")?.focus({ preventScroll: true });
}

function fieldBox(field, value) {
  const error = make("p", { class: "field-error", id: `error-${field.name}`, hidden: true });
  const hint = field.hint
    ? make("p", { class: "field-hint", id: `hint-${field.name}`, dir: "auto" }, field.hint)
    : null;
  const { control, isGroup } = controlOf(field, value);
  const label = [field.label, field.required ? null : make("span", { class: "optional" }, " optional")];
  const box = isGroup
    ? make("fieldset", { class: "field" }, make("legend", { dir: "auto" }, label), hint, control, error)
    : make("div", { class: "field" }, make("label", { for: control.id, dir: "auto" }, label), hint, control, error);
  box.dataset.field = field.name;
  const described = [hint && hint.id, error.id].filter(Boolean).join(" ");
  (isGroup ? box : control).setAttribute("aria-describedby", described);
  shown.fields.set(field.name, { field, box, control, error });
  return box;
}

function answers() {
  const all = {};
  for (const [name, { field, control }] of shown.fields) all[name] = valueOf(field, control);
  return all;
}

function showErrors(fields) {
  let first = null;
  for (const field of fields) {
    const known = shown.fields.get(field.name);
    if (!known) continue;
    known.error.textContent = field.error ?? "";
    known.error.hidden = !field.error;
    known.box.classList.toggle("wrong", Boolean(field.error));
    const target = known.box.matches("fieldset") ? known.box : known.control;
    target.setAttribute("aria-invalid", String(Boolean(field.error)));
    if (field.error) first ??= known;
  }
  if (first) {
    const target = first.control.matches("input, textarea, select")
      ? first.control
      : first.control.querySelector("input");
    target?.focus({ preventScroll: true });
    first.box.scrollIntoView({ block: "nearest" }); // the question, the answer and what is wrong, all in sight
  }
  return Boolean(first);
}

function missing() {
  const typed = answers();
  return shown.form.fields.map((field) => {
    const isEmpty = Array.isArray(typed[field.name]) ? !typed[field.name].length : typed[field.name].trim() === "";
    return { ...field, error: field.required && isEmpty ? "This one is needed to go on." : "" };
  });
}

async function handIn(event) {
  event.preventDefault();
  const mine = shown;
  const button = event.target.querySelector("[type=submit]");
  if (!mine || button.getAttribute("aria-disabled") === "true") return;
  if (showErrors(missing())) return;
  button.setAttribute("aria-disabled", "true");
  const answer = await submit(mine.place, mine.form.call, answers());
  button.removeAttribute("aria-disabled");
  if (shown !== mine) {
    // closed meanwhile: what was handed in counts, so only a problem or a next step is worth showing
    if (answer.ok) unfinished.delete(keyOf(mine));
    if (answer.form) tell("form", { form: answer.form, place: mine.place });
    return;
  }
  settle(mine, answer);
}

function settle(mine, answer) {
  const dialog = byId("form");
  const problem = dialog.querySelector(".form-problem");
  problem.hidden = true;
  if (answer.form) {
    const isRefused = answer.form.fields.some((field) => field.error) || !answer.ok;
    const names = answer.form.fields.map((field) => field.name).join(" ");
    if (isRefused && names === [...mine.fields.keys()].join(" ")) {
      if (!showErrors(answer.form.fields)) showProblem(problem, answer.error);
      return;
    }
    if (isRefused) unfinished.set(`${mine.place.as} ${answer.form.call}`, answers());
    else unfinished.delete(keyOf(mine));
    open(answer.form, mine.place);
    return;
  }
  if (!answer.ok) {
    showProblem(problem, answer.error);
    return;
  }
  unfinished.delete(keyOf(mine));
  shown = null;
  dialog.close();
}

function showProblem(problem, sentence) {
  problem.textContent = sentence || "That could not be taken yet. Your words are still here.";
  problem.hidden = false;
  problem.scrollIntoView({ block: "nearest" });
}
