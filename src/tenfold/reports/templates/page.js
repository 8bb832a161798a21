"use strict";
(() => {
  const options = JSON.parse(document.getElementById("chart-data").textContent);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const drawn = new Map();

  const draw = () => {
    for (const [key, option] of Object.entries(options)) {
      const element = document.getElementById(`chart-${key}`);
      if (!element) continue;
      if (drawn.has(key)) drawn.get(key).dispose();
      drawn.set(key, tenfoldCharts.made(element, option, "svg"));
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
