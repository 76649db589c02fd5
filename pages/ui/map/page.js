// The phase diagram: field, isolines, boundary, lines with their sentences, region words, axes.

const PAGE_TICKS = [1, 0.2, 5, 0.5, 2, 0.3, 3, 0.7, 1.5, 0.05, 0.1, 10, 20, 50, 0.02];
const ISO_LEVELS = [-0.75, -0.5, -0.25, 0.25, 0.5, 0.75];
const REGION_SECOND = {
  collapse: { uniform: "one outcome takes over", other: "the common outcomes take over" },
  "heat death": { uniform: "all outcomes become equally likely", other: "all outcomes become equally likely" },
  faithful: { uniform: "even outcomes stay even", other: "stays close to the source" },
};
const DARK_ON_COLLAPSE = "#2B1000";

/** Everything below the ring and the card. Returns the boxes that the card should rather not hide. */
function drawPageBase(context, view, picture) {
  const { plot, palette, field, m } = view;
  context.textBaseline = "alphabetic";
  context.drawImage(picture, plot.left, plot.top, plot.width, plot.height);
  const lines = placedLines(view);
  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top, plot.width, plot.height);
  context.clip();
  const isolines = drawIsolines(context, view);
  context.strokeStyle = palette.ink;
  context.globalAlpha = 0.55;
  context.lineWidth = m.line;
  trace(context, [[view.x(1), plot.top], [view.x(1), plot.bottom]]);
  context.stroke();
  context.globalAlpha = 1;
  for (const line of lines) strokeLine(context, view, line);
  context.restore();
  const boxes = drawLineLabels(context, view, lines);
  const words = drawRegionWords(context, view, boxes, lines);
  drawIsolineLabels(context, view, isolines, [...boxes, ...words], lines);
  drawPageAxes(context, view);
  return words;
}

/** The boundary and the header's lines, each as runs of pixels, from the top down at the label's end. */
function placedLines(view) {
  const { header, field } = view;
  const named = header.lines || [];
  // A line of its own that runs on the boundary only gives it a better name.
  const twin = named.find((line) => sameLine(view, lineValues(header, line)));
  const tolerance = Number(header.tolerance);
  const lines = [
    { style: "contour", label: twin ? twin.label : "faithful above this line", runs: lineRuns(view, field.contour, view.from, Math.min(0, view.to)) },
    {
      style: "contour", label: `within ${perCentText(tolerance)} % of the source (TV \u2264 ${tolerance})`, runs: lineRuns(view, field.contour, Math.max(0, view.from), view.to),
      short: `within ${perCentText(tolerance)} %`, isHot: true,
    },
  ];
  for (const line of named) {
    if (line !== twin) lines.push({ ...line, runs: lineRuns(view, lineValues(header, line)) });
  }
  return lines.filter((line) => line.runs.length);
}

const lineValues = (header, line) => header.arrays[line.array] || header.arrays[line.name] || [];

function sameLine(view, values) {
  const { lineLogs, contour } = view.field;
  return values.length === lineLogs.length && lineLogs.every((log, i) => log > 0 || Math.abs(values[i] - contour[i]) < 0.012);
}

function strokeLine(context, view, { style, runs }) {
  const { palette, m } = view;
  const stroke = (colour, width, dash = [], cap = "butt") => {
    context.strokeStyle = colour;
    context.lineWidth = width * m.line;
    context.setLineDash(dash.map((v) => v * m.line));
    context.lineCap = cap;
    for (const run of runs) {
      trace(context, run);
      context.stroke();
    }
  };
  context.lineJoin = "round";
  if (style === "contour") {
    context.globalAlpha = palette.dark ? 0.5 : 0.55;
    stroke(palette.page, 6);
    context.globalAlpha = 1;
    stroke(palette.dark ? "#2CC79A" : palette.faithful, 3.2);
  } else if (style === "dashed") stroke(palette.ink, 1.2, [6, 4]);
  else if (style === "dotted") stroke(palette.secondary, 1.6, [0.1, 4.2], "round");
  else stroke(palette.dark ? "#FFFFFF" : palette.ink, 2);
  context.setLineDash([]);
  context.lineCap = "butt";
}

/** Isolines as runs of pixels, one list per level; thin white, the severe one stronger. */
function drawIsolines(context, view) {
  const { plot, m } = view;
  const drawn = [];
  for (const level of ISO_LEVELS) {
    const runs = isolineRuns(view, level);
    context.strokeStyle = "#FFFFFF";
    context.globalAlpha = Math.abs(level) === 0.5 ? 0.85 : 0.45;
    context.lineWidth = (Math.abs(level) === 0.5 ? 1.3 : 0.8) * m.line;
    for (const run of runs) {
      trace(context, run);
      context.stroke();
    }
    if (runs.length) drawn.push({ level, runs });
  }
  context.globalAlpha = 1;
  return drawn;
}

