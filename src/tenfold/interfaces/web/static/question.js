// The page of a question: form and file as one state, a preview at once, the whole answer after, and what can be done with it.
import { Refused, isStale, sent, stop } from "./ask.js";
import { filled, sectionsSeen, show } from "./answer.js";
import { exported, pictured } from "./files.js";
import { Form } from "./form.js";
import { atLength } from "./long.js";
import { byId, node, pageData, toast } from "./nodes.js";
import { keep, kept, packed, unpacked, withValue } from "./state.js";
import { written } from "./toml.js";
import { explain } from "./why.js";

const data = pageData();
const base = `/api/v1/questions/${data.address}`;
const state = { toml: data.example.toml, tree: data.example.tree, seed: undefined, changes: {}, linked: false };
const PAUSE_MS = 280;
const STALE_MS = 200;
let form;
let report = null;
let shown = 0;

const status = (kind, words) => {
  document.body.dataset.state = kind;
  byId("status").textContent = words;
};

const envelope = () => ({ tree: state.tree, seed: state.seed, changes: state.changes });

const landed = async (found, kind, began) => {
  const first = report === null;
  report = kind === "preview" && report ? filled(found, report) : found;
  form.show(state.tree, found.numbers);
  form.problems([]);
  byId("goes-on").hidden = true;
  await show(byId("answer"), report, (path) => explain(path, base, envelope(), changeFigure), kind === "preview");
  if (first) keep(`seen.${data.address}`, true);
  const took = Math.round(performance.now() - began);
  status(kind, kind === "preview" ? `Preview, ${took} ms` : `Answer, ${took < 1000 ? `${took} ms` : `${(took / 1000).toFixed(1)} s`}`);
  document.body.dataset.shown = String((shown += 1));
};

const isTooMuch = (trouble) => trouble.problem?.type === "/problems/too-much-work";

const refused = (trouble) => {
  if (isStale(trouble)) return;
  if (!(trouble instanceof Refused)) return status("wrong", "Tenfold does not answer; is it still running?");
  if (isTooMuch(trouble)) return asStudy();
  form.problems(trouble.problems.length ? trouble.problems : [{ key: "", wrong: trouble.message, remedy: "" }]);
  const count = trouble.problems.length;
  status("wrong", count ? `${count} ${count === 1 ? "value" : "values"} to look at` : trouble.message);
  document.body.dataset.shown = String((shown += 1));
};

// One preview at a time: a newer state waits for it, unless it takes long, and then it is ended. None while it is too much.
let flying = 0;
let pending = false;
let isQuick = true;
const preview = async () => {
  if (!isQuick) return;
  if (flying) {
    pending = true;
    if (performance.now() - flying > STALE_MS) stop("preview");
    return;
  }
  const began = (flying = performance.now());
  try {
    const found = await (await sent(`${base}/preview`, { ...envelope(), seen: report ? sectionsSeen() : undefined }, "preview")).json();
    await landed(found, "preview", began);
  } catch (trouble) {
    if (isTooMuch(trouble)) isQuick = false;
    else refused(trouble);
  } finally {
    flying = 0;
    if (pending) {
      pending = false;
      preview();
    } else if (waiting) settle();
  }
};

// The answer to an older state is of no use; that to the newer one is asked for once it rests: so long after the last
// change and its preview, which it would take the processor from.
let pausing = 0;
let waiting = false;
const settle = (after = PAUSE_MS) => {
  stop("full");
  turn += 1;
  waiting = false;
  clearTimeout(pausing);
  pausing = setTimeout(rested, after);
};

const rested = () => {
  if (flying) waiting = true;
  else full();
};

// The whole answer makes a preview that waits needless: it would come after, and stay.
const full = async () => {
  clearTimeout(pausing);
  pending = waiting = false;
  const began = performance.now();
  if (!report) status("asking", "Answering…");
  try {
    const found = await (await sent(`${base}/report`, envelope(), "full")).json();
    stop("preview");
    isQuick = true;
    await landed(found, "full", began);
    weigh();
  } catch (trouble) {
    refused(trouble);
  }
};

// What moves the answer: asked once the page is quiet.
let weighed = "";
const weigh = async () => {
  const key = JSON.stringify(state.tree);
  if (weighed === key) return;
  weighed = key;
  try {
    const found = await (await sent(`${base}/movers`, envelope(), "movers")).json();
    form.weigh(found.movers);
    keep(`movers.${data.address}`, found.movers.slice(0, 10).map((each) => each.path));
  } catch (trouble) {
    if (!isStale(trouble)) weighed = "";
  }
};

// Whoever changes the question waits no longer for the answer at length to the older one.
let turn = 0;
const asStudy = async () => {
  const [began, own] = [performance.now(), (turn += 1)];
  const told = (study) => {
    status("study", "This takes longer: it goes on as a study");
    byId("goes-on").replaceChildren("This takes longer than a page may wait. It goes on ", node("a", { href: `/studies/${study}` }, "as a study"), " and is shown here when it is done.");
    byId("goes-on").hidden = false;
  };
  try {
    const found = await atLength({ name: data.name, ...envelope() }, told, () => own === turn);
    if (found && own === turn) await landed(found, "full", began);
  } catch (trouble) {
    if (own === turn) status("wrong", trouble.message);
  }
};

const remember = () => state.linked || keep(`draft.${data.address}`, { toml: state.toml, seed: state.seed, changes: state.changes });

const changed = (path, value, how) => {
  state.tree = withValue(state.tree, path, value);
  state.toml = written(state.toml, path, value);
  if (document.activeElement !== byId("toml")) byId("toml").value = state.toml;
  remember();
  stop("movers");
  preview();
  settle(how === "choose" ? 40 : PAUSE_MS);
};

