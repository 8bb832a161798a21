// A question's form, made from its record: what each field may hold, where it stands on a slider, what is wrong with it.
import { node } from "./nodes.js";
import { STEPS, placeOf, said, scaleOf, valueAt, whole } from "./numbers.js";
import { at } from "./state.js";
import { got } from "./ask.js";
import { tomlValue } from "./toml.js";

const isNumber = (field) => (field.kind === "amount" || field.kind === "whole") && !field.many;
const plainNumber = /^[+-]?\d+(\.\d+)?$/;

const rawOf = (field, text) => {
  const words = text.trim();
  if (words === "") return undefined;
  if (field.many) return words.split(",").map((each) => rawOf({ ...field, many: false }, each)).filter((each) => each !== undefined);
  return isNumber(field) && plainNumber.test(words) ? Number(words) : words;
};

const textOf = (value) => (value === undefined || value === null ? "" : Array.isArray(value) ? value.map((each) => (typeof each === "object" ? tomlValue(each) : each)).join(", ") : typeof value === "object" ? tomlValue(value) : String(value));

const lists = new Map();
const names = ({ folder, words }) => {
  if (!lists.has(folder)) {
    const list = node("datalist", { id: `names-${folder}` }, (words ?? []).map((word) => node("option", { value: word })));
    document.body.append(list);
    lists.set(folder, got(`/api/v1/catalog/${folder}/names`).then((found) => list.append(...found.map((name) => node("option", { value: name })))).catch(() => {}));
  }
  return `names-${folder}`;
};

export class Form {
  // ``changed(path, value, how)`` is told of every change: how is "slide", "type" or "choose".
  constructor(place, fields, units, changed, openText) {
    Object.assign(this, { place, fields, units, changed, openText, tree: {}, numbers: {}, rows: new Map(), ranks: {} });
  }

  // Show a tree; the field that somebody is in keeps what is typed.
  show(tree, numbers) {
    const shape = JSON.stringify(this.kindsOf(tree));
    Object.assign(this, { tree, numbers });
    if (shape !== this.shape) {
      this.shape = shape;
      this.build();
    }
    for (const row of this.rows.values()) row.update();
  }

  kindsOf(tree) {
    const found = {};
    const walk = (fields, prefix) => {
      for (const field of fields) {
        const path = prefix + field.key;
        if (field.kind === "table") walk(field.fields, `${path}.`);
        if (field.kind === "kinds") {
          found[path] = at(tree, `${path}.kind`) ?? Object.keys(field.kinds)[0];
          walk(field.kinds[found[path]] ?? [], `${path}.`);
        }
        const held = at(tree, path);
        if (held !== null && typeof held === "object" && !Array.isArray(held) && !field.fields && !field.kinds) found[path] = "table";
        if (field.kind === "rows") found[path] = this.countOf(at(tree, path));
      }
    };
    walk(this.fields, "");
    return found;
  }

  countOf(value) {
    return Array.isArray(value) ? value.length : value ? Object.keys(value).length : 0;
  }

  build() {
    this.rows.clear();
    const [first, more] = [node("div", { className: "fields" }), node("div", { className: "fields" })];
    this.fill(this.fields, "", first, more, 0);
    const count = more.querySelectorAll(".field").length;
    this.general = node("ul", { className: "problems", hidden: true });
    this.place.replaceChildren(
      this.general,
      first,
      ...(count ? [node("details", { className: "more" }, node("summary", {}, `More (${count})`), more)] : []),
    );
  }

  fill(fields, prefix, first, more, depth) {
    for (const field of fields) {
      const path = prefix + field.key;
      if (field.kind === "table" || field.kind === "kinds") {
        const boxes = [first, more].map((box) => {
          const inner = node("fieldset", {}, node("legend", {}, field.label));
          box.append(inner);
          return inner;
        });
        if (field.kind === "kinds") {
          const kinds = Object.keys(field.kinds);
          if (kinds.length > 1) this.row({ ...field, key: "kind", kind: "choice", words: kinds, label: "Kind", required: true }, `${path}.kind`, boxes[0]);
          this.fill(field.kinds[at(this.tree, `${path}.kind`) ?? kinds[0]].filter((each) => each.key !== "kind"), `${path}.`, ...boxes, depth + 1);
        } else this.fill(field.fields, `${path}.`, ...boxes, depth + 1);
        for (const box of boxes) if (!box.querySelector(".field")) box.remove();
      } else {
        const given = at(this.tree, path) !== undefined;
        this.row(field, path, field.required || given || this.ranks[path] ? first : more);
      }
    }
  }

  row(field, path, box) {
    const id = `field-${path.replaceAll(/[^\w-]/g, "-")}`;
    const wrong = node("p", { className: "wrong", id: `${id}-wrong`, hidden: true });
    const row = { field, path, wrong, id };
    row.input = this.input(row);
    row.input.setAttribute("aria-describedby", `${id}-help ${id}-wrong`);
    const words = field.usual && !field.help.includes(field.usual) ? `${field.help} Usually ${field.usual}.` : field.help;
    row.weight = node("span", { className: "weight", hidden: true, "aria-hidden": "true" }, node("span", {}));
    const slider = isNumber(field) && this.slides(path) ? this.slider(row) : null;
    const group = row.group
      ? node("fieldset", { className: "checks", id }, node("legend", {}, field.label), row.input)
      : [node("label", { for: id }, field.label, field.required && node("span", { className: "needed", title: "must be given" }, " *")), row.weight, row.input];
    box.append(node("div", { className: `field ${field.kind}` }, group, slider, node("p", { className: "help", id: `${id}-help` }, words), wrong));
    row.slider = slider;
    row.update = () => this.update(row);
    this.rows.set(path, row);
  }

