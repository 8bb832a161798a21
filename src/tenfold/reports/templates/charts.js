"use strict";
// Charts from plain options: colours by the page's names, tooltips as nodes. Shared by reports and by the page of questions.
const tenfoldCharts = (() => {
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

  // Labels over many powers of ten, each in the scale that it reaches: 10K, 1M, 1B.
  const scaled = (axis) => {
    const scales = axis && axis.axisLabel && axis.axisLabel.scales;
    if (!scales) return;
    const printed = (value) => {
      const [size, pattern] = scales.find(([size]) => Math.abs(value) >= size * (1 - 1e-9)) || scales[scales.length - 1];
      return pattern.replace("{value}", echarts.format.addCommas(Number((value / size).toPrecision(3))));
    };
    axis.axisLabel = { ...axis.axisLabel, formatter: printed };
  };

  // "${value}M" prints a loss as -$2M.
  const signed = (axis) => {
    const pattern = axis && axis.axisLabel && axis.axisLabel.formatter;
    if (typeof pattern !== "string" || !pattern.startsWith("$")) return;
    const printed = (value) => pattern.replace("{value}", echarts.format.addCommas(Math.abs(value)));
    axis.axisLabel = { ...axis.axisLabel, formatter: (value) => (value < 0 ? "-" : "") + printed(value) };
  };

  // A range beside its middle, "$2M ($1M–$5M)", leaves a narrow chart no room: it stands in the bar and in the table.
  const NARROW = 520;
  const isRanged = (item) => Boolean(item && typeof item.short === "string" && item.short.includes(" ("));
  const brief = (item, width) => (isRanged(item) && width < NARROW ? item.short.split(" (")[0] : (item && item.short) || "");

  const prepared = (option, style, width) => {
    const made = coloured(option, style);
    const ink = style.getPropertyValue("--ink").trim();
    made.tooltip = { ...made.tooltip, formatter: tooltip };
    [made.xAxis, made.yAxis].forEach(signed);
    [made.xAxis, made.yAxis].forEach(scaled);
    for (const series of made.series) {
      if (series.renderItem === "band") series.renderItem = band;
      for (const key of ["label", "edgeLabel"]) {
        if (series[key] && series[key].show) {
          series[key] = { ...series[key], color: ink, formatter: (p) => brief(p.data, width) };
        }
      }
    }
    if (width < NARROW && made.yAxis && made.yAxis.type === "category") {
      made.yAxis.axisLabel = { ...made.yAxis.axisLabel, width: Math.min(96, made.yAxis.axisLabel.width), fontSize: 11 };
      for (const series of made.series) if (series.label) series.label.fontSize = 11;
      if (made.series.some((series) => (series.data || []).some(isRanged))) made.grid.right = 84;
      else if (made.grid.right > 60) made.grid.right = Math.max(92, made.grid.right - 22);
    }
    return made;
  };

  // One chart in an element, in the colours of the page as they are now.
  const made = (element, option, renderer) => {
    const style = getComputedStyle(document.body);
    const chart = echarts.init(element, theme(style), { renderer });
    chart.setOption(prepared(option, style, element.clientWidth));
    return chart;
  };

  // The same chart with other values.
  const changed = (chart, option) => {
    const style = getComputedStyle(document.body);
    chart.setOption(prepared(option, style, chart.getWidth()), { notMerge: true });
  };

  return { made, changed };
})();
