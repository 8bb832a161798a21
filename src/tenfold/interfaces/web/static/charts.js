// Charts of an answer: the library is loaded when the first chart is drawn; a chart that stays is changed, not made anew.

let loading = null;

const script = (source) =>
  new Promise((done, failed) => {
    const element = document.createElement("script");
    element.src = source;
    element.onload = done;
    element.onerror = failed;
    document.head.append(element);
  });

export const ready = () => {
  const files = JSON.parse(document.getElementById("chart-files").textContent);
  loading ??= script(files[0]).then(() => script(files[1]));
  return loading;
};

const drawn = new Map();
export const patterns = { on: window.matchMedia("(prefers-contrast: more)").matches };

const patterned = (option) =>
  patterns.on ? { ...option, aria: { ...option.aria, decal: { show: true } } } : option;

// Draw the charts that stand in the page now and are wanted; those that are gone are let go.
export const draw = async (charts, wanted = () => true) => {
  await ready();
  for (const [key, held] of drawn) {
    if (!held.element.isConnected) {
      held.chart.dispose();
      drawn.delete(key);
    }
  }
  for (const chart of charts) {
    const element = document.getElementById(`chart-${chart.key}`);
    if (!element || !wanted(element)) continue;
    const held = drawn.get(chart.key);
    if (held && held.element === element && held.width === element.clientWidth) {
      tenfoldCharts.changed(held.chart, patterned(chart.option));
      held.option = chart.option;
      continue;
    }
    held?.chart.dispose();
    const made = tenfoldCharts.made(element, patterned(chart.option), "canvas");
    drawn.set(chart.key, { chart: made, element, option: chart.option, width: element.clientWidth });
  }
};

// The element of a chart that is drawn already, so that it stays when the page around it changes.
export const elementOf = (key) => drawn.get(key)?.element;

export const redraw = () => {
  const all = [...drawn].map(([key, held]) => ({ key, option: held.option }));
  for (const held of drawn.values()) held.width = -1;
  return all.length ? draw(all) : null;
};

let waiting = 0;
window.addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(redraw, 150);
});
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

// A chart as a picture: SVG text, or PNG as a data address.
export const picture = (key, kind) => {
  const held = drawn.get(key);
  if (!held) return null;
  const box = document.createElement("div");
  box.style.setProperty("width", `${held.element.clientWidth}px`);
  box.style.setProperty("height", `${held.element.clientHeight}px`);
  box.className = "offscreen";
  document.body.append(box);
  const chart = tenfoldCharts.made(box, patterned(held.option), kind === "svg" ? "svg" : "canvas");
  const background = getComputedStyle(document.body).getPropertyValue("--panel").trim();
  const found =
    kind === "svg" ? chart.renderToSVGString() : chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: background });
  chart.dispose();
  box.remove();
  return found;
};
