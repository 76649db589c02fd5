// Drawing: the sheet of images, the digits among them, and two curves. A view says how large and at which generation.

const SIDE = 8; // pixels of an image
const NONE = 10; // the class of what is no digit
const PER_ROW = 12;

/** The two generations that a place lies between, and the weight of the later one. @param {Sheets.View} view */
function betweenOf({ header, at }) {
  const before = Math.min(Math.floor(at), header.generations - 1);
  return { before, weight: clamp(at - before, 0, 1) };
}

/** A row of an array that changes from generation to generation. @param {Sheets.View} view @param {Numbers} values @param {number} size */
function rowAt(view, values, size) {
  const { before, weight } = betweenOf(view);
  return Array.from({ length: size }, (_, i) => lerp(values[before * size + i], values[(before + 1) * size + i], weight));
}

/** @param {Sheets.View} view */
const isWide = (view) => view.name !== "phone";

/** @param {Sheets.View} view */
function sheetSizes(view) {
  const columns = PER_ROW;
  const gap = isWide(view) ? 6 : 4;
  const rows = Math.ceil(view.header.cells / columns);
  const across = Math.floor((view.width - gap * (columns - 1)) / columns);
  const cell = Math.max(16, Math.min(across, Math.floor((view.room + gap) / rows) - gap));
  return { columns, gap, cell, rows, height: rows * (cell + gap) - gap };
}

/**
 * All images of a generation; what the classifier calls no digit has a broken frame.
 * @param {Context} context @param {Sheets.View} view @param {HTMLCanvasElement} ink
 */
function drawSheet(context, view, ink) {
  const { header, palette } = view;
  const { columns, gap, cell } = sheetSizes(view);
  const { before, weight } = betweenOf(view);
  const { sheets, rejected } = header.arrays;
  const size = header.cells * SIDE * SIDE;
  const small = contextOf(ink);
  ink.width = SIDE;
  ink.height = SIDE * header.cells;
  const image = small.createImageData(SIDE, SIDE * header.cells);
  const [red, green, blue] = rgb(palette.ink);
  for (let i = 0; i < size; i += 1) {
    const value = lerp(sheets[before * size + i], sheets[(before + 1) * size + i], weight);
    image.data.set([red, green, blue, value], 4 * i);
  }
  small.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  const shown = Math.round(view.at);
  for (let i = 0; i < header.cells; i += 1) {
    const [x, y] = [(i % columns) * (cell + gap), Math.floor(i / columns) * (cell + gap)];
    context.fillStyle = palette.field;
    context.fillRect(x, y, cell, cell);
    context.drawImage(ink, 0, SIDE * i, SIDE, SIDE, x, y, cell, cell);
    if (rejected[shown * header.cells + i]) drawRejected(context, view, x, y, cell);
  }
}

/** @param {Context} context @param {Sheets.View} view */
function drawRejected(context, { palette, line }, x, y, cell) {
  context.strokeStyle = palette.heatText;
  context.lineWidth = 2 * line;
  context.setLineDash([4 * line, 3 * line]);
  context.strokeRect(x + line, y + line, cell - 2 * line, cell - 2 * line);
  context.setLineDash([]);
}

/** @param {Sheets.View} view */
const barsHeight = (view) => (isWide(view) ? 196 : 168) * view.unit;

/**
 * The share of each digit; grey up to its share in the source, coloured beyond. The last bar is what is no digit.
 * @param {Context} context @param {Sheets.View} view
 */
function drawBars(context, view) {
  const { header, palette, unit, line, width } = view;
  const { arrays } = header;
  const shares = rowAt(view, arrays.digits, NONE + 1);
  const theory = rowAt(view, arrays.theory, NONE);
  const colour = classColours(palette, header.phases[Math.round(view.at)]);
  const [top, base] = [24 * unit, barsHeight(view) - 26 * unit];
  const highest = roundTop(Math.max(...arrays.digits, ...arrays.theory, ...arrays.limit, ...arrays.source));
  const y = (share) => base - ((base - top) * share) / highest;
  const slot = width / (NONE + 1.6);
  const bar = slot * 0.66;
  shares.forEach((share, i) => {
    const x = (i < NONE ? i : i + 0.6) * slot + (slot - bar) / 2;
    const source = i < NONE ? arrays.source[i] : 0;
    fillBar(context, x, bar, y(Math.min(share, source)), base, palette.matched);
    fillBar(context, x, bar, y(share), y(Math.min(share, source)), i < NONE ? colour.fill : palette.heat);
    if (i < NONE) {
      drawOutline(context, view, x, bar, y(source), base);
      dashAcross(context, view, x - slot * 0.1, x + bar + slot * 0.1, y(arrays.limit[i]));
      drawTheory(context, view, x + bar / 2, y(theory[i]));
    }
    const name = i < NONE ? String(i) : "none";
    const middle = Math.min(x + bar / 2, width - 18 * unit); // The last word is wider than its bar.
    write(context, view, name, middle, base + 19 * unit, { align: "center", size: i < NONE ? 16 : 14, weight: 600 });
    if (share >= 0.015) {
      const number = { align: /** @type {CanvasTextAlign} */ ("center"), size: 13, weight: 600, halo: palette.page };
      const marks = i < NONE ? [theory[i], arrays.limit[i]] : [];
      write(context, view, percent(share), x + bar / 2, numberPlace(y(Math.max(share, source)), marks.map(y), unit), number);
    }
  });
  context.fillStyle = palette.ink;
  context.fillRect(0, base, width, 1.2 * line);
}

