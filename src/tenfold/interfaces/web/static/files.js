// Files that a page gives: exports of the server, and pictures of charts.
import { isStale, sent } from "./ask.js";
import { picture } from "./charts.js";
import { node, toast } from "./nodes.js";

const save = (text, name, media) => {
  const address = URL.createObjectURL(text instanceof Blob ? text : new Blob([text], { type: media }));
  node("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
};

// ``asked`` gives the address of a question, what is sent to it, and its file.
export const exported = async (kind, asked) => {
  const { name, base, envelope, toml } = asked();
  if (kind === "toml") return save(toml, `${name}.toml`, "application/toml");
  try {
    const reply = await sent(`${base}/export?as=${kind}`, envelope, "export");
    save(await reply.blob(), `${name}.${kind}`);
  } catch (trouble) {
    if (!isStale(trouble)) toast(trouble.message);
  }
};

export const pictured = (chart, kind, name) => {
  const made = picture(chart, kind);
  if (kind === "svg") save(made, `${name}-${chart}.svg`, "image/svg+xml");
  else node("a", { href: made, download: `${name}-${chart}.${kind}` }).click();
};
