// Thin lines of equal shift, and their numbers.

const ISO_LEVELS = [-0.75, -0.5, -0.25, 0.25, 0.5, 0.75];
/**
 * Isolines as runs of pixels, one list per level; thin white, the severe one stronger.
 * @param {Context} context @param {PhaseMap.View} view
 */
function drawIsolines(context, view) {
  const { m } = view;
  /** @type {PhaseMap.Isoline[]} */
  const drawn = [];
  for (const level of ISO_LEVELS) {
    const runs = isolineRuns(view, level);
    context.strokeStyle = "#FFFFFF";
    context.globalAlpha = Math.abs(level) === 0.5 ? 0.85 : 0.45;
    context.lineWidth = (Math.abs(level) === 0.5 ? 1.3 : 0.8) * m.line;
    for (const run of runs) {
      tracePath(context, run);
      context.stroke();
    }
    if (runs.length) drawn.push({ level, runs });
  }
  context.globalAlpha = 1;
  return drawn;
}

/** @param {PhaseMap.View} view */
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

/**
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Isoline[]} isolines @param {Box[]} taken
 * @param {PhaseMap.DrawnLine[]} lines
 */
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
      const [x] = run[Math.round(part * (run.length - 1))];
      const centre = clamp(x, plot.left + width / 2 + 8, plot.right - width / 2 - 8);
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

