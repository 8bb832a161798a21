// Values written into TOML text at their key, so that comments and order stay.

const BARE = /^[A-Za-z0-9_-]+$/;

export const tomlKey = (key) => (BARE.test(key) ? key : JSON.stringify(key));

export const tomlValue = (value) => {
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    return `{ ${Object.entries(value).map(([key, each]) => `${tomlKey(key)} = ${tomlValue(each)}`).join(", ")} }`;
  }
  if (typeof value === "string") return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
  return String(value);
};

// Where a value that begins at a place ends: strings, lists and tables are passed over whole.
const endOf = (text, start) => {
  let place = start;
  let depth = 0;
  while (place < text.length) {
    const letter = text[place];
    if (letter === '"' || letter === "'") {
      const triple = text.startsWith(letter.repeat(3), place);
      const mark = triple ? letter.repeat(3) : letter;
      place += mark.length;
      while (place < text.length && !text.startsWith(mark, place)) place += letter === '"' && text[place] === "\\" ? 2 : 1;
      place += mark.length;
      continue;
    }
    if (letter === "[" || letter === "{") depth += 1;
    if (letter === "]" || letter === "}") depth -= 1;
    if (letter === "#" && depth > 0) {
      while (place < text.length && text[place] !== "\n") place += 1;
      continue;
    }
    if (depth <= 0 && (letter === "\n" || letter === "#")) break;
    place += 1;
  }
  return start + text.slice(start, place).trimEnd().length;
};

// Lines that begin a table or a key, with where they stand.
const entries = (text) => {
  const found = [];
  let place = 0;
  let table = "";
  while (place < text.length) {
    const end = text.indexOf("\n", place) < 0 ? text.length : text.indexOf("\n", place);
    const line = text.slice(place, end);
    const head = /^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?/.exec(line);
    const key = /^\s*((?:[A-Za-z0-9_-]+|"[^"]*")(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"))*)\s*=\s*/.exec(line);
    if (head) {
      table = head[1] === "[[" ? `${head[2]}[]` : head[2].replaceAll(/["\s]/g, "");
      found.push({ kind: "table", table, start: place, end });
      place = end + 1;
    } else if (key) {
      const from = place + key[0].length;
      const to = endOf(text, from);
      const name = key[1].replaceAll(/["\s]/g, "");
      const after = text.indexOf("\n", to) < 0 ? text.length : text.indexOf("\n", to);
      found.push({ kind: "key", table, path: table ? `${table}.${name}` : name, start: place, from, to, end: after });
      place = after + 1;
    } else {
      place = end + 1;
    }
  }
  return found;
};

// The text with another value at a path; undefined takes the line away.
export const written = (text, path, value) => {
  const lines = entries(text);
  const there = lines.find((each) => each.kind === "key" && each.path === path);
  if (there && value === undefined) return text.slice(0, there.start) + text.slice(Math.min(there.end + 1, text.length));
  if (there) return text.slice(0, there.from) + tomlValue(value) + text.slice(there.to);
  if (value === undefined) return text;
  const [table, key] = [path.split(".").slice(0, -1).join("."), path.split(".").at(-1)];
  const line = `${tomlKey(key)} = ${tomlValue(value)}\n`;
  const last = lines.filter((each) => each.table === table).at(-1);
  if (last) {
    const place = Math.min(last.end + 1, text.length);
    const ends = text[place - 1] === "\n" || place === 0;
    return text.slice(0, place) + (ends ? "" : "\n") + line + text.slice(place);
  }
  if (!table) {
    const first = lines.find((each) => each.kind === "table");
    return first ? text.slice(0, first.start) + line + "\n" + text.slice(first.start) : ensured(text) + line;
  }
  return `${ensured(text)}\n[${table.split(".").map(tomlKey).join(".")}]\n${line}`;
};

const ensured = (text) => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
