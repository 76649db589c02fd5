// The boundary and the exact and published lines: where they run, how they are drawn, their sentences.

/**
 * The boundary and the header's lines, each as runs of pixels, from the top down at the label's end.
 * @param {PhaseMap.View} view
 */
function placedLines(view) {
  const { header, field } = view;
  const named = (header.lines || []).filter((line) => view.isShown(line.group));
  // A line of its own that runs on the boundary only gives it a better name.
  const twins = named.filter((line) => line.group === "contour" || sameValues(field, lineValues(header, line)));
  const twin = twins.find((line) => line.side !== "hot");
  const hotTwin = twins.find((line) => line.side === "hot");
  const tolerance = Number(header.tolerance);
  const isOff = !twin && (!view.isShown("contour") || !(view.isShown("stability") || hasOwnContour(header, field)));
  const lines = isOff ? [] : [
    { style: "contour", label: twin ? twin.label : "faithful above this line", runs: lineRuns(view, field.contour, view.from, Math.min(0, view.to)) },
    {
      style: "contour", label: hotTwin ? hotTwin.label : `within ${percentFine(tolerance)} % of the source (TV \u2264 ${tolerance})`, runs: lineRuns(view, field.contour, Math.max(0, view.from), view.to),
      short: `within ${percentFine(tolerance)} %`, isHot: true,
    },
  ];
  for (const line of named) {
    if (!twins.includes(line)) lines.push({ ...line, runs: lineRuns(view, lineValues(header, line), ...sideRange(view, line.side)) });
  }
  return lines.filter((line) => line.runs.length);
}

/** The part of the temperature axis that a line claims. @param {PhaseMap.View} view @param {PhaseMap.Line["side"]} side */
const sideRange = ({ from, to }, side) => [side === "hot" ? Math.max(0, from) : from, side === "cold" ? Math.min(0, to) : to];

/** @param {PhaseMap.Header} header @param {PhaseMap.Line} line */
const lineValues = (header, line) => header.arrays[line.array] ?? [];

/** @param {PhaseMap.Field} field @param {ArrayLike<number>} values */
function sameValues({ lineLogs, contour }, values) {
  return values.length === lineLogs.length && lineLogs.every((log, i) => log > 0 || Math.abs(values[i] - contour[i]) < 0.012);
}

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.DrawnLine} line */
function strokeLine(context, view, { style, runs }) {
  const { palette, m } = view;
  const stroke = (colour, width, dash = [], cap = /** @type {CanvasLineCap} */ ("butt")) => {
    context.strokeStyle = colour;
    context.lineWidth = width * m.line;
    context.setLineDash(dash.map((v) => v * m.line));
    context.lineCap = cap;
    for (const run of runs) {
      tracePath(context, run);
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
  else if (style === "green") stroke(palette.dark ? "#2CC79A" : palette.faithful, 3);
  else if (style === "dotted") stroke(palette.secondary, 1.6, [0.1, 4.2], "round");
  else stroke(palette.dark ? "#FFFFFF" : palette.ink, 2);
  context.setLineDash([]);
  context.lineCap = "butt";
}

/**
 * Each sentence on its own line, at the line's calm end, above it unless another line is too near.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.DrawnLine[]} lines @param {Box[]} guides
 */
function drawLineLabels(context, view, lines, guides) {
  const { m, palette } = view;
  const boxes = guides.slice();
  for (const line of lines) {
    const run = line.runs.reduce((longest, other) => (other.length > longest.length ? other : longest));
    const strong = line.style === "contour" || line.style === "ink" || line.style === "green" || !line.style;
    const size = (strong ? 14 : 13) * m.unit;
    context.font = view.font(strong ? 600 : 400, size);
    const lengths = arcLengths(run);
    const room = lengths[lengths.length - 1];
    const calm = line.isHot ? calmStart(run, lengths) : 12 * m.unit;
    const text = [line.label, line.short].find((words) => words && context.measureText(words).width + calm + 12 * m.unit < room);
    if (!text) continue;
    const starts = labelStarts(room, context.measureText(text).width, line, calm, m.unit);
    const place = { run, lines, own: line, boxes };
    let found = /** @type {ReturnType<typeof firstFree>} */ (null);
    for (const one of labelTries(line, text, starts, size, guides.length > 0)) {
      context.font = view.font(strong ? 600 : 400, one.size);
      found = firstFree(context, view, { ...place, ...one });
      if (found) break;
    }
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
  return boxes.slice(guides.length);
}

/**
 * Where a cut leaves too little of the calm end, smaller letters or fewer words serve better than a steep place.
 * @param {PhaseMap.DrawnLine} line @param {number[]} starts
 */
function labelTries(line, text, starts, size, isCut) {
  const everywhere = { text, starts, size };
  if (!isCut) return [everywhere];
  const calm = starts.slice(0, 1);
  const short = line.short ? [{ text: line.short, starts: calm, size }] : [];
  return [{ text, starts: calm, size }, { text, starts: calm, size: size * 0.87 }, ...short, everywhere];
}

/** @param {PhaseMap.DrawnLine} line */
function labelStarts(room, width, line, calm, unit) {
  const first = line.style === "dotted" ? 0.57 * room : calm;
  const last = room - width - 12 * unit;
  return [first, 0.3 * room, 0.5 * room, last].map((start) => Math.max(6, Math.min(last, start)));
}

/** Where a rising line becomes flat enough to read along. @param {Point[]} run @param {number[]} lengths */
function calmStart(run, lengths) {
  for (let i = 1; i < run.length; i++) {
    const slope = Math.abs((run[i][1] - run[i - 1][1]) / Math.max(1e-6, run[i][0] - run[i - 1][0]));
    if (slope < 1.3) return lengths[i];
  }
  return 0;
}

/**
 * @param {Context} context @param {PhaseMap.View} view
 * @param {{ text: string, run: Point[], starts: number[], size: number, lines: PhaseMap.DrawnLine[], own: PhaseMap.DrawnLine, boxes: Box[] }} options
 */
function firstFree(context, view, { text, run, starts, size, lines, own, boxes }) {
  const { plot, m } = view;
  const others = lines.filter((line) => line !== own).flatMap((line) => line.runs.flat());
  const inPlot = ({ left, right, top, bottom }) => left >= plot.left && right <= plot.right && top >= plot.top && bottom <= plot.bottom;
  const [above, below] = [-8 * m.unit, 8 * m.unit + size * 0.62];
  const length = arcLengths(run).at(-1) ?? 0;
  for (const start of starts) {
    // Under a near neighbour the space between the two belongs to the neighbour's own label.
    const [x, y] = run[Math.min(run.length - 1, Math.round((start / length) * run.length))];
    const isCrowded = own.style === "contour" && crosses(others, { left: x, right: x + 60 * m.unit, top: y - 64 * m.unit, bottom: y });
    for (const offset of isCrowded ? [below, above] : [above, below]) {
      // Below a falling line the letters lean back over its start.
      const letters = lettersAlong(context, text, run, start + (offset > 0 ? 12 * m.unit : 0), offset);
      const isFree = lettersBoxes(letters, size).every((box) =>
        inPlot(box) && !boxes.some((other) => overlaps(other, box)) && !crosses(others, box));
      if (isFree) return { letters, isBelow: offset > 0 };
    }
  }
  return null;
}

