"use strict";
(() => {
  const options = JSON.parse(document.getElementById("chart-data").textContent);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const drawn = new Map();

  // "var(--c1)" stands for the page's colour of that name.
  const coloured = (value, style) => {
    if (typeof value === "string") {
      return value.startsWith("var(--") ? style.getPropertyValue(value.slice(4, -1)).trim() : value;
    }
    if (Array.isArray(value)) return value.map((entry) => coloured(entry, style));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, coloured(entry, style)]));
  };

  const theme = (style) => {
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = {
      axisLine: { lineStyle: { color: colour("--line") } },
      splitLine: { lineStyle: { color: colour("--line") } },
      axisLabel: { color: colour("--muted") },
      nameTextStyle: { color: colour("--muted") },
    };
    return {
      textStyle: { fontFamily: style.fontFamily },
      categoryAxis: { ...axis, axisLabel: { color: colour("--ink") } },
      valueAxis: axis,
      logAxis: axis,
      timeAxis: axis,
      tooltip: {
        backgroundColor: colour("--panel"),
        borderColor: colour("--line"),
        textStyle: { color: colour("--ink") },
      },
    };
  };

  // Built from nodes, so that no name is ever read as markup.
  const line = (kind, text) => {
    const row = document.createElement(kind);
    row.textContent = text;
    return row;
  };

  const tooltip = (params) => {
    const box = document.createElement("div");
    if (Array.isArray(params)) {
      const told = params.filter((entry) => entry.data && entry.data.text);
      if (told.length) box.append(line("strong", told[0].name));
      for (const entry of told) box.append(line("div", `${entry.seriesName}: ${entry.data.text}`));
      return told.length ? box : "";
    }
    box.append(line("strong", params.name || params.seriesName));
    const named = params.seriesName && !params.seriesName.startsWith("series") && params.name;
    const text = params.data && params.data.text;
    for (const part of [named ? params.seriesName : "", text || ""]) if (part) box.append(line("div", part));
    return box;
  };

  // Items of x, low and high as one surface.
  const band = (params, api) => {
    if (params.dataIndexInside > 0) return null;
    const side = (column) =>
      Array.from({ length: params.dataInsideLength }, (_, i) => api.coord([api.value(0, i), api.value(column, i)]));
    return {
      type: "polygon",
      shape: { points: [...side(1), ...side(2).reverse()] },
      style: { fill: api.visual("color"), opacity: 0.16 },
    };
  };

  // "${value}M" prints a loss as -$2M.
  const signed = (axis) => {
    const pattern = axis && axis.axisLabel && axis.axisLabel.formatter;
    if (typeof pattern !== "string" || !pattern.startsWith("$")) return;
    const printed = (value) => pattern.replace("{value}", echarts.format.addCommas(Math.abs(value)));
    axis.axisLabel = { ...axis.axisLabel, formatter: (value) => (value < 0 ? "-" : "") + printed(value) };
  };

  const prepared = (option, style, width) => {
    const made = coloured(option, style);
    const ink = style.getPropertyValue("--ink").trim();
    made.tooltip = { ...made.tooltip, formatter: tooltip };
    [made.xAxis, made.yAxis].forEach(signed);
    for (const series of made.series) {
      if (series.renderItem === "band") series.renderItem = band;
      for (const key of ["label", "edgeLabel"]) {
        if (series[key] && series[key].show) {
          series[key] = { ...series[key], color: ink, formatter: (p) => (p.data && p.data.short) || "" };
        }
      }
    }
    if (width < 520 && made.yAxis && made.yAxis.type === "category") {
      made.yAxis.axisLabel = { ...made.yAxis.axisLabel, width: Math.min(96, made.yAxis.axisLabel.width), fontSize: 11 };
      for (const series of made.series) if (series.label) series.label.fontSize = 11;
      if (made.grid.right > 60) made.grid.right = Math.max(92, made.grid.right - 22);
    }
    return made;
  };

  const draw = () => {
    const style = getComputedStyle(document.body);
    for (const [key, option] of Object.entries(options)) {
      const element = document.getElementById(`chart-${key}`);
      if (!element) continue;
      if (drawn.has(key)) drawn.get(key).dispose();
      const chart = echarts.init(element, theme(style), { renderer: "svg" });
      chart.setOption(prepared(option, style, element.clientWidth));
      drawn.set(key, chart);
    }
  };

  const sorted = (table, column, direction) => {
    const body = table.tBodies[0];
    const worth = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
    const compare = (a, b) => {
      const [x, y] = [worth(a), worth(b)];
      const numbers = x !== "" && y !== "" && !Number.isNaN(Number(x)) && !Number.isNaN(Number(y));
      return direction * (numbers ? Number(x) - Number(y) : x.localeCompare(y, "en", { numeric: true }));
    };
    body.append(...Array.from(body.rows).sort(compare));
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach((head, column) => {
      head.querySelector("button").addEventListener("click", () => {
        const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
        sorted(table, column, direction);
      });
    });
  }

  let waiting = 0;
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(draw, 150);
  });
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    draw();
  });
  dark.addEventListener("change", draw);
  draw();
})();