// The file was changed: the server reads it, and the form follows.
const readText = async (then = preview) => {
  try {
    const found = await (await sent(`${base}/form`, { toml: state.toml }, "form")).json();
    state.tree = found.tree;
    form.show(found.tree, found.numbers);
    form.problems(found.problems);
    remember();
    if (found.problems.length) return status("wrong", `${found.problems.length} to look at`);
    if (then) then();
    settle(then ? PAUSE_MS : 0);
  } catch (trouble) {
    refused(trouble);
  }
};

const changeFigure = (name, text) => {
  state.changes = { ...state.changes };
  if (text) state.changes[name] = text;
  else delete state.changes[name];
  showChanges();
  remember();
  preview();
  settle(40);
};

const showChanges = () => {
  const names = Object.entries(state.changes);
  byId("changes").hidden = !names.length;
  byId("changes").replaceChildren(
    node("h3", {}, "Changed figures"),
    node("ul", {}, names.map(([name, text]) => node("li", {}, node("code", {}, name), ` ${text} `, node("button", { type: "button", className: "quiet", on: { click: () => changeFigure(name, "") } }, "Undo")))),
  );
};

const held = () => ({ name: data.name, toml: state.toml, seed: state.seed, changes: state.changes, catalog: data.catalog, tenfold: data.tenfold });

const link = async () => `${location.origin}/ask/${data.address}#${await packed(held())}`;

const share = async () => {
  const address = await link();
  history.replaceState(null, "", address);
  try {
    await navigator.clipboard.writeText(address);
    toast("The link is copied: it holds the question, seed and catalog version");
  } catch {
    toast("The link is in the address bar: it holds the question, seed and catalog version");
  }
};

const pin = () => {
  const pins = kept("pins", []);
  if (pins.length >= 4) return toast("Four answers are pinned; take one away on the page that compares them");
  const title = report?.verdict ?? data.summary;
  keep("pins", [...pins, { ...held(), title }]);
  countPins();
  toast(`Pinned as ${"ABCD"[pins.length]}: compare with the link at the left`);
};

export const countPins = () => {
  const count = kept("pins", []).length;
  for (const each of document.querySelectorAll("[data-pins]")) each.textContent = count ? String(count) : "";
};

const openText = (path) => {
  tab("file");
  const area = byId("toml");
  const place = area.value.search(new RegExp(`^\\s*\\[?\\[?${path.replaceAll(".", "\\.")}\\b`, "m"));
  area.focus();
  if (place >= 0) area.setSelectionRange(place, place);
};

const tab = (which) => {
  document.body.dataset.tab = which;
  for (const each of document.querySelectorAll("[role=tab]")) {
    const on = each.dataset.tab === which;
    each.setAttribute("aria-selected", String(on));
    each.tabIndex = on ? 0 : -1;
  }
};

const tabs = () => {
  const all = [...document.querySelectorAll("[role=tab]")];
  all.forEach((each, place) => {
    each.addEventListener("click", () => tab(each.dataset.tab));
    each.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      const next = all[(place + 1) % all.length];
      tab(next.dataset.tab);
      next.focus();
    });
  });
  tab("form");
};

const opened = async () => {
  const hash = location.hash.slice(1);
  const example = new URLSearchParams(location.search).get("preset");
  if (example && data.preset) return { ...data.preset, linked: true };
  if (!hash) return kept(`draft.${data.address}`, null);
  try {
    const found = await unpacked(hash);
    const other = found.catalog && found.catalog !== data.catalog;
    if (other) byId("notice").textContent = `This link was made with catalog ${found.catalog}; yours is ${data.catalog}, so numbers may differ.`;
    byId("notice").hidden = !other;
    return { ...found, linked: true };
  } catch {
    byId("notice").textContent = "The link cannot be read; here is the example instead.";
    byId("notice").hidden = false;
    return null;
  }
};

export const start = async () => {
  form = new Form(byId("form"), data.form, data.units, changed, openText);
  form.remembered = kept(`movers.${data.address}`, null);
  tabs();
  const found = await opened();
  if (found) Object.assign(state, { toml: found.toml, seed: found.seed, changes: found.changes ?? {}, linked: Boolean(found.linked) });
  byId("toml").value = state.toml;
  showChanges();
  if (!found) form.show(state.tree, data.numbers);
  byId("toml").addEventListener("input", () => {
    state.toml = byId("toml").value;
    clearTimeout(pausing);
    pausing = setTimeout(readText, PAUSE_MS);
  });
  byId("seed").value = state.seed ?? "";
  byId("seed").addEventListener("change", () => {
    state.seed = byId("seed").value === "" ? undefined : Number(byId("seed").value);
    remember();
    full();
  });
  byId("run").addEventListener("click", full);
  byId("share").addEventListener("click", share);
  byId("pin").addEventListener("click", pin);
  byId("reset").addEventListener("click", () => {
    keep(`draft.${data.address}`, undefined);
    location.href = `/ask/${data.address}`;
  });
  for (const each of document.querySelectorAll("[data-export]")) each.addEventListener("click", () => exported(each.dataset.export, () => ({ name: data.address, base, envelope: envelope(), toml: state.toml })));
  byId("answer").addEventListener("click", (event) => {
    const wanted = event.target.closest?.("[data-picture]");
    if (wanted) pictured(wanted.dataset.chart, wanted.dataset.picture, data.address);
  });
  document.addEventListener("tenfold:run", full);
  document.addEventListener("tenfold:pin", pin);
  document.addEventListener("tenfold:share", share);
  if (found) await readText(null);
  else full();
};