/**
 * Where a bar's number stands: just above the bar, or above the marks that lie there.
 * @param {number[]} marks their heights on the screen
 */
function numberPlace(top, marks, unit) {
  let place = top - 8 * unit;
  for (const mark of [...marks].sort((a, b) => b - a)) if (mark < place + 8 * unit && mark > place - 20 * unit) place = mark - 9 * unit;
  return place;
}

/** @param {Context} context */
function fillBar(context, x, width, top, base, colour) {
  context.fillStyle = colour;
  context.fillRect(x, top, width, Math.max(0, base - top));
}

/** @param {Context} context @param {Sheets.View} view */
function drawOutline(context, { palette, line }, x, width, top, base) {
  context.strokeStyle = palette.outline;
  context.lineWidth = 1.75 * line;
  context.lineJoin = "miter";
  tracePath(context, [[x, base], [x, top], [x + width, top], [x + width, base]]);
  context.stroke();
}

/** @param {Context} context @param {Sheets.View} view */
function dashAcross(context, { palette, line }, from, to, y) {
  context.strokeStyle = palette.ink;
  context.lineWidth = 2 * line;
  context.setLineDash([4 * line, 2.75 * line]);
  tracePath(context, [[from, y], [to, y]]);
  context.stroke();
  context.setLineDash([]);
}

/** @param {Context} context @param {Sheets.View} view */
function drawTheory(context, { palette, line }, x, y) {
  const r = 4.5 * line;
  tracePath(context, [[x, y - r], [x + r, y], [x, y + r], [x - r, y]]);
  context.closePath();
  context.fillStyle = palette.page;
  context.fill();
  context.strokeStyle = palette.ink;
  context.lineWidth = 1.5 * line;
  context.stroke();
}

/** @param {Sheets.View} view */
const curvesHeight = (view) => 2 * panelHeight(view);
/** @param {Sheets.View} view */
const panelHeight = (view) => (isWide(view) ? 116 : 104) * view.unit;

/** Two panels on one axis of generations. @param {Context} context @param {Sheets.View} view */
function drawCurves(context, view) {
  const { arrays, fresh } = view.header;
  const colour = classColours(view.palette, view.header.phases[Math.round(view.at)]);
  drawPanel(context, view, 0, {
    title: "Digits they act like", values: arrays.effective, dashed: arrays.theory_effective, low: 1, high: 10,
    dashedWords: "ten outcomes", text: effectiveText, colour,
  });
  const highest = Math.max(...arrays.distance, fresh) * 1.08;
  const flat = new Float32Array(arrays.distance.length).fill(fresh);
  drawPanel(context, view, panelHeight(view), {
    title: "Distance to the real digits", values: arrays.distance, dashed: flat, low: 0, high: highest,
    dashedWords: "fresh real digits", text: (value) => value.toFixed(2), colour,
  });
}

/** @param {Context} context @param {Sheets.View} view @param {number} offset @param {any} panel */
function drawPanel(context, view, offset, { title, values, dashed, low, high, dashedWords, text, colour }) {
  const { palette, unit, line, width, header, at } = view;
  const [left, right] = [4 * unit, width - 52 * unit];
  const [top, base] = [offset + 32 * unit, offset + panelHeight(view) - 12 * unit];
  const x = (generation) => left + ((right - left) * generation) / header.generations;
  const y = (value) => base - ((base - top) * (clamp(value, low, high) - low)) / (high - low);
  write(context, view, title, 0, offset + 16 * unit, { weight: 600, size: 16 });
  write(context, view, `- - ${dashedWords}`, width, offset + 16 * unit, { colour: palette.secondary, align: "right" });
  context.fillStyle = palette.line;
  context.fillRect(left, base, right - left, line);
  const draw = (numbers, until) => {
    const points = Array.from(numbers, (value, t) => [x(t), y(value)]).slice(0, Math.floor(until) + 1);
    if (until % 1) points.push([x(until), y(readCurve(numbers, [Math.floor(until), until % 1]))]);
    tracePath(context, points);
    context.stroke();
  };
  context.lineJoin = "round";
  context.strokeStyle = palette.ink;
  context.lineWidth = 1.25 * line;
  context.setLineDash([4 * line, 2.75 * line]);
  draw(dashed, header.generations);
  context.setLineDash([]);
  context.globalAlpha = 0.32;
  context.strokeStyle = colour.fill;
  context.lineWidth = 1.5 * line;
  draw(values, header.generations);
  context.globalAlpha = 1;
  context.lineWidth = 2.5 * line;
  draw(values, at);
  context.fillStyle = palette.ink;
  context.fillRect(x(at) - 0.6 * line, top - 4 * unit, 1.25 * line, base - top + 4 * unit);
  const now = values[Math.round(at)];
  const place = clamp(y(now) + 5 * unit, top + 8 * unit, base);
  write(context, view, text(now), width, place, { weight: 700, size: 18, colour: colour.text, align: "right" });
}
