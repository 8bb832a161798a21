// Pinned answers side by side: inputs that differ or are equal, key numbers with their ranges, charts of the same key.
import { sent } from "./ask.js";
import { draw } from "./charts.js";
import { grid } from "./answer.js";
import { byId, node } from "./nodes.js";
import { keep, kept, packed } from "./state.js";

const LETTERS = "ABCD";
let which = "different";
let found = [];

const leaves = (value, place = "") =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, each]) => leaves(each, place ? `${place}.${key}` : key))
    : [[place, Array.isArray(value) ? value.map((each) => (typeof each === "object" ? JSON.stringify(each) : each)).join(", ") : String(value)]];

const inputs = () => {
  const all = found.map((each) => new Map(leaves(each.tree)));
  const paths = [...new Set(all.flatMap((each) => [...each.keys()]))];
  const rows = paths.map((path) => [path, ...all.map((each) => each.get(path) ?? "–")]);
  const isEqual = (row) => new Set(row.slice(1)).size === 1;
  const shown = rows.filter((row) => which === "all" || isEqual(row) === (which === "equal"));
  return grid({ headers: ["Input", ...heads()], rows: shown.length ? shown : [["none", ...found.map(() => "")]] });
};

const heads = () => found.map((_, at) => LETTERS[at]);

const numbers = () => {
  const names = [...new Set(found.flatMap((each) => each.report.cards.map((card) => card.name)))];
  const rows = names.map((name) => [name, ...found.map((each) => {
    const card = each.report.cards.find((one) => one.name === name);
    return card ? (card.low ? `${card.value}\n${card.low} to ${card.high}` : card.value) : "–";
  })]);
  return grid({ headers: ["Number", ...heads()], rows, numeric: ` ${"r".repeat(found.length)}` });
};

const wins = (pairs) => pairs.length ? grid({
  title: "Under the same luck",
  headers: ["Number", "Which", "Lower in"],
  rows: pairs.map((each) => [each.name, `${each.a} below ${each.b}`, `${Math.round(100 * each.share)} % of draws`]),
}) : [];

// Charts that are lines or points over the same axes lie over one another; others stand side by side.
const overlaid = (key) => {
  const charts = found.map((each) => each.report.sections.flatMap((section) => section.charts).find((chart) => chart.key === key));
  const first = charts.find(Boolean);
  const lies = charts.every((chart) => chart && chart.option.series.every((series) => ["line", "scatter"].includes(series.type)) && JSON.stringify(chart.option.xAxis) === JSON.stringify(first.option.xAxis));
  const dashes = ["solid", "dashed", "dotted", [8, 3, 2, 3]];
  const symbols = ["circle", "diamond", "triangle", "rect"];
  if (lies) {
    const series = charts.flatMap((chart, at) => chart.option.series.map((one) => ({
      ...one, name: `${LETTERS[at]} ${one.name ?? ""}`, symbol: one.symbol === "none" ? "none" : symbols[at],
      lineStyle: { ...one.lineStyle, type: dashes[at], color: `var(--c${at + 1})` }, itemStyle: { ...one.itemStyle, color: `var(--c${at + 1})` },
    })));
    return [{ ...first, key: `${key}-all`, option: { ...first.option, series }, colours: heads().map((letter, at) => [letter, `var(--c${at + 1})`]) }];
  }
  return charts.map((chart, at) => chart && { ...chart, key: `${key}-${LETTERS[at]}`, title: `${LETTERS[at]}: ${chart.title}` }).filter(Boolean);
};

const figure = (chart) => node("figure", { className: "panel" }, node("h3", {}, chart.title),
  node("div", { className: "chart", id: `chart-${chart.key}`, role: "img", "aria-label": chart.summary, style: { height: `${chart.height_px}px` } }),
  chart.colours.length ? node("ul", { className: "legend", "aria-hidden": "true" }, chart.colours.map(([name, colour]) => node("li", {}, node("span", { style: { background: colour } }), name))) : null,
  node("details", {}, node("summary", {}, "Show as a table"), grid({ headers: chart.headers, rows: chart.rows, numeric: ` ${"r".repeat(20)}` })));

const paint = async (pairs) => {
  const keys = [...new Set(found.flatMap((each) => each.report.sections.flatMap((section) => section.charts.map((chart) => chart.key))))];
  const groups = keys.map(overlaid);
  const choose = ["different", "equal", "all"].map((word) => node("button", { type: "button", className: `button${word === which ? " first" : ""}`, "aria-pressed": String(word === which), on: { click: () => { which = word; paint(pairs); } } }, word));
  byId("compared").replaceChildren(
    node("ul", { className: "tiles" }, found.map((each, at) => node("li", { className: "panel" },
      node("strong", {}, `${LETTERS[at]}  `), each.report.verdict, node("p", { className: "row" },
        node("a", { className: "button", href: each.address }, "Open"),
        node("button", { type: "button", className: "button", on: { click: () => drop(at) } }, "Take away"))))),
    node("h2", {}, "Key numbers"), ...numbers().filter(Boolean), ...wins(pairs).filter(Boolean),
    node("h2", {}, "Inputs"), node("div", { className: "row" }, choose), ...inputs().filter(Boolean),
    node("h2", {}, "Charts"), ...groups.map((group) => node("div", { className: "columns" }, group.map(figure))),
  );
  await draw(groups.flat());
};

const drop = (at) => {
  keep("pins", kept("pins", []).filter((_, place) => place !== at));
  location.reload();
};

const answered = async (pin) => {
  const base = `/api/v1/questions/${encodeURIComponent(pin.name.replaceAll(" ", "-"))}`;
  const read = await (await sent(`${base}/form`, { toml: pin.toml })).json();
  const body = { tree: read.tree, seed: pin.seed, changes: pin.changes };
  const report = await (await sent(`${base}/report`, body)).json();
  return { ...pin, ...body, report, address: `/ask/${pin.name.replaceAll(" ", "-")}#${await packed(pin)}` };
};

export const start = async () => {
  const pins = kept("pins", []).slice(0, 4);
  if (!pins.length) return;
  byId("status").textContent = "Answering…";
  try {
    found = await Promise.all(pins.map(answered));
    const same = new Set(found.map((each) => each.name)).size === 1 && found.length > 1;
    const pairs = same ? (await (await sent("/api/v1/compare", { name: found[0].name, asked: found.map(({ tree, seed, changes }) => ({ tree, seed, changes })) })).json()).pairs : [];
    byId("status").textContent = `${found.length} answers`;
    await paint(pairs);
  } catch (trouble) {
    byId("status").textContent = `These cannot be compared: ${trouble.message}`;
  }
};
