/** A roster from a table of people: chosen or pasted, checked line by line, never half taken. */

import { make } from "./dom.js";
import { state } from "./state.js";
import { send } from "./wire.js";

const BIG = 2_000_000; // characters; a roster of thousands of people fits many times
let typed = ""; // survives closing the drawer

/** Make the panel that organisers see. */
export function importPanel() {
  const text = make("textarea", {
    id: "roster-text",
    rows: 8,
    dir: "auto",
    spellcheck: "false",
    placeholder: "name,email,seat,languages\nAda Haddad,ada@example.org,mentor,ar;en",
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
  file.addEventListener("change", () => readFile(file, text, result));
  const go = make("button", { class: "button primary", type: "submit", data: { testid: "import-submit" } }, "Import");
  const form = make(
    "form",
    { class: "roster" },
    make(
      "p",
      { class: "drawer-lead" },
      "A table with one person a line, saved as CSV. ",
      "If a line has a problem, nothing at all is imported and every problem is listed.",
    ),
    make("label", { for: "roster-file" }, "A file from this computer"),
    file,
    make("label", { for: "roster-text" }, "or lines pasted here"),
    text,
    make("div", { class: "roster-foot" }, go),
    result,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    hand(text, go, result);
  });
  return form;
}

async function readFile(file, text, result) {
  const [chosen] = file.files;
  if (!chosen) return;
  if (chosen.size > BIG) {
    result.replaceChildren(notice("wrong", "This file is very large. A roster with one line a person is enough."));
    return;
  }
  text.value = await chosen.text();
  typed = text.value;
  result.replaceChildren(
    notice("quiet", `${chosen.name}: ${text.value.trim().split(/\r?\n/u).length} lines, ready to import.`),
  );
}

async function hand(text, go, result) {
  if (go.getAttribute("aria-disabled") === "true") return;
  if (!text.value.trim()) {
    result.replaceChildren(notice("wrong", "Choose a file or paste a few lines first."));
    text.focus();
    return;
  }
  go.setAttribute("aria-disabled", "true");
  result.replaceChildren(notice("quiet", "Reading every line…"));
  const answer = await send("/api/import", { as: state.as, programme: "", csv: text.value });
  go.removeAttribute("aria-disabled");
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
