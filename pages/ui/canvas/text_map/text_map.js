// The measured map above, the exact map of the words alone below, on the same axes. Pressing a square sets both dials.

const MAP_TICK = 12;
const MAP_HEAD = 20;
const CELL_HEIGHT = 11;
// From total collapse over the source's own to gibberish: arms even to the eye (the mock-ups' scale).
const SHIFT_STOPS = {
  light: ["#D55E00", "#E18656", "#EBAC8B", "#F2D1BF", "#F6F5F2", "#C1D4E4", "#8CB4D4", "#5593C4", "#0072B2"],
  dark: ["#E66B14", "#AF592A", "#7A462F", "#49332E", "#1A1F28", "#233A50", "#29567C", "#2D74AA", "#2C93DB"],
};

function makeTextMap(root) {
  return { canvas: root.querySelector("canvas"), reading: root.querySelector(".reading"), header: null, layout: null, cell: null };
}

/** @param {TextMap.Instance} instance @param {TextMap.Header} header */
function receiveMap(instance, header) {
  instance.header = header;
}

/** @param {TextMap.Instance} instance @returns {TextMap.Layout} */
function layoutMap({ root, header }) {
  const { measured, exact } = header.arrays;
  const rows = header.external_fractions.length;
  let y = 0;
  const plots = [["Measured: this model", measured], ["Exact: its words alone", exact]].map(([title, values]) => {
    const top = y + MAP_HEAD;
    y = top + rows * CELL_HEIGHT + 10;
    return /** @type {TextMap.Plot} */ ({ title, values, top, bottom: top + rows * CELL_HEIGHT });
  });
  return { width: root.clientWidth, height: y + MAP_TICK * 2.6, left: 38, right: root.clientWidth, plots };
}

/** @param {TextMap.Instance} instance */
function drawMap(instance) {
  const { root, canvas, header, palette } = instance;
  if (!header || root.clientWidth === 0) return;
  const layout = layoutMap(instance);
  instance.layout = layout;
  const context = sharpen(canvas, layout.width, layout.height);
  context.clearRect(0, 0, layout.width, layout.height);
  for (const plot of layout.plots) {
    writeText(context, palette, plot.title, layout.left, plot.top - 6, { size: 13, weight: 600, colour: palette.ink });
    drawCells(instance, context, plot);
    drawLineOfWords(instance, context, plot);
    if (header.kept) drawSetting(instance, context, plot, header.kept, true);
    drawSetting(instance, context, plot, header.point, false);
  }
  drawMapAxes(instance, context);
  const { temperature, external_fraction: share } = header.point;
  setText(instance.reading, instance.cell ? readingOf(header, instance.cell) : header.agreement);
  canvas.setAttribute("aria-label", `Two maps over temperature and external text: measured in ${header.done} of ${header.total} settings, and exact `
    + `for the words alone. ${header.agreement} You are at T ${temperatureText(temperature)}, ${percent(share)} %. `
    + (instance.cell ? readingOf(header, instance.cell) : "Arrow keys read square by square, Enter sets the dials."));
}

/** @param {TextMap.Instance} instance */
const cellWidth = ({ header, layout }) => (layout.right - layout.left) / header.temperatures.length;

/** @param {TextMap.Instance} instance @param {Context} context @param {TextMap.Plot} plot */
function drawCells(instance, context, plot) {
  const { header, palette, layout, cell } = instance;
  const wide = cellWidth(instance);
  const shares = header.external_fractions.length;
  header.temperatures.forEach((_, column) => header.external_fractions.forEach((__, row) => {
    const value = plot.values[column * shares + row];
    const [x, y] = [layout.left + column * wide, plot.bottom - (row + 1) * CELL_HEIGHT];
    context.fillStyle = Number.isNaN(value) ? palette.field : shiftColour(value, palette.dark);
    context.fillRect(x, y, wide - 1, CELL_HEIGHT - 1);
    // A mark besides the colour: collapse is a dash, gibberish a cross.
    if (Math.abs(value) > 0.5) drawSign(context, x + wide / 2, y + CELL_HEIGHT / 2, value > 0, palette);
    if (cell?.row === row && cell.column === column) {
      context.strokeStyle = palette.ink;
      context.lineWidth = 2;
      context.strokeRect(x, y, wide - 1, CELL_HEIGHT - 1);
    }
  }));
}

