// A study: how far it is, its cells as parallel coordinates, the front of two numbers, the best cells.
import { got } from "./ask.js";
import { draw } from "./charts.js";
import { grid, show } from "./answer.js";
import { byId, node, pageData, toast } from "./nodes.js";

let data = pageData();
let chosen = [];
const short = (value) => (typeof value === "number" ? Number(value.toPrecision(4)).toLocaleString("en") : Array.isArray(value) ? value.join(", ") : String(value ?? "–"));

const varying = () => {
  const spread = data.numbers.filter((_, at) => new Set(data.rows.map((row) => row.numbers[at])).size > 1);
  const middle = spread.filter((name) => !/\.p(10|90)$/.test(name));
  return middle.length ? middle : spread;
};

const of = (row, name) => row.numbers[data.numbers.indexOf(name)];

const axisOf = (name, at, values) => {
  const numbers = values.every((value) => typeof value === "number");
  return numbers
    ? { dim: at, name, scale: true, nameTextStyle: { fontSize: 11 } }
    : { dim: at, name, type: "category", data: [...new Set(values.map(short))], nameTextStyle: { fontSize: 11 } };
};

const parallel = () => {
  const names = [...data.paths, ...chosen];
  const rows = data.rows.filter((row) => !row.wrong);
  const values = names.map((name) => rows.map((row) => (data.paths.includes(name) ? row.values[name] : of(row, name))));
  const axes = names.map((name, at) => axisOf(name, at, values[at]));
  const items = rows.map((_, at) => names.map((__, axis) => (axes[axis].type ? short(values[axis][at]) : values[axis][at] ?? "-")));
  return {
    key: "parallel", title: "Every cell", note: "A line for each cell: what was varied at the left, what came of it at the right.",
    summary: `${rows.length} cells over ${names.length} axes`, height_px: 360, colours: [],
    headers: ["cell", ...names], rows: rows.slice(0, 200).map((row, at) => [String(row.cell), ...values.map((each) => short(each[at]))]),
    option: { animation: false, parallel: { left: 50, right: 80, top: 40, bottom: 20 }, parallelAxis: axes, series: [{ type: "parallel", lineStyle: { color: "var(--c1)", opacity: 0.35, width: 1 }, data: items, name: "cells" }], tooltip: {} },
  };
};

const isFront = (points, point) => !points.some((other) => other.x <= point.x && other.y <= point.y && (other.x < point.x || other.y < point.y));

const front = () => {
  const [x, y] = chosen;
  if (!y) return null;
  const points = data.rows.filter((row) => !row.wrong && of(row, x) !== null && of(row, y) !== null).map((row) => ({ x: of(row, x), y: of(row, y), row }));
  const best = points.filter((point) => isFront(points, point)).sort((a, b) => a.x - b.x);
  const item = (point) => ({ value: [point.x, point.y], name: `cell ${point.row.cell}`, text: `${short(point.x)}; ${short(point.y)}` });
  const label = (text) => ({ name: text, nameLocation: "middle", nameGap: 30, type: "value", scale: true });
  return {
    key: "front", title: `${y} against ${x}`, note: "Less is better in both on the front; no cell beats one of it in both.", summary: `${points.length} cells, ${best.length} on the front`, height_px: 380,
    colours: [["cells", "var(--muted)"], ["front", "var(--c1)"]], headers: ["cell", x, y], rows: best.map((point) => [String(point.row.cell), short(point.x), short(point.y)]),
    option: { animation: false, grid: { left: 60, right: 24, top: 16, bottom: 44 }, xAxis: label(x), yAxis: { ...label(y), nameGap: 52 }, tooltip: { confine: true },
      series: [{ type: "scatter", name: "cells", symbolSize: 7, itemStyle: { color: "var(--muted)" }, data: points.map(item) }, { type: "line", name: "front", symbol: "diamond", symbolSize: 9, lineStyle: { color: "var(--c1)" }, itemStyle: { color: "var(--c1)" }, data: best.map(item) }] },
  };
};

