/** One control for each kind of field. Answers are text as typed; "choices" answers a list of texts. */

import { make } from "./dom.js";
import { found } from "./people.js";

const SHORT = 400; // letters that two rows are enough to begin with
const FEW = 5; // options that fit as buttons to tick; more become a drop-down

/** Make the control of a field with a value in it; returns {control, isGroup}. */
export function controlOf(field, value) {
  const shared = {
    id: `field-${field.name}`,
    name: field.name,
    required: field.required,
    data: { testid: `field-${field.name}` },
  };
  const limit = field.max_length || null;
  const text = value ?? "";
  if (field.kind === "long")
    return single(make("textarea", { ...shared, rows: limit && limit <= SHORT ? 2 : 4, dir: "auto", maxlength: limit }), text);
  if (field.kind === "date") return single(make("input", { ...shared, type: "date" }), text);
  if (field.kind === "number")
    return single(make("input", { ...shared, type: "number", inputmode: "decimal", step: "any" }), text);
  if (field.kind === "choices") return group(field, "checkbox", Array.isArray(value) ? value : splitted(text));
  if (field.kind === "choice" && field.required && field.options.length <= FEW) return group(field, "radio", [text]);
  if (field.kind === "choice" || field.kind === "person") return single(dropDown(field, shared), text);
  return single(make("input", { ...shared, type: "text", dir: "auto", maxlength: limit }), text);
}

/** What a person answered. */
export function valueOf(field, control) {
  if (!control.classList.contains("options")) return control.value;
  const chosen = [...control.querySelectorAll("input:checked")].map((input) => input.value);
  return field.kind === "choices" ? chosen : (chosen[0] ?? "");
}

function single(control, value) {
  control.value = String(value);
  return { control, isGroup: false };
}

function splitted(text) {
  return String(text)
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
}

function group(field, type, chosen) {
  const wanted = new Set(chosen.map(String));
  const options = field.options.map((option) =>
    make(
      "label",
      { class: "option", dir: "auto" },
      make("input", { type, name: field.name, value: option.value, checked: wanted.has(String(option.value)) }),
      make("span", {}, option.label),
    ),
  );
  return {
    control: make("div", { class: "options", data: { testid: `field-${field.name}` } }, options),
    isGroup: true,
  };
}

function dropDown(field, shared) {
  const people = () => found("").map((person) => ({ value: person.id, label: person.name }));
  const options = field.options?.length || field.kind !== "person" ? (field.options ?? []) : people();
  const first = make("option", { value: "" }, field.required ? "Choose…" : "No choice");
  return make(
    "select",
    shared,
    first,
    options.map((option) => make("option", { value: option.value }, option.label)),
  );
}