function isolineRuns(view, level) {
  const { plot, header, field } = view;
  const edge = view.x(1);
  const [left, right] = level < 0 ? [plot.left, Math.min(edge, plot.right)] : [Math.max(edge, plot.left), plot.right];
  const runs = [];
  let run = [];
  for (let x = left; x <= right; x += 1) {
    const log = view.log(x);
    let share = levelShare(field, level, log);
    // Over an even source the shift jumps at the boundary: a level that lies in the jump has no line of its own.
    if (share !== null && header.uniform && view.y(share) - view.y(readLine(field, field.contour, log)) < 14) share = null;
    if (share === null || share >= 1) {
      if (run.length > 8) runs.push(run);
      run = [];
    } else run.push([x, view.y(share)]);
  }
  if (run.length > 8) runs.push(run);
  return runs;
}

/** Each sentence on its own line, at the line's calm end, above it unless another line is too near. */
function drawLineLabels(context, view, lines) {
  const { m, palette } = view;
  const boxes = [];
  for (const line of lines) {
    const run = line.runs.reduce((longest, other) => (other.length > longest.length ? other : longest));
    const strong = line.style === "contour" || line.style === "ink" || !line.style;
    const size = (strong ? 14 : 13) * m.unit;
    context.font = view.font(strong ? 600 : 400, size);
    const lengths = arcLengths(run);
    const room = lengths[lengths.length - 1];
    const calm = line.isHot ? calmStart(run, lengths) : 12 * m.unit;
    const text = [line.label, line.short].find((words) => words && context.measureText(words).width + calm + 12 * m.unit < room);
    if (!text) continue;
    const starts = labelStarts(room, context.measureText(text).width, line, calm, m.unit);
    const found = firstFree(context, view, { text, run, starts, size, lines, own: line, boxes });
    if (!found) continue;
    const { letters, isBelow } = found;
    const neutral = css(rampColour(palette.dark, 0));
    const soft = palette.dark ? "rgba(14, 17, 23, 0.7)" : "rgba(255, 255, 255, 0.72)";
    const isOwnColour = line.style === "contour" && !line.isHot && !isBelow;
    const green = line.isHot && !palette.dark ? "#06432F" : isOwnColour ? palette.faithfulText : palette.ink;
    const colour = line.style === "contour" ? green : line.style === "dotted" ? palette.secondary : palette.ink;
    drawLetters(context, letters, { colour, halo: isOwnColour ? neutral : soft, width: 2.8 * m.unit });
    boxes.push(...lettersBoxes(letters, size));
  }
  return boxes;
}

function labelStarts(room, width, line, calm, unit) {
  const first = line.style === "dotted" ? 0.57 * room : calm;
  const last = room - width - 12 * unit;
  return [first, 0.3 * room, 0.5 * room, last].map((start) => Math.max(6, Math.min(last, start)));
}

/** Where a rising line becomes flat enough to read along. */
function calmStart(run, lengths) {
  for (let i = 1; i < run.length; i++) {
    const slope = Math.abs((run[i][1] - run[i - 1][1]) / Math.max(1e-6, run[i][0] - run[i - 1][0]));
    if (slope < 1.3) return lengths[i];
  }
  return 0;
}

function firstFree(context, view, { text, run, starts, size, lines, own, boxes }) {
  const { plot, m } = view;
  const others = lines.filter((line) => line !== own).flatMap((line) => line.runs.flat());
  const inPlot = ({ left, right, top, bottom }) => left >= plot.left && right <= plot.right && top >= plot.top && bottom <= plot.bottom;
  const [above, below] = [-8 * m.unit, 8 * m.unit + size * 0.62];
  for (const start of starts) {
    // Under a near neighbour the space between the two belongs to the neighbour's own label.
    const [x, y] = run[Math.min(run.length - 1, Math.round((start / arcLengths(run).at(-1)) * run.length))];
    const isCrowded = own.style === "contour" && crosses(others, { left: x, right: x + 60 * m.unit, top: y - 64 * m.unit, bottom: y });
    for (const offset of isCrowded ? [below, above] : [above, below]) {
      const letters = lettersAlong(context, text, run, start, offset);
      const isFree = lettersBoxes(letters, size).every((box) =>
        inPlot(box) && !boxes.some((other) => overlaps(other, box)) && !crosses(others, box));
      if (isFree) return { letters, isBelow: offset > 0 };
    }
  }
  return null;
}

