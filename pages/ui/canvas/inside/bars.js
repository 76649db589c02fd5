// The drawing of one panel: how many items (a strip), and which (bars or dots), moment by moment.

const FALL = 0.3; // of the time that a draw takes, each item is under way

/**
 * @param {Inside.View} view @param {HTMLCanvasElement} canvas @param {number} stage
 * @param {{ shown: boolean, moment: number, before: Numbers | null, focus: number }} options
 */
function drawPanel(view, canvas, stage, { shown, moment, before, focus }) {
  const context = sharpen(canvas, view.panel, view.height);
  context.clearRect(0, 0, view.panel, view.height);
  const at = { ...view, context };
  drawGround(at, shown);
  if (!shown) return;
  drawStrip(at, stage, moment);
  const shares = LAWS[stage] ? sharesAt(view.step, stage, moment, before) : null;
  if (shares) drawLaw(at, stage, shares);
  else drawDraw(at, stage, moment);
  drawOutlines(at, shares !== null);
  if (!shares && view.averages) drawAverages(at, stage);
  if (shares) drawExtinct(at, stage);
  drawLabels(at, focus);
  if (moment >= 1) drawValue(at, stage, focus);
}

/** @param {Inside.View} view @param {Point[]} points */
function stroke(view, points, colour, width, dash = []) {
  const { context } = view;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  tracePath(context, points);
  context.stroke();
  context.setLineDash([]);
}

/** @param {Inside.View} view @param {TextStyle} style */
const drawText = (view, text, x, y, style) => writeText(view.context, view.palette, text, x, y, style);

/** Axis: the ground line, and two lines of the common scale of shares. @param {Inside.View} view */
function drawGround(view, shown) {
  const { palette, sizes, panel, step } = view;
  for (const share of shown ? [step.top / 2, step.top] : []) {
    const y = Math.round(view.y(share)) + 0.5;
    stroke(view, [[0, y], [panel, y]], palette.grid, sizes.line * 0.7);
    const text = `${Number((100 * share).toPrecision(2))} %`;
    drawText(view, text, view.tickRight, y - sizes.tick * 0.35, { size: sizes.tick, colour: palette.secondary, align: "right" });
  }
  stroke(view, [[0, view.base + 0.5], [panel, view.base + 0.5]], shown ? palette.ink : palette.line, sizes.line * 0.7);
}

/**
 * How many items: the dataset grey, from the model solid, from outside hatched; all panels on one scale.
 * @param {Inside.View} view @param {number} stage
 */
function drawStrip(view, stage, moment) {
  const { step, palette, sizes } = view;
  const [synthetic, external] = ["synthetic", "external"].map((name) => step.arrays[name].reduce((sum, count) => sum + count, 0));
  const end = (share) => lerp(0, share, stage === 0 || stage > 2 ? moment : 1);
  const height = sizes.strip;
  if (stage === 2) return; // A law, not items.
  fillStrip(view, 0, step.mostItems, palette.grid);
  if (stage === 0) fillStrip(view, 0, end(step.dataset_size), palette.matched);
  if (stage === 1) fillStrip(view, 0, step.learned_size, palette.matched);
  if (stage === 5 && step.kept) fillStrip(view, 0, step.kept, palette.matched);
  if (stage >= 3) fillStrip(view, step.kept, stage === 3 ? end(synthetic) : synthetic, palette.secondary);
  if (stage >= 4 && external > 0) {
    const left = Math.min(view.x(step.kept + synthetic), view.panel - 2);
    const wide = Math.max(2, view.x(stage === 4 ? end(external) : external));
    hatchBox(view, left, 0, Math.min(wide, view.panel - left), height);
  }
}

/** @param {Inside.View} view */
function fillStrip(view, from, items, colour) {
  if (items <= 0) return;
  const wide = Math.max(1.5, view.x(items));
  view.context.fillStyle = colour;
  view.context.fillRect(Math.min(view.x(from), view.panel - wide), 0, wide, view.sizes.strip);
}

/**
 * A law: grey up to the source, the colour of the class beyond it. The coloured area is the distance.
 * @param {Inside.View} view @param {number} stage @param {Float32Array} shares
 */
function drawLaw(view, stage, shares) {
  const { context, step, palette, bar } = view;
  shares.forEach((share, i) => {
    const left = view.centre(i) - bar / 2;
    const [yShare, ySource] = [share, step.arrays.source[i]].map((value) => Math.max(view.y(value), view.ceiling));
    context.fillStyle = palette.matched;
    context.fillRect(left, Math.max(yShare, ySource), bar, view.base - Math.max(yShare, ySource));
    context.fillStyle = view.excess.fill;
    if (yShare < ySource) context.fillRect(left, yShare, bar, ySource - yShare);
    if (share > step.top) drawCut(view, left);
  });
}