const figure = (chart) => node("figure", { className: "panel wide" }, node("h3", {}, chart.title), node("p", { className: "note" }, chart.note),
  node("div", { className: "chart", id: `chart-${chart.key}`, role: "img", "aria-label": chart.summary, style: { height: `${chart.height_px}px` } }),
  node("details", {}, node("summary", {}, "Show as a table"), grid({ headers: chart.headers, rows: chart.rows, numeric: "r".repeat(chart.headers.length) })));

const choice = (place, names) => node("label", {}, place ? "against " : "Number ", node("select", { on: { change: (event) => { chosen[place] = event.target.value; paint(); } } }, names.map((name) => node("option", { value: name, selected: name === chosen[place] }, name))));

const bestCells = () => {
  const rows = data.rows.filter((row) => !row.wrong && of(row, chosen[0]) !== null).sort((a, b) => of(a, chosen[0]) - of(b, chosen[0])).slice(0, 12);
  return grid({ title: `Cells with the least ${chosen[0]}`, headers: ["cell", ...data.paths, ...chosen], numeric: "r".repeat(1 + data.paths.length + chosen.length), rows: rows.map((row) => [String(row.cell), ...data.paths.map((path) => short(row.values[path])), ...chosen.map((name) => short(of(row, name)))]) });
};

const paint = async () => {
  if (data.drawn) return show(byId("drawn"), await got(`/api/v1/studies/${data.study}/report`), null, false);
  const names = varying();
  chosen = chosen.filter((name) => names.includes(name));
  if (!chosen.length) chosen = names.slice(0, 2);
  const charts = data.rows.length > 1 && chosen.length ? [parallel(), front()].filter(Boolean) : [];
  const wrong = data.rows.filter((row) => row.wrong);
  byId("drawn").replaceChildren(
    ...(names.length ? [node("p", { className: "row" }, chosen.map((_, at) => choice(at, names)))] : []),
    ...charts.map(figure),
    ...(chosen.length ? bestCells() : []).filter(Boolean),
    ...(wrong.length ? grid({ title: "Cells without an answer", headers: ["cell", "why"], rows: wrong.slice(0, 50).map((row) => [String(row.cell), row.wrong]) }).filter(Boolean) : []),
  );
  await draw(charts);
};

// Time left at the pace that this page has seen.
const seen = { at: performance.now(), count: data.done + data.failed };
const left = (count) => {
  const per_s = (count - seen.count) / ((performance.now() - seen.at) / 1000);
  if (!data.working || !(per_s > 0)) return "";
  const seconds = (data.cells - count) / per_s;
  return seconds < 90 ? `, about ${Math.ceil(seconds)} s left` : `, about ${Math.ceil(seconds / 60)} minutes left`;
};

const stands = () => {
  const count = data.done + data.failed;
  byId("status").textContent = `${count.toLocaleString("en")} of ${data.cells.toLocaleString("en")} done${data.failed ? `, ${data.failed} without an answer` : ""}${data.working ? `; working${left(count)}` : ""}. Catalog ${data.catalog}, made ${data.made}.`;
  byId("meter").setAttribute("aria-valuenow", String(count));
  byId("meter").firstChild.style.setProperty("width", `${(100 * count) / Math.max(data.cells, 1)}%`);
  byId("resume").hidden = data.working || count === data.cells;
};

const watch = async () => {
  const before = data.done + data.failed;
  try {
    data = await got(`/api/v1/studies/${data.study}`);
  } catch {
    return;
  }
  stands();
  if (data.done + data.failed !== before) await paint();
  if (data.working || data.done + data.failed < data.cells) setTimeout(watch, 1500);
};

export const start = async () => {
  stands();
  byId("resume").addEventListener("click", async () => {
    await got(`/api/v1/studies/${data.study}/resume`, "POST");
    toast("Working on it");
    setTimeout(watch, 500);
  });
  byId("delete").addEventListener("click", async () => {
    if (byId("delete").dataset.sure !== "yes") {
      byId("delete").dataset.sure = "yes";
      byId("delete").textContent = "Delete for good?";
      return;
    }
    await fetch(`/api/v1/studies/${data.study}`, { method: "DELETE" });
    location.href = "/studies";
  });
  await paint();
  if (data.done + data.failed < data.cells) watch();
};