/** @param {Context} context @param {Palette} palette */
function drawSign(context, x, y, isPlus, palette) {
  context.strokeStyle = palette.page;
  context.lineWidth = 1.25;
  tracePath(context, [[x - 2.5, y], [x + 2.5, y]]);
  context.stroke();
  if (!isPlus) return;
  tracePath(context, [[x, y - 2.5], [x, y + 2.5]]);
  context.stroke();
}

function shiftColour(shift, dark) {
  const stops = SHIFT_STOPS[dark ? "dark" : "light"];
  const place = ((clamp(shift, -1, 1) + 1) / 2) * (stops.length - 1);
  const low = Math.min(Math.floor(place), stops.length - 2);
  const [from, to] = [rgb(stops[low]), rgb(stops[low + 1])];
  return `rgb(${from.map((value, i) => Math.round(lerp(value, to[i], place - low))).join(",")})`;
}

/** Where a setting lies: squares are evenly spaced, between their middles it is linear in ln T. @param {TextMap.Instance} instance @param {TextMap.Plot} plot @returns {Point} */
function placeOf(instance, plot, temperature, share) {
  const { header, layout } = instance;
  const column = placeIn(header.temperatures.map(Math.log), Math.log(temperature));
  const row = placeIn(header.external_fractions, share);
  return [layout.left + (column + 0.5) * cellWidth(instance), plot.bottom - (row + 0.5) * CELL_HEIGHT];
}

/** The fractional index of a value in rising numbers, half a square beyond the ends at most. */
function placeIn(values, value) {
  const last = values.length - 1;
  if (value <= values[0]) return Math.max(-0.5, (value - values[0]) / (values[1] - values[0]));
  if (value >= values[last]) return Math.min(last + 0.5, last + (value - values[last]) / (values[last] - values[last - 1]));
  const at = values.findIndex((other) => other > value) - 1;
  return at + (value - values[at]) / (values[at + 1] - values[at]);
}