/** Two strokes through a bar that is longer than the axis. @param {Inside.View} view */
function drawCut(view, left) {
  const { bar, sizes, palette } = view;
  for (const dy of [10, 16]) {
    const y = view.ceiling + (dy * sizes.plot) / 116;
    stroke(view, [[left - 2, y + 3], [left + bar + 2, y - 3]], palette.page, sizes.line * 1.6);
  }
}

/** The source. A draw is not a law: there the outline steps back behind items and averages. @param {Inside.View} view */
function drawOutlines(view, strong) {
  const { step, bar, palette, sizes, base } = view;
  const colour = strong ? palette.outline : palette.disabled;
  step.arrays.source.forEach((share, i) => {
    const [left, top] = [view.centre(i) - bar / 2, Math.max(view.y(share), view.ceiling)];
    const width = Math.min(sizes.line, view.slot * 0.12) * (strong ? 1 : 0.6);
    stroke(view, [[left, base], [left, top], [left + bar, top], [left + bar, base]], colour, width);
  });
}

/**
 * A batch: its items as dots where they are few, else as bars; the model's first, those from outside on top.
 * @param {Inside.View} view @param {number} stage
 */
function drawDraw(view, stage, moment) {
  const { step } = view;
  const parts = stage === 3 ? [["synthetic", moment]] : [["synthetic", 1], ["external", moment]];
  for (const [name, part] of parts) {
    if (step.dots) drawDots(view, name, part);
    else drawItemBars(view, name, part);
  }
}

/** @param {Inside.View} view @param {Inside.Batch} name */
function drawItemBars(view, name, moment) {
  const { context, step, palette, bar, base } = view;
  const { synthetic } = step.arrays;
  step.arrays[name].forEach((items, i) => {
    const from = name === "external" ? synthetic[i] : 0;
    const [top, bottom] = [from + items * moment, from].map((count) => Math.max(view.y(count / step.batch_size), view.ceiling));
    if (bottom - top < 0.1) return;
    const left = view.centre(i) - bar / 2;
    if (name === "external") return hatchBox(view, left, top, bar, bottom - top);
    context.fillStyle = palette.secondary;
    context.fillRect(left, top, bar, base - top);
  });
}

/**
 * Each item at its own height on the axis of shares, in as many columns as keep the dots round and apart.
 * @param {Inside.View} view @param {Inside.Batch} name
 */
function drawDots(view, name, moment) {
  const { context, step, palette, bar, sizes, base } = view;
  const unit = sizes.plot / (step.top * step.batch_size);
  const columns = Math.max(1, Math.round(Math.sqrt(bar / unit)));
  drawCells(view, name, moment, unit);
  const radius = Math.max(0.8, Math.min(bar / columns, columns * unit, sizes.value) * 0.44);
  for (const { i, at, turn } of itemsOf(step, name)) {
    const fall = clamp((moment - turn * (1 - FALL)) / FALL, 0, 1);
    if (fall === 0) continue;
    const goal = base - (at + 0.5) * unit;
    const x = view.centre(i) - bar / 2 + (((at % columns) + 0.5) * bar) / columns;
    const y = Math.max(lerp(view.ceiling - sizes.value, goal, fall * fall), view.ceiling - sizes.value);
    if (name === "external") {
      const width = Math.max(0.8, Math.min(sizes.line * 0.8, radius * 0.5));
      drawDisc(context, x, y, Math.max(0.5, radius - width / 2), { fill: palette.page, line: palette.ink, width });
    } else drawDisc(context, x, y, radius, { fill: palette.secondary });
  }
}

/** A pale bar behind the dots of a draw: it ends at exactly their share. @param {Inside.View} view @param {Inside.Batch} name */
function drawCells(view, name, moment, unit) {
  const { context, step, palette, bar, base } = view;
  const below = name === "external" ? step.arrays.synthetic : null;
  context.fillStyle = palette.grid;
  step.arrays[name].forEach((count, i) => {
    const [from, high] = [below ? below[i] * unit : 0, count * unit * moment];
    context.fillRect(view.centre(i) - bar / 2, base - from - high, bar, high);
  });
}

/** A box with diagonal lines: items from outside are told apart without colour. @param {Inside.View} view */
function hatchBox(view, left, top, width, height) {
  const { context, palette, sizes } = view;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.fillStyle = palette.page;
  context.fillRect(left, top, width, height);
  const first = Math.floor((left + top) / sizes.hatch);
  for (let k = first; k * sizes.hatch < left + top + width + height; k += 1) {
    const sum = k * sizes.hatch;
    stroke(view, [[sum - top, top], [sum - top - height, top + height]], palette.ink, sizes.line * 0.6);
  }
  context.restore();
  context.strokeStyle = palette.ink;
  context.lineWidth = sizes.line * 0.7;
  context.strokeRect(left + 0.35, top + 0.35, Math.max(0, width - 0.7), Math.max(0, height - 0.7));
}

