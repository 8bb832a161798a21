// An answer drawn from its report: the same parts, words and charts as the page that --html writes.
import { draw, elementOf } from "./charts.js";
import { node, safe } from "./nodes.js";

const number = (text, path, follow) =>
  path && follow
    ? node("button", { type: "button", className: "why value", title: "Why this number?", data: { number: path }, on: { click: () => follow(path) } }, text)
    : node("span", { className: "value" }, text);

const card = (each, follow) =>
  node(
    "li",
    {},
    node("span", { className: "name" }, each.name),
    number(each.value, each.path, follow),
    each.middle_percent !== null &&
      node("span", { className: "track", "aria-hidden": "true" }, node("span", { style: { left: `${each.middle_percent.toFixed(1)}%` } })),
    each.low &&
      node(
        "span",
        { className: "ends" },
        node("span", {}, node("abbr", { title: "1 of 10 outcomes is below" }, "P10"), ` ${each.low}`),
        node("span", {}, node("abbr", { title: "9 of 10 outcomes are below" }, "P90"), ` ${each.high}`),
      ),
  );

export const cards = (list, follow) => {
  const wide = list.filter((each) => each.low);
  const plain = list.filter((each) => !each.low);
  return node(
    "section",
    { "aria-labelledby": "numbers" },
    node("h2", { id: "numbers", className: "quiet" }, "Key numbers"),
    wide.length > 0 && node("ul", { className: "cards main" }, wide.map((each) => card(each, follow))),
    plain.length > 0 && node("ul", { className: "cards" }, plain.map((each) => card(each, follow))),
  );
};

// Letters of a row's name that stay on one line: the report says how many.
const LONG_NAME = Number(document.body.dataset.longName);
const FEW_COLUMNS = Number(document.body.dataset.fewColumns);

const lines = (cell) => {
  const [first, ...rest] = String(cell).split("\n");
  return [first, ...rest.map((line) => node("small", {}, line))];
};

const sortBy = (table, column, head) => {
  const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
  const worth = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
  const order = (a, b) => {
    const [x, y] = [worth(a), worth(b)];
    const numbers = x !== "" && y !== "" && !Number.isNaN(Number(x)) && !Number.isNaN(Number(y));
    return direction * (numbers ? Number(x) - Number(y) : x.localeCompare(y, "en", { numeric: true }));
  };
  table.tBodies[0].append(...[...table.tBodies[0].rows].sort(order));
};

export const scrolling = (label, table) =>
  node("div", { className: "scroll panel", tabindex: "0", role: "group", "aria-label": label }, table);

// Headers, rows of cells, and which columns hold numbers; sort keys where the rows may be sorted.
export const grid = ({ headers, rows, numeric = "", title = "", marked = null, sort = [] }) => {
  const isNumber = (column) => numeric[column] === "r";
  const table = node("table", { className: headers.length <= FEW_COLUMNS ? "few" : undefined });
  const heads = headers.map((header, column) => {
    const head = node(header ? "th" : "td", { scope: header ? "col" : undefined, className: isNumber(column) ? "number" : undefined });
    head.append(
      ...(sort.length && header ? [node("button", { type: "button", on: { click: () => sortBy(table, column, head) } }, lines(header))] : lines(header)),
    );
    return head;
  });
  const cell = (text, row, column) =>
    node(
      column ? "td" : "th",
      {
        scope: column ? undefined : "row",
        className: column ? (isNumber(column) ? "number" : "text") : String(text).length > LONG_NAME ? "long" : undefined,
        data: sort.length ? { sort: sort[row][column] } : {},
      },
      lines(text),
    );
  const body = rows.map((row, place) =>
    node("tr", { className: place === marked ? "best" : undefined }, row.map((text, column) => cell(text, place, column))),
  );
  table.append(node("thead", {}, node("tr", {}, heads)), node("tbody", {}, body));
  return [title && node("h3", {}, title), scrolling(title || headers.join(", "), table)];
};

