// Nodes made of text and nodes, never of markup: a name from anywhere stays a name.

const put = (element, name, value) => {
  if (value === undefined || value === null || value === false) return;
  if (name === "on") for (const [event, listen] of Object.entries(value)) element.addEventListener(event, listen);
  else if (name === "style") for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
  else if (name === "data") for (const [key, text] of Object.entries(value)) element.dataset[key] = text;
  else if (name in element && name !== "list" && typeof value !== "string") element[name] = value;
  else element.setAttribute(name === "className" ? "class" : name, value === true ? "" : value);
};

export const node = (kind, facts = {}, ...inside) => {
  const element = document.createElement(kind);
  for (const [name, value] of Object.entries(facts)) put(element, name, value);
  element.append(...inside.flat(3).filter((each) => each !== null && each !== undefined && each !== false));
  return element;
};

export const byId = (id) => document.getElementById(id);

export const pageData = () => JSON.parse(byId("page-data")?.textContent ?? "{}");

// A web address, or nothing: other kinds of links are not followed.
export const safe = (address) => (/^https?:\/\//.test(address) ? address : undefined);

let toasting = 0;
export const toast = (text) => {
  const place = byId("toast");
  place.textContent = text;
  place.hidden = false;
  clearTimeout(toasting);
  toasting = setTimeout(() => { place.hidden = true; }, 4000);
};