  slides(path) {
    return this.numbers[path] !== undefined && (!this.remembered || this.remembered.includes(path));
  }

  input(row) {
    const { field, path, id } = row;
    const choose = (value) => this.changed(path, value, "choose");
    if (field.kind === "rows") {
      const count = this.countOf(at(this.tree, path));
      return node("button", { id, type: "button", className: "quiet", on: { click: () => this.openText(path) } }, count ? `${count} in the file` : "Write in the file");
    }
    if (field.many && field.words?.length && field.words.length <= 12) {
      row.group = true;
      return node("span", { className: "options" }, field.words.map((word) =>
        node("label", {}, node("input", { type: "checkbox", value: word, on: { change: () => choose(this.checked(row)) } }), ` ${word}`)));
    }
    if (field.kind === "switch") return node("input", { id, type: "checkbox", on: { change: (event) => choose(event.target.checked) } });
    if (field.kind === "choice" && !field.many) {
      const usual = field.usual ?? (field.required ? "" : "left out");
      const options = [...(field.required ? [] : [node("option", { value: "" }, `${usual} (usual)`)]), ...field.words.map((word) => node("option", { value: word }, word))];
      return node("select", { id, on: { change: (event) => choose(event.target.value || undefined) } }, options);
    }
    const held = at(this.tree, path);
    if (held !== null && typeof held === "object" && !Array.isArray(held)) {
      return node("button", { id, type: "button", className: "quiet", on: { click: () => this.openText(path) } }, "A range in the file");
    }
    const typed = (event) => this.changed(path, rawOf(field, event.target.value), "type");
    const input = node("input", { id, type: "text", autocomplete: "off", spellcheck: "false", placeholder: field.usual ?? field.example ?? "", on: { input: typed } });
    if (field.folder && !field.many) input.addEventListener("focus", () => input.setAttribute("list", names(field)), { once: true });
    return input;
  }

  checked(row) {
    const found = [...row.input.querySelectorAll("input:checked")].map((each) => each.value);
    return found.length ? found : undefined;
  }

  slider(row) {
    const moved = (event) => {
      const base = row.base ?? this.numbers[row.path];
      const value = valueAt(row.scale, Number(event.target.value));
      const text = row.field.kind === "whole" ? whole(value, base) : said(value, row.field.unit, this.units);
      row.input.value = textOf(text);
      event.target.setAttribute("aria-valuetext", textOf(text));
      this.changed(row.path, rawOf(row.field, textOf(text)), "slide");
    };
    return node("input", { type: "range", min: 0, max: STEPS, step: 1, "aria-label": `${row.field.label}, slider`, data: { path: row.path }, on: { input: moved } });
  }

  update(row) {
    const { field, path, input, slider } = row;
    const value = at(this.tree, path);
    if (row.group) {
      const on = new Set(value ?? field.default ?? []);
      for (const box of input.querySelectorAll("input")) box.checked = on.has(box.value);
    } else if (field.kind === "switch") input.checked = value ?? field.default ?? false;
    else if (input.tagName !== "BUTTON" && document.activeElement !== input) input.value = textOf(value);
    const number = this.numbers[path];
    if (slider && number !== undefined && document.activeElement !== slider) {
      row.base = number;
      row.scale = scaleOf(field, number);
      slider.value = placeOf(row.scale, number);
      slider.setAttribute("aria-valuetext", textOf(value ?? field.usual ?? number));
    }
    if (slider) slider.disabled = number === undefined;
  }

  // Say what is wrong at its field; what is at no field stands above all.
  problems(list) {
    const left = [];
    for (const row of this.rows.values()) this.mark(row, []);
    for (const problem of list) {
      const path = [...this.rows.keys()].filter((each) => problem.key === each || problem.key.startsWith(`${each}.`)).sort((a, b) => b.length - a.length)[0];
      if (path) this.mark(this.rows.get(path), [...(this.rows.get(path).told ?? []), problem]);
      else left.push(problem);
    }
    this.general.hidden = !left.length;
    this.general.replaceChildren(...left.map((each) => node("li", {}, each.key && node("code", {}, each.key), each.key && ": ", each.wrong, each.remedy && `. ${each.remedy}`)));
    const first = [...this.rows.values()].find((row) => row.told.length);
    const folded = first?.wrong.closest("details.more");
    if (folded) folded.open = true;
  }

  mark(row, told) {
    row.told = told;
    row.wrong.hidden = !told.length;
    row.wrong.textContent = told.map((each) => [each.wrong, each.remedy].filter(Boolean).join(". ")).join(" ");
    row.input.setAttribute("aria-invalid", told.length ? "true" : "false");
  }

  // How much each input moves the answer, as shares of the largest; the ten largest keep a slider next time.
  weigh(movers) {
    const most = Math.max(...movers.map((each) => each.effect), 1e-12);
    for (const row of this.rows.values()) {
      const found = movers.slice(0, 10).find((each) => each.path === row.path);
      row.weight.hidden = !found;
      if (!found) continue;
      row.weight.title = `Moves the answer by ${(100 * found.effect).toPrecision(2)} % when it moves by 10 %`;
      row.weight.firstChild.style.setProperty("width", `${Math.max(4, (100 * found.effect) / most)}%`);
    }
  }
}