const chartFigure = (chart, wide) => {
  const there = elementOf(chart.key);
  const place = there ?? node("div", { className: "chart", id: `chart-${chart.key}` });
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", chart.summary);
  place.style.setProperty("height", `${chart.height_px}px`);
  const swatches = chart.colours.map(([name, colour]) =>
    node("li", {}, node("span", { style: { background: colour } }), name),
  );
  const table = node(
    "table",
    {},
    node("thead", {}, node("tr", {}, chart.headers.map((header, at) => node("th", { scope: "col", className: at ? "number" : undefined }, header)))),
    node("tbody", {}, chart.rows.map((row) => node("tr", {}, row.map((text, at) => node(at ? "td" : "th", { scope: at ? undefined : "row", className: at ? "number" : undefined }, text))))),
  );
  return node(
    "figure",
    { className: wide ? "panel wide" : "panel", data: { chart: chart.key } },
    node("h3", {}, chart.title),
    chart.note && node("p", { className: "note" }, chart.note),
    place,
    swatches.length ? node("ul", { className: "legend", "aria-hidden": "true" }, swatches) : null,
    node(
      "div",
      { className: "below" },
      node("details", { data: { keep: `table-${chart.key}` } }, node("summary", {}, "Show as a table"), node("div", { className: "scroll", tabindex: "0", role: "group", "aria-label": chart.title }, table)),
      node("button", { type: "button", className: "quiet", data: { picture: "png", chart: chart.key } }, "PNG"),
      node("button", { type: "button", className: "quiet", data: { picture: "svg", chart: chart.key } }, "SVG"),
    ),
  );
};

const termsTable = (terms) => [
  terms.title && node("h3", {}, terms.title),
  scrolling(
    terms.title || "Terms",
    node("table", {}, node("tbody", {}, terms.rows.map(([name, value, share]) => node("tr", {}, node("th", { scope: "row" }, name), node("td", { className: "number" }, value), node("td", { className: "number" }, share))))),
  ),
];

const section = (each, place) =>
  node(
    "section",
    { "aria-labelledby": `section-${place}` },
    node("h2", { id: `section-${place}` }, each.title),
    each.lead && node("p", { className: "lead" }, each.lead),
    each.pairs.length
      ? node("div", { className: "panel" }, node("dl", { className: "pairs" }, each.pairs.map(([name, value]) => node("div", {}, node("dt", {}, name), node("dd", {}, value)))))
      : null,
    each.charts.length === 1 && chartFigure(each.charts[0], true),
    each.charts.length > 1 && node("div", { className: "columns" }, each.charts.map((chart) => chartFigure(chart, false))),
    each.terms.length && each.charts.length
      ? node("details", { data: { keep: `terms-${place}` } }, node("summary", {}, "The terms that add up"), each.terms.map((terms) => termsTable(terms)))
      : each.terms.map((terms) => termsTable(terms)),
    each.tables.map((table, at) => (each.folded ? foldedTable(table, `table-${place}-${at}`) : grid(table))),
    each.notes.length ? notes(each.notes) : null,
  );

const foldedTable = (table, keep) => node("details", { data: { keep } }, node("summary", {}, table.title), grid({ ...table, title: "" }));

const notes = (texts) => node("ul", { className: "notes" }, texts.map((text) => node("li", {}, text)));

export const figures = (rows) => {
  const source = (row) => [
    row.links.length === 1
      ? node("a", { href: safe(row.links[0]), rel: "noopener noreferrer", target: "_blank" }, row.title)
      : [row.title, row.links.map((link, at) => [" ", node("a", { href: safe(link), rel: "noopener noreferrer", target: "_blank" }, `[${at + 1}]`)])],
    row.note && node("small", {}, row.note),
    row.conflicts.map((text) => node("small", {}, `Disagrees: ${text}`)),
  ];
  const made = rows.map((row) =>
    node(
      "tr",
      {},
      node("th", { scope: "row" }, node("code", {}, row.name)),
      node("td", { className: "number" }, row.value),
      node("td", { className: "number" }, row.range || "–"),
      node("td", {}, node("span", { className: `kind ${row.kind}` }, row.kind)),
      node("td", {}, row.as_of),
      node("td", { className: "text" }, source(row)),
    ),
  );
  const heads = ["Figure", "Value", "P10–P90", "Kind", "As of", "Source"];
  return scrolling(
    "Figures and their sources",
    node("table", {}, node("thead", {}, node("tr", {}, heads.map((head, at) => node("th", { scope: "col", className: at === 1 || at === 2 ? "number" : undefined }, head)))), node("tbody", {}, made)),
  );
};

