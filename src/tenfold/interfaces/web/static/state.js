// The question as a tree, its text, and links that hold both.

export const at = (tree, path) => path.split(".").reduce((value, step) => value?.[step], tree);

// A copy of the tree with another value at a path; undefined takes the key away.
export const withValue = (tree, path, value) => {
  const [step, ...rest] = path.split(".");
  const copy = { ...tree };
  if (rest.length) copy[step] = withValue(copy[step] ?? {}, rest.join("."), value);
  else if (value === undefined) delete copy[step];
  else copy[step] = value;
  return copy;
};

const bytesTo64 = (bytes) => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

const bytesFrom64 = (text) => {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
};

const through = async (bytes, stream) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());

const LARGEST_LINK = 300_000;

// What a link holds: the text of the question, seed, changed figures and the version of the catalog.
export const packed = async (held) => {
  const bytes = new TextEncoder().encode(JSON.stringify(held));
  return bytesTo64(await through(bytes, new CompressionStream("deflate-raw")));
};

export const unpacked = async (text) => {
  if (text.length > LARGEST_LINK) throw new Error("the link is too long");
  const bytes = await through(bytesFrom64(text), new DecompressionStream("deflate-raw"));
  const held = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (typeof held?.toml !== "string" || typeof held?.name !== "string") throw new Error("the link holds no question");
  return held;
};

// What this browser keeps, each under a key of its own; a page without storage keeps nothing.
export const kept = (key, usual) => {
  try {
    return JSON.parse(localStorage.getItem(`tenfold.${key}`)) ?? usual;
  } catch {
    return usual;
  }
};

export const keep = (key, value) => {
  try {
    if (value === undefined) localStorage.removeItem(`tenfold.${key}`);
    else localStorage.setItem(`tenfold.${key}`, JSON.stringify(value));
  } catch {
    // a private window: nothing is kept
  }
};
