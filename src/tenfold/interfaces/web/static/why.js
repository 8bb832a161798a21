// Why this number: its equation, terms and figures, down to source and date; a figure can be changed from here.
import { isStale, sent } from "./ask.js";
import { byId, node, safe } from "./nodes.js";

const printed = (value) => (typeof value === "number" ? Number(value.toPrecision(4)).toLocaleString("en") : JSON.stringify(value));

const termRows = (found) => {
  const terms = Object.entries(found.terms).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  const most = Math.max(...terms.map(([, value]) => Math.abs(value)), 1e-300);
  return node("table", {}, node("tbody", {}, terms.map(([name, value]) =>
    node("tr", {}, node("th", { scope: "row" }, name.replaceAll("_", " ")), node("td", { className: "bar" }, node("span", { style: { width: `${(100 * Math.abs(value)) / most}%` } })), node("td", { className: "number" }, `${printed(value)} ${found.terms_unit}`)))));
};

const figureRow = (each, change) => {
  const input = node("input", { type: "text", "aria-label": `New value of ${each.figure}`, placeholder: `${each.value} ${each.unit}` });
  const form = node("form", { className: "change", on: { submit: (event) => { event.preventDefault(); if (input.value.trim()) { change(each.figure, input.value.trim()); byId("why").close(); } } } }, input, node("button", { type: "submit" }, "Change this figure"));
  return node(
    "details",
    { className: "figure" },
    node("summary", {}, node("code", {}, each.figure), " ", node("strong", {}, `${printed(each.value)} ${each.unit === "1" ? "" : each.unit}`), " ", node("span", { className: `kind ${each.kind}` }, each.kind)),
    node("p", {}, each.links.length ? node("a", { href: safe(each.links[0]), rel: "noopener noreferrer", target: "_blank" }, each.source_title) : each.source_title, `, ${each.as_of}`, each.low !== null && each.low !== undefined ? `; P10–P90 ${printed(each.low)} to ${printed(each.high)}` : ""),
    each.note && node("p", { className: "note" }, each.note),
    each.changeable ? form : null,
  );
};

// Open the panel for the number at a path; without one, list what can be followed.
export const explain = async (path, base, envelope, change) => {
  const panel = byId("why");
  const inside = byId("why-inside");
  inside.replaceChildren(node("p", { className: "lead" }, "Following the number…"));
  if (!panel.open) panel.showModal();
  try {
    const found = await (await sent(`${base}/explain?number=${encodeURIComponent(path)}`, envelope, "why")).json();
    inside.replaceChildren(
      node("p", { className: "brand" }, "Why this number"),
      node("h2", { id: "why-title" }, found.number),
      node("p", { className: "equation" }, found.equation),
      node("p", { className: "lead" }, found.words),
      ...(Object.keys(found.terms).length ? [node("h3", {}, "Terms at P50"), termRows(found)] : []),
      ...(found.figures.length ? [node("h3", {}, `Figures under it (${found.figures.length})`), ...found.figures.map((each) => figureRow(each, change))] : []),
    );
  } catch (trouble) {
    if (!isStale(trouble)) inside.replaceChildren(node("p", {}, trouble.message));
  }
};