const folded = (key, title, ...inside) =>
  node("details", { className: "folded", data: { keep: key } }, node("summary", {}, node("h2", {}, title)), ...inside);

const chartsOf = (report) => report.sections.flatMap((each) => each?.charts ?? []);

// Parts of an answer by their key: what is told apart, what makes them, and for sections what they were read from.
const parts = (report, follow) => [
  ["header", [report.title, report.question, report.verdict, report.good], () =>
    node("header", {}, node("p", { className: "brand" }, report.title), node("h1", {}, report.question),
      node("p", { className: `verdict ${report.good ? "good" : "bad"}` }, report.verdict))],
  report.cards.length && ["cards", report.cards, () => cards(report.cards, follow)],
  report.assumptions.length && ["assumptions", report.assumptions, () =>
    folded("assumptions", `What the answer assumes (${report.assumptions.length})`,
      node("p", { className: "lead" }, "Nobody has measured these; each can be replaced, in the question or by changing the figure."),
      figures(report.assumptions))],
  ...report.sections.map((each, at) => each && [`${SECTION}${at + 1}`, { ...each, charts: each.charts.map(({ option, ...rest }) => rest) }, () => section(each, at + 1), each]),
  report.notes.length && ["notes", report.notes, () => node("section", { "aria-labelledby": "notes" }, node("h2", { id: "notes" }, "What to know"), notes(report.notes))],
  report.figures.length && ["figures", report.figures, () => folded("figures", `Figures and their sources (${report.figures.length})`, figures(report.figures))],
  ["footer", report.made, () => node("footer", {}, `Tenfold ${report.made.tenfold}, catalog ${report.made.catalog}${report.made.overrides.length ? `, changed: ${report.made.overrides.join("; ")}` : ""}, seed ${report.made.seed}. P10, P50 and P90 are the values that 10, 50 and 90 % of outcomes stay below.`)],
].filter(Boolean);

const seen = (element) => {
  const box = element.getBoundingClientRect();
  return box.bottom > -80 && box.top < window.innerHeight + 80;
};

const SECTION = "section-";
let standing = new Map();

// Places of the sections in sight: of a preview no others are asked for, and what is out of sight waits for the answer.
export const sectionsSeen = () =>
  [...standing].filter(([key, { element }]) => key.startsWith(SECTION) && seen(element)).map(([key]) => Number(key.slice(SECTION.length)) - 1);

// A preview with what it leaves out as it was before.
export const filled = (found, before) => ({
  ...found,
  figures: before.figures,
  assumptions: before.assumptions,
  sections: found.sections.map((each, at) => each ?? before.sections[at]),
});

// Draw a report into a place: what is equal stays. What was open stays open, charts that stay are changed in place, and the focus is kept.
export const show = async (place, report, follow, preview) => {
  const focused = document.activeElement?.dataset?.number;
  const open = new Set([...place.querySelectorAll("details[open]")].map((each) => each.dataset.keep));
  const next = new Map();
  for (const [key, facts, make, from] of parts(report, follow)) {
    const there = standing.get(key);
    const said = from && there?.from === from ? there.said : JSON.stringify(facts);
    if (there?.element.isConnected && there.said === said) next.set(key, { ...there, from });
    else {
      const element = make();
      for (const details of [element, ...element.querySelectorAll("details")]) {
        if (details.dataset.keep && open.has(details.dataset.keep)) details.open = true;
      }
      next.set(key, { element, said, from });
    }
  }
  standing = next;
  const wanted = [...next.values()].map((each) => each.element);
  const now = [...place.children];
  if (wanted.length === now.length) wanted.forEach((element, at) => element !== now[at] && now[at].replaceWith(element));
  else place.replaceChildren(...wanted);
  if (focused && document.activeElement === document.body) place.querySelector(`[data-number="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  await draw(chartsOf(report), preview ? seen : () => true);
};
