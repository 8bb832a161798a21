// What every page has: keys, finding, help; then the page's own module.
import { byId, node } from "./nodes.js";
import { kept, keep } from "./state.js";
import { got } from "./ask.js";
import { patterns, redraw } from "./charts.js";

const PAGES = { ask: "./question.js", compare: "./compare.js", study: "./study.js", studies: "./studies.js", catalog: "./catalog.js" };

let places = null;
const find = async () => {
  const panel = byId("find");
  if (!panel.open) panel.showModal();
  byId("find-text").value = "";
  byId("find-text").focus();
  try {
    places ??= await got("/api/v1/places");
  } catch {
    places = null;
  }
  list(byId("find-text").value);
};

const list = (text) => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (each) => words.every((word) => `${each.title} ${each.words}`.toLowerCase().includes(word));
  const found = (places ?? []).filter(fits).slice(0, 40);
  byId("found").replaceChildren(...found.map((each, at) =>
    node("li", {}, node("a", { href: each.address, className: at ? undefined : "first" }, node("strong", {}, each.title), " ", node("span", {}, each.words)))));
  byId("find-count").textContent = `${found.length} found`;
};

const finding = () => {
  byId("find-text").addEventListener("input", (event) => list(event.target.value));
  byId("find").addEventListener("keydown", (event) => {
    const links = [...byId("found").querySelectorAll("a")];
    const now = links.indexOf(document.activeElement);
    if (event.key === "Enter" && now < 0 && links.length) links[0].click();
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const next = event.key === "ArrowDown" ? Math.min(now + 1, links.length - 1) : now - 1;
    (next < 0 ? byId("find-text") : links[next])?.focus();
  });
};

const told = (name) => document.dispatchEvent(new CustomEvent(`tenfold:${name}`));

const keys = (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.preventDefault();
    return told("run");
  }
  const typing = event.target.matches?.("input:not([type=range]):not([type=checkbox]), textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const act = { "/": find, "?": () => byId("help").showModal(), c: () => told("pin"), l: () => told("share") }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
};

const settings = () => {
  const box = byId("patterns");
  patterns.on = kept("patterns", patterns.on);
  box.checked = patterns.on;
  box.addEventListener("change", () => {
    patterns.on = box.checked;
    keep("patterns", box.checked);
    redraw();
  });
};

document.addEventListener("keydown", keys);
for (const each of document.querySelectorAll("[data-open]")) each.addEventListener("click", () => (each.dataset.open === "find" ? find() : byId(each.dataset.open).showModal()));
for (const each of document.querySelectorAll("dialog")) each.addEventListener("click", (event) => { if (event.target === each) each.close(); });
byId("menu").addEventListener("click", () => {
  const open = byId("menu").getAttribute("aria-expanded") !== "true";
  byId("menu").setAttribute("aria-expanded", String(open));
});
finding();
settings();
for (const each of document.querySelectorAll("[data-pins]")) each.textContent = String(kept("pins", []).length || "");
const own = PAGES[document.body.dataset.page];
document.body.dataset.ready = "yes";
if (own) (await import(own)).start();