/** Dashes where the batch would be without luck. @param {Inside.View} view @param {number} stage */
function drawAverages(view, stage) {
  const { step, bar, palette, sizes, slot } = view;
  const over = Math.min(4, (slot - bar) / 2 - 0.5);
  (stage === 3 ? step.expected : step.image).forEach((share, i) => {
    const y = view.y(share);
    if (y < view.ceiling) return;
    const ends = [[view.centre(i) - bar / 2 - over, y], [view.centre(i) + bar / 2 + over, y]];
    stroke(view, ends, palette.page, sizes.line * 2);
    stroke(view, ends, palette.ink, sizes.line, [sizes.line * 2.2, sizes.line * 1.5]);
  });
}

/** A cross over every outcome that luck has wiped out. @param {Inside.View} view @param {number} stage */
function drawExtinct(view, stage) {
  const { step, palette, sizes, slot } = view;
  const r = Math.min(sizes.value * 0.3, slot * 0.3);
  for (let i = 0; i < step.labels.length; i += 1) {
    if (!isExtinct(step, stage, i)) continue;
    const [x, y] = [view.centre(i), Math.max(view.y(step.arrays.source[i]), view.ceiling) - r - sizes.line * 2];
    stroke(view, [[x - r, y - r], [x + r, y + r]], palette.ink, sizes.line);
    stroke(view, [[x - r, y + r], [x + r, y - r]], palette.ink, sizes.line);
  }
}

/** @param {Inside.View} view @param {number} focus */
function drawLabels(view, focus) {
  const { labels, palette, sizes, base, step } = view;
  const pointed = labels.all[focus];
  const others = labels.shown.filter((label) => label.i === focus || label.row !== pointed.row || Math.abs(label.x - pointed.x) >= label.half + pointed.half + 2);
  for (const label of new Set([...others, pointed])) {
    const colour = label.i === focus || step.count < 14 ? palette.ink : palette.secondary;
    const y = base + sizes.label * (1.2 + 1.15 * label.row);
    drawText(view, label.text, label.x, y, { size: sizes.label, weight: label.i === focus ? 700 : 400, colour, align: "center" });
  }
}

/**
 * The number over the outcome that is told about (and over all others together): its share, or its items.
 * @param {Inside.View} view @param {number} stage @param {number} focus
 */
function drawValue(view, stage, focus) {
  const { step, palette, sizes } = view;
  const told = step.others && focus !== step.count - 1 ? [focus, step.count - 1] : [focus];
  for (const i of told) {
    const text = valueText(step, stage, i);
    const half = widthIn(view.context, view.palette, text, sizes.value, 700) / 2;
    const x = clamp(view.centre(i), half, view.panel - half);
    const top = Math.min(...neighbours(view, i, half).map((j) => topOf(view, stage, j)));
    const y = Math.max(top - sizes.value * 0.4, sizes.strip + sizes.value * 1.05);
    drawText(view, text, x, y, { size: sizes.value, weight: 700, colour: palette.ink, align: "center", halo: palette.page });
  }
}

/** The bars that a number over bar `i` is wide enough to touch. @param {Inside.View} view */
function neighbours(view, i, half) {
  const reach = Math.max(0, Math.ceil((half - view.bar / 2) / view.slot));
  const touched = [];
  for (let j = Math.max(0, i - reach); j <= Math.min(view.step.count - 1, i + reach); j += 1) touched.push(j);
  return touched;
}

/** @param {Inside.View} view @param {number} stage */
function topOf(view, stage, i) {
  const { step, sizes } = view;
  const cross = LAWS[stage] && isExtinct(step, stage, i) ? sizes.value * 0.9 : 0;
  const average = view.averages && !LAWS[stage] ? (stage === 3 ? step.expected : step.image)[i] : 0;
  const highest = Math.max(step.arrays.source[i], shareOf(step, stage, i), average);
  return Math.max(view.y(highest), view.ceiling) - cross;
}

/** @param {Inside.Step} step @param {number} stage */
function itemCount(step, stage, i) {
  return step.arrays.synthetic[i] + (stage === 4 ? step.arrays.external[i] : 0);
}

/** @param {Inside.Step} step @param {number} stage */
function shareOf(step, stage, i) {
  return LAWS[stage] ? step.arrays[LAWS[stage]][i] : itemCount(step, stage, i) / step.batch_size;
}

/** @param {Inside.Step} step @param {number} stage */
function valueText(step, stage, i) {
  if (LAWS[stage]) return `${percent(shareOf(step, stage, i))} %`;
  const items = itemCount(step, stage, i);
  return `${items.toLocaleString("en", { maximumFractionDigits: items < 100 ? 1 : 0 })}×`;
}