function drawRegionWords(context, view, obstacles, lines) {
  const { plot, m, palette, header } = view;
  const hasHeat = lines.some((line) => line.isHot);
  // A nearly even source is faithful when hot although its shift is large: then the word goes where the ground is neutral.
  const isPaleBelow = Math.abs(readGrid(view.field, view.field.shift, Math.log(2.35), 0.065)) < 0.3;
  const wishes = {
    collapse: [0.316, 0.065],
    "heat death": [2.5, 0.065],
    faithful: hasHeat || !isPaleBelow ? [1, 0.79] : [2.35, 0.065],
  };
  const boxes = [];
  for (const name of CLASSES) {
    const second = REGION_SECOND[name][header.uniform ? "uniform" : "other"];
    const word = { big: view.font(700, 20 * m.unit), small: view.font(600, 14 * m.unit), title: CLASS_WORD[name].toUpperCase(), second };
    const [temperature, share] = wishes[name];
    const wish = { x: view.x(temperature), y: view.y(share) };
    const box = placeRegionWord(context, view, name, word, wish, [...obstacles, ...boxes]);
    if (box) boxes.push(box);
  }
  return boxes;
}

/** Both lines where they fit, the word alone where only that does. */
function placeRegionWord(context, view, name, word, wish, obstacles) {
  const { m, plot } = view;
  const spacing = 1.8 * m.unit;
  context.font = word.small;
  const lower = context.measureText(word.second).width;
  context.font = word.big;
  const upper = context.measureText(word.title).width + spacing * word.title.length;
  const isInside = (x, y) => classAtPixel(view, x, y) === name;
  for (const withSecond of [true, false]) {
    const size = { width: Math.max(upper, withSecond ? lower : 0) + 8, height: (withSecond ? 44 : 26) * m.unit };
    const spot = placeBox(plot, isInside, size, wish, obstacles);
    if (!spot) continue;
    drawRegionWord(context, view, name, word, spot, withSecond);
    return spot.box;
  }
  return null;
}

function drawRegionWord(context, view, name, word, spot, withSecond) {
  const { m } = view;
  const { colour, halo } = wordColours(view, name, spot);
  context.textAlign = "center";
  context.font = word.big;
  if ("letterSpacing" in context) context.letterSpacing = `${1.8 * m.unit}px`;
  haloText(context, word.title, spot.x, spot.box.top + 20 * m.unit, { colour, halo, width: 5 * m.unit });
  if ("letterSpacing" in context) context.letterSpacing = "0px";
  context.font = word.small;
  if (withSecond) haloText(context, word.second, spot.x, spot.box.top + 39 * m.unit, { colour, halo, width: 5 * m.unit });
}

/** Light or dark letters by the ground they stand on, with a halo in that ground's colour. */
function wordColours(view, name, spot) {
  const { palette, field } = view;
  const reading = readGrid(field, field.shift, view.log(spot.x), view.share(spot.y));
  const ground = rampColour(palette.dark, reading);
  // In dark mode the ends of the ramp are bright: a darker halo keeps white letters above 4.5:1.
  if (palette.dark) return { colour: name === "faithful" ? palette.faithfulText : "#FFFFFF", halo: `rgb(${ground.map((v) => Math.round(v * 0.55)).join(" ")} / 0.55)` };
  const brightness = 0.2126 * toLinear(ground[0] / 255) + 0.7152 * toLinear(ground[1] / 255) + 0.0722 * toLinear(ground[2] / 255);
  const whiteReads = 1.05 / (brightness + 0.05) >= 4.5;
  const colours = { collapse: DARK_ON_COLLAPSE, "heat death": whiteReads ? "#FFFFFF" : "#06263D", faithful: palette.faithfulText };
  return { colour: colours[name], halo: css(ground) };
}

