/** A roster from a table of people: chosen or pasted, checked line by line, never half taken. */

import { make } from "./dom.js";
import { state } from "./state.js";
import { ask, send } from "./wire.js";

const BIG = 2 * 1024 * 1024; // bytes, the importer's own limit; a roster of thousands of people fits many times
let typed = ""; // survives closing the drawer

/** Make the panel that organisers see. */
export function importPanel() {
  const text = make("textarea", {
    id: "roster-text",
    rows: 10,
    dir: "auto",
    spellcheck: "false",
    data: { testid: "import-text" },
    oninput: () => (typed = text.value),
  });
  text.value = typed;
  const result = make("div", { class: "roster-result", "aria-live": "polite", data: { testid: "import-result" } });
  const file = make("input", {
    id: "roster-file",
    type: "file",
    accept: ".csv,.tsv,.txt,text/csv",
    data: { testid: "import-file" },
  });
  const where = make("div", { class: "field", data: { testid: "import-where" } });
  const sample = make("a", { hidden: true, data: { testid: "import-sample" } }, "A sample to begin with");
  const go = make("button", { class: "button primary", type: "submit", data: { testid: "import-submit" } }, "Import");
  const form = make(
    "form",
    { class: "roster" },
    make(
      "p",
      { class: "drawer-lead" },
      "A table with one person a line, saved as CSV. ",
      "If a line has a problem, nothing at all is imported and every problem is listed. ",
      sample,
    ),
    make("label", { for: "roster-file" }, "A file from this computer"),
    file,
    make("label", { for: "roster-text" }, "or lines pasted here"),
    text,
    where,
    make("div", { class: "roster-foot" }, go),
    result,
  );
  let ready = showAbout(text, where, sample, result);
  file.addEventListener("change", () => {
    ready = Promise.all([ready, readFile(file, text, result)]);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (go.getAttribute("aria-disabled") === "true") return;
    go.setAttribute("aria-disabled", "true");
    await ready; // what was chosen a moment ago is what is meant
    await hand(text, where.querySelector("select, input"), result);
    go.removeAttribute("aria-disabled");
  });
  return form;
}

/** Show what a roster looks like, and into which programme this one would go. */
async function showAbout(text, where, sample, result) {
  try {
    const about = await ask("/api/roster", { as: state.as });
    text.placeholder = about.example;
    sample.href = sample.download = about.sample;
    sample.hidden = false;
    where.replaceChildren(...whereOf(about.programmes));
  } catch {
    result.replaceChildren(notice("wrong", "Where it would go could not be loaded. It may help to open this again."));
  }
}

function whereOf(programmes) {
  if (programmes.length > 1) {
    const choose = make("option", { value: "" }, "Choose one of yours");
    const names = programmes.map(({ slug, name }) => make("option", { value: slug }, name));
    return [
      make("label", { for: "roster-into" }, "Into which programme"),
      make("select", { id: "roster-into", data: { testid: "import-into" } }, choose, names),
    ];
  }
  const [only] = programmes;
  if (!only) return [make("p", {}, "None of your programmes is open, so nobody can be brought in.")];
  return [
    make("p", {}, "Everybody goes on the waiting list of ", make("strong", { dir: "auto" }, only.name), "."),
    make("input", { type: "hidden", value: only.slug }),
  ];
}

/** Let the importer read a file, whatever spreadsheet wrote it; its text can be mended here before it is taken. */
async function readFile(file, text, result) {
  const [chosen] = file.files;
  if (!chosen) return;
  const refuse = (sentence) => {
    file.value = ""; // what stands in the lines is not this file
    result.replaceChildren(notice("wrong", `${sentence} Nothing was imported.`));
  };
  if (chosen.size > BIG) {
    refuse("This file is very large. A roster with one line a person is enough.");
    return;
  }
  let inBase64 = "";
  try {
    inBase64 = await base64Of(chosen);
  } catch {
    refuse(`${chosen.name} could not be opened. It may help to choose it again.`);
    return;
  }
  const read = await send("/api/roster/read", { file: inBase64 });
  if (!read.ok) {
    refuse(`${chosen.name}: ${read.message || read.error}`);
    return;
  }
  text.value = read.csv;
  typed = text.value;
  const lines = text.value.trim() ? text.value.trim().split("\n").length : 0;
  result.replaceChildren(
    notice("quiet", lines ? `${chosen.name}: ${lines} lines, ready to import.` : `${chosen.name} is empty.`),
  );
}

function base64Of(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1] ?? "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

async function hand(text, into, result) {
  if (!text.value.trim()) {
    result.replaceChildren(notice("wrong", "Choose a file or paste a few lines first."));
    text.focus();
    return;
  }
  if (into && !into.value) {
    result.replaceChildren(notice("wrong", "Which programme is this roster for? Please choose one of yours."));
    into.focus();
    return;
  }
  result.replaceChildren(notice("quiet", "Reading every line…"));
  const answer = await send("/api/import", { as: state.as, programme: into?.value ?? "", csv: text.value });
  if (answer.ok) {
    typed = "";
    text.value = "";
    result.replaceChildren(notice("good", answer.message || "Everyone on the roster is in."));
    return;
  }
  const problems = answer.problems ?? [];
  const sentence =
    answer.message ||
    answer.error ||
    (problems.length === 1 ? "One line needs a look." : `${problems.length} places need a look.`);
  result.replaceChildren(
    notice("wrong", `${sentence} Nothing was imported.`),
    problems.length ? problemTable(problems) : "",
  );
}

function notice(kind, sentence) {
  return make("p", { class: `notice ${kind}` }, sentence);
}

function problemTable(problems) {
  return make(
    "table",
    { class: "problems", data: { testid: "import-problems" } },
    make("caption", { class: "sr" }, "Problems in the roster"),
    make(
      "thead",
      {},
      make(
        "tr",
        {},
        ["Line", "Column", "What"].map((title) => make("th", { scope: "col" }, title)),
      ),
    ),
    make(
      "tbody",
      {},
      problems.map((one) =>
        make(
          "tr",
          {},
          make("td", { class: "number" }, String(one.line)),
          make("td", { dir: "auto" }, String(one.column ?? "")),
          make("td", { dir: "auto" }, one.what),
        ),
      ),
    ),
  );
}