/** The exact boundary: above it the words alone stay within the tolerance. @param {TextMap.Instance} instance @param {Context} context @param {TextMap.Plot} plot */
function drawLineOfWords(instance, context, plot) {
  const { header, palette } = instance;
  const { line_temperatures: temperatures, line } = header.arrays;
  const { temperatures: axis } = header;
  const points = Array.from(line, (share, i) => [temperatures[i], share])
    .filter(([temperature]) => temperature >= axis[0] * 0.97 && temperature <= axis[axis.length - 1] * 1.04)
    .map(([temperature, share]) => placeOf(instance, plot, temperature, Math.min(share, 0.95)));
  for (const [colour, width] of [[palette.page, 4], [palette.faithful, 2]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    tracePath(context, points);
    context.stroke();
  }
}

/** @param {TextMap.Instance} instance @param {Context} context @param {TextMap.Plot} plot */
function drawSetting(instance, context, plot, { temperature, external_fraction: share }, isKept) {
  const { palette } = instance;
  const [x, y] = placeOf(instance, plot, temperature, share);
  drawDisc(context, x, y, 6, { fill: isKept ? palette.page : palette.ink, line: isKept ? palette.ink : palette.page, width: 2 });
}

/** @param {TextMap.Instance} instance @param {Context} context */
function drawMapAxes(instance, context) {
  const { header, palette, layout } = instance;
  const style = { size: MAP_TICK, colour: palette.secondary };
  for (const plot of layout.plots) {
    header.external_fractions.forEach((share, row) => {
      if (row !== 0 && ![0.3, 0.6, 0.9].includes(share)) return;
      const text = row === header.external_fractions.length - 1 ? `${percent(share)} %` : percent(share);
      writeText(context, palette, text, layout.left - 4, plot.bottom - (row + 0.5) * CELL_HEIGHT + 4, { ...style, align: "right" });
    });
  }
  const { bottom } = layout.plots[layout.plots.length - 1];
  header.temperatures.forEach((temperature, column) => {
    if (![0.5, 0.7, 0.85, 1, 1.2, 1.6].includes(temperature)) return;
    writeText(context, palette, String(temperature), layout.left + (column + 0.5) * cellWidth(instance), bottom + MAP_TICK + 2, { ...style, align: "center" });
  });
  writeText(context, palette, "temperature T; up: external text", (layout.left + layout.right) / 2, bottom + MAP_TICK * 2.3 + 2, { ...style, align: "center" });
}

/** @param {TextMap.Header} header */
function readingOf({ temperatures, external_fractions: shares, arrays, unit }, { row, column }) {
  const at = column * shares.length + row;
  const where = `T ${temperatures[column]}, ${percent(shares[row])} % external: `;
  const exact = `exact ${signedText(arrays.exact[at])}`;
  if (Number.isNaN(arrays.measured[at])) return `${where}not run yet; ${exact}.`;
  const knows = Number.isNaN(arrays.perplexity[at]) ? "" : `, surprise ${effectiveText(arrays.perplexity[at])}`;
  return `${where}measured ${signedText(arrays.measured[at])}, ${exact}; ${effectiveText(arrays.next_words[at])} next ${unit}s${knows}, `
    + `${percent(arrays.distance[at])} % away.`;
}

/** @param {TextMap.Instance} instance */
function cellUnder(instance, x, y) {
  const { header, layout } = instance;
  const column = Math.floor((x - layout.left) / cellWidth(instance));
  const plot = layout.plots.find(({ top, bottom }) => y >= top && y < bottom);
  if (!plot || column < 0 || column >= header.temperatures.length) return null;
  return { column, row: Math.floor((plot.bottom - y) / CELL_HEIGHT) };
}

/** @param {TextMap.Instance} instance */
function pickCell(instance) {
  if (!instance.cell) return;
  const { temperatures, external_fractions: shares } = instance.header;
  instance.setTriggerValue("picked", { temperature: temperatures[instance.cell.column], external_fraction: shares[instance.cell.row] });
}

/** @param {TextMap.Instance} instance @param {KeyboardEvent} event */
function onMapKey(instance, event) {
  const { header } = instance;
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  if (isCommand(event) || (!moves[event.key] && event.key !== "Enter")) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === "Enter") {
    pickCell(instance);
    return;
  }
  const [right, up] = moves[event.key];
  const from = instance.cell ?? { column: 0, row: 0 };
  instance.cell = {
    column: clamp(from.column + right, 0, header.temperatures.length - 1), row: clamp(from.row + up, 0, header.external_fractions.length - 1),
  };
  drawMap(instance);
}

/** @param {TextMap.Instance} instance @param {On} on */
function listenToMap(instance, on) {
  const { canvas } = instance;
  const point = (event) => {
    const { x, y } = pointerOn(canvas, event);
    instance.cell = cellUnder(instance, x, y);
    drawMap(instance);
  };
  on(canvas, "pointermove", point);
  on(canvas, "pointerleave", () => {
    instance.cell = null;
    drawMap(instance);
  });
  on(canvas, "click", (event) => {
    point(event);
    pickCell(instance);
  });
  on(canvas, "keydown", (event) => onMapKey(instance, event));
  on(canvas, "blur", () => {
    instance.cell = null;
    drawMap(instance);
  });
}

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { make: makeTextMap, receive: receiveMap, connect: listenToMap, show: drawMap, refresh: drawMap });
}