function drawIsolineLabels(context, view, isolines, taken, lines) {
  const { m, palette, plot } = view;
  if (view.mode === "phone") return;
  const size = 12 * m.unit;
  context.font = view.font(400, size);
  const obstacles = taken.slice();
  const points = [...lines, ...isolines].map((line) => ({ line, points: line.runs.flat() }));
  for (const isoline of isolines) {
    const text = `s = ${isoline.level < 0 ? MINUS : "+"}${Math.abs(isoline.level)}`;
    const width = context.measureText(text).width;
    const run = isoline.runs.flat();
    for (const part of isoline.level < 0 ? [0.02, 0.4, 0.6] : [0.93, 0.8, 0.6]) {
      const [x, y] = run[Math.round(part * (run.length - 1))];
      const centre = Math.min(plot.right - width / 2 - 8, Math.max(plot.left + width / 2 + 8, x));
      const at = run.reduce((best, point) => (Math.abs(point[0] - centre) < Math.abs(best[0] - centre) ? point : best))[1];
      const box = boxAround(centre, at - size * 0.75, width + 6, size);
      const zone = { ...box, top: box.top - 4, bottom: box.bottom + 9 * m.unit };
      const hits = points.some(({ line, points: p }) => line !== isoline && crosses(p, zone));
      if (hits || box.top < plot.top || obstacles.some((other) => overlaps(other, box))) continue;
      obstacles.push(box);
      context.textAlign = "center";
      const ground = rampColour(palette.dark, isoline.level);
      const isPale = !palette.dark && isoline.level < 0.5;
      const colour = isPale ? (isoline.level < 0 ? DARK_ON_COLLAPSE : "#06263D") : "#FFFFFF";
      haloText(context, text, centre, box.bottom - 1, { colour, halo: css(ground), width: 2 * m.unit });
      break;
    }
  }
}

function drawPageAxes(context, view) {
  const { plot, palette, m } = view;
  const u = m.unit;
  const compact = view.mode === "phone";
  context.strokeStyle = palette.ink;
  context.lineWidth = m.line;
  trace(context, [[plot.left, plot.bottom + 0.5], [plot.right, plot.bottom + 0.5]]);
  context.stroke();
  drawTemperatureTicks(context, view);
  context.fillStyle = palette.secondary;
  context.font = view.font(400, 14 * u);
  context.textAlign = "right";
  for (let k = 0; k <= 5; k++) {
    const y = view.y(k / 5);
    trace(context, [[plot.left - 5 * u, y], [plot.left, y]]);
    context.stroke();
    context.fillText(`${20 * k}${k === 5 && !compact ? " %" : ""}`, plot.left - 9 * u, y + 5 * u);
  }
  drawAxisWords(context, view);
}

function drawTemperatureTicks(context, view) {
  const { plot, palette, m } = view;
  const u = m.unit;
  const boxes = [];
  context.textAlign = "center";
  for (const tick of PAGE_TICKS) {
    const log = Math.log(tick);
    if (log < view.from - 1e-6 || log > view.to + 1e-6) continue;
    const x = view.x(tick);
    context.font = view.font(tick === 1 ? 700 : 400, 14 * u);
    const box = boxAround(x, 0, context.measureText(String(tick)).width + 12 * u, 2);
    // Ticks come in order of importance; those that no longer fit stay away.
    if (boxes.some((other) => overlaps(other, box))) continue;
    boxes.push(box);
    context.lineWidth = (tick === 1 ? 1.6 : 1) * m.line;
    trace(context, [[x, plot.bottom], [x, plot.bottom + 5 * u]]);
    context.stroke();
    context.fillStyle = tick === 1 ? palette.ink : palette.secondary;
    const half = context.measureText(String(tick)).width / 2;
    context.fillText(String(tick), Math.min(view.width - half, x), plot.bottom + 20 * u);
  }
}

function drawAxisWords(context, view) {
  const { plot, palette, m } = view;
  const u = m.unit;
  const compact = view.mode === "phone";
  const narrow = plot.width < 560 * u;
  context.fillStyle = palette.secondary;
  context.font = view.font(400, 14 * u);
  context.textAlign = "left";
  context.fillText(narrow ? "\u2190 colder" : "\u2190 colder: favours the common", plot.left, plot.bottom + 38 * u);
  context.textAlign = "right";
  context.fillText(narrow ? "hotter \u2192" : "hotter: favours the rare \u2192", plot.right, plot.bottom + 38 * u);
  context.fillStyle = palette.ink;
  context.textAlign = "center";
  if (compact) context.fillText("temperature T", (plot.left + plot.right) / 2, plot.bottom + 38 * u);
  else if (!narrow) context.fillText("T = 1, no distortion", view.x(1), plot.bottom + 38 * u);
  context.font = view.font(600, 14 * u);
  context.textAlign = "left";
  if (compact) {
    context.fillText("External data, % of new data", 0, 14 * u);
    return;
  }
  context.fillText("Sampling temperature T (log scale)", plot.left, plot.bottom + 57 * u);
  context.save();
  context.translate(11 * u, plot.top + plot.height / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText("External data (share of new data)", 0, 0);
  context.restore();
}
