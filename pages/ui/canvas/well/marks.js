// What is drawn: the big well with its ball and words, and the five small ones.

const HOME_BALL = { light: "#4A505C", dark: "#D7DAE0" };
const FIELD = { light: "#EEF0F3", dark: "#1C222D" };
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const GHOSTS = [[0, 0.16], [1, 0.26], [2, 0.38]]; // doublings, alpha: where the ball has been

/** @param {Well.View} view */
const byTheme = (view, colours) => colours[view.palette.dark ? "dark" : "light"];
/** @param {Well.View} view */
const ballColour = (view, wrong) => (wrong ? view.palette.collapse : byTheme(view, HOME_BALL));

/**
 * A filled curve in a box: the ground it stands on, and its line.
 * @param {Context} context @param {Well.View} view @param {Point[]} points
 * @param {Box & { width: number }} place
 */
function drawCurve(context, view, points, { left, right, top, bottom, width }) {
  context.save();
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
  tracePath(context, [[left, bottom], [left, points[0][1]], ...points, [right, points[points.length - 1][1]], [right, bottom]]);
  context.fillStyle = byTheme(view, FIELD);
  context.fill();
  tracePath(context, points);
  context.strokeStyle = view.palette.ink;
  context.lineWidth = width * view.line;
  context.lineJoin = "round";
  context.stroke();
  context.restore();
}

/** @param {Context} context @param {Well.View} view @param {Well.Scene} scene */
function drawBigWell(context, view, { at, ball, doublings, drag }) {
  const { header, curve } = view;
  const points = Array.from(curve, (value, k) => [view.x(k / (curve.length - 1)), view.y(value)]);
  drawCurve(context, view, points, { left: view.x(0), right: view.x(1), top: view.top, bottom: view.axis, width: 2.6 });
  const source = drawAxis(context, view);
  const here = ballNow({ at, ball, doublings, drag });
  const end = lastOf(ball);
  if (drag === null) {
    const ghosts = drawGhosts(context, view, { at, ball, doublings, drag, here });
    const discs = [ballPlace(view, here, view.ball), ...ghosts].map(([x, y]) => boxAround(x, y, 2.2 * view.ball, 2.2 * view.ball));
    const glyphs = header.fixed_points.map(({ x }) => view.on(x)).map(([x, y]) => boxAround(x, y, 16 * view.unit, 16 * view.unit));
    drawWellWords(context, view, end, [source, ...discs, ...glyphs]);
  }
  for (const { x, kind } of header.fixed_points) drawFixedPoint(context, view, kind, ...view.on(x), 0.72);
  const place = ballPlace(view, here, view.ball);
  drawWellBall(context, view, place, view.ball, { colour: ballColour(view, isWrong(header, here)) });
  if (drag !== null) drawDragWords(context, view, place, drag);
  return place;
}

/** @param {Context} context @param {Well.View} view @param {Point} at */
function drawWellBall(context, view, [x, y], radius, { colour, alpha = 1 }) {
  context.globalAlpha = alpha;
  drawDisc(context, x, y, radius, { fill: colour, line: alpha === 1 ? view.palette.page : null, width: 1.5 * view.line });
  context.globalAlpha = 1;
}

/** @param {Context} context @param {Well.View} view @param {Well.Scene & { here: number }} scene */
function drawGhosts(context, view, { at, ball, doublings, drag, here }) {
  const now = ballPlace(view, here, view.ball);
  const radius = view.ball * 0.92;
  const drawn = [];
  for (const [doubling, alpha] of GHOSTS) {
    if (doubling >= at) continue;
    const x = readCurve(ball, sampleAt(doublings, doubling));
    const place = ballPlace(view, x, radius);
    if (Math.hypot(place[0] - now[0], place[1] - now[1]) < radius * 0.6) continue;
    drawWellBall(context, view, place, radius, { colour: ballColour(view, isWrong(view.header, x)), alpha });
    drawn.push(place);
  }
  return drawn;
}

/** @param {Context} context @param {Well.View} view @param {Point} at */
function drawDragWords(context, view, [x, y], share) {
  const text = `${view.labels[0]} ${share.toFixed(2)}`;
  const half = widthOf(context, view, text, 600) / 2;
  const above = y - view.ball - 8 * view.unit;
  const isAbove = above > 14 * view.unit;
  const place = clamp(x, half + 2, view.width - half - 2);
  write(context, view, text, place, isAbove ? above : y + view.ball + 20 * view.unit, { weight: 600, align: "center", halo: view.palette.page });
}

/** The axis with the source on it; returns the box of the source's words. @param {Context} context @param {Well.View} view */
function drawAxis(context, view) {
  const { palette, unit, axis } = view;
  context.strokeStyle = palette.ink;
  context.lineWidth = view.line;
  tracePath(context, [[view.x(0), axis + 0.5], [view.x(1), axis + 0.5]]);
  context.stroke();
  for (const tick of TICKS) {
    tracePath(context, [[view.x(tick), axis], [view.x(tick), axis + 5 * unit]]);
    context.stroke();
    const align = tick === 0 ? "left" : tick === 1 ? "right" : "center";
    const nudge = tick === 0 ? -4 : tick === 1 ? 4 : 0;
    write(context, view, String(tick), view.x(tick) + nudge, axis + 19 * unit, { colour: palette.secondary, align });
  }
  write(context, view, "Potential V upwards", view.x(0), axis + 39 * unit, { colour: palette.secondary });
  write(context, view, `Share of ${view.labels[0]}`, view.x(1), axis + 39 * unit, { weight: 600, align: "right" });
  const x = view.x(view.header.source);
  drawSource(context, view, x, axis, 11);
  const words = `source ${view.header.source.toFixed(2)}`;
  const isRight = x + 12 * unit + widthOf(context, view, words) < view.width;
  const align = isRight ? "left" : "right";
  const [at, line] = [x + (isRight ? 12 : -12) * unit, axis - 8 * unit];
  write(context, view, words, at, line, { align });
  return lineBox(at, line, widthOf(context, view, words), 14 * unit, align);
}

/**
 * Words at the barrier, at the deepest well, and where the ball ends; `taken` are the ball, its traces and other words.
 * @param {Context} context @param {Well.View} view @param {Box[]} taken
 */
function drawWellWords(context, view, end, taken) {
  const { header, unit } = view;
  const stable = stableOf(header);
  const barrier = header.fixed_points.find(({ kind }) => kind === "unstable");
  if (stable.length > 1 && barrier) {
    const [x, y] = view.on(barrier.x);
    writeFree(context, view, ["", "barrier"], { x, y: y - 17 * unit }, taken);
    const [deep, other] = [...stable].sort((a, b) => a.V - b.V);
    const level = other.V - deep.V < 1e-4;
    const isThere = Math.abs(end - deep.x) < 0.02;
    if (!level && !isThere) writeFree(context, view, ["", "deepest well"], { x: view.x(deep.x), y: view.on(deep.x)[1] - 44 * unit }, taken);
  }
  const [x, y] = view.on(end);
  const isDeep = view.axis - y > 68 * unit;
  writeFree(context, view, endWords(view, end), { x, y: isDeep ? y + 50 * unit : y - 2 * view.ball - 14 * unit }, taken);
}

/**
 * A muted and a bold line, centred: as near to the wish as they stand free of what is there, and off the curve.
 * @param {Context} context @param {Well.View} view @param {string[]} lines @param {Position} wish @param {Box[]} taken
 */
function writeFree(context, view, lines, wish, taken) {
  const { unit } = view;
  const half = halfWidth(context, view, lines);
  const height = (lines[0] ? 32 : 14) * unit;
  const [least, most] = [half + 2, Math.max(half + 2, view.width - half - 2)];
  const steps = [0, 1, -1, 2, -2, 3, -3, 4, -4, 6, -6, 8, -8];
  const places = steps.flatMap((across) => steps.map((down) => {
    const [x, y] = [clamp(wish.x + across * 26 * unit, least, most), wish.y + down * 14 * unit];
    const box = { left: x - half, right: x + half, top: y - height, bottom: y + 5 * unit };
    return { x, y, box, cost: 1.4 * Math.abs(x - wish.x) + Math.abs(y - wish.y) };
  })).sort((a, b) => a.cost - b.cost);
  const curve = Array.from(view.curve, (value, k) => [view.x(k / (view.curve.length - 1)), view.y(value)]);
  const weigh = (box) => 60 * Math.min(1, pointsIn(curve, box, 2));
  const within = { left: 0, right: view.width, top: 2, bottom: view.axis - 4 };
  const { x, y, box } = placeLabel(places, { within, taken, gap: 2 * unit, weigh }) ?? places[0];
  taken.push(box);
  const isBelow = y - height / 2 > view.on(clamp(view.share(x), 0, 1))[1];
  const halo = isBelow ? byTheme(view, FIELD) : view.palette.page;
  const [muted, bold] = lines;
  if (muted) write(context, view, muted, x, y - 18 * unit, { colour: view.palette.secondary, align: "center", halo });
  write(context, view, bold, x, y, { weight: 600, align: "center", halo });
}

/** @param {Context} context @param {Well.View} view @param {string[]} string */
const halfWidth = (context, view, [muted, bold]) => Math.max(widthOf(context, view, muted), widthOf(context, view, bold, 600)) / 2;

/** One span of V for all five: as much as their highest barrier needs. @param {Well.Arrays} arrays */
function smallSpan(arrays) {
  const [count, points] = arrays.wells_potential.shape;
  let span = 0;
  for (let k = 0; k < count; k += 1) {
    const values = arrays.wells_potential.subarray(k * points, (k + 1) * points);
    const low = Math.min(...values);
    for (let i = 1; i < points - 1; i += 1) {
      if (values[i] > values[i - 1] && values[i] >= values[i + 1]) span = Math.max(span, 1.2 * (values[i] - low));
    }
  }
  // Single precision leaves ripples on a flat floor: they are no barrier.
  if (span > 1e-5) return span;
  const middle = Float32Array.from(arrays.wells_potential).sort()[Math.floor(0.75 * count * points)];
  return Math.max(1.2 * (middle - Math.min(...arrays.wells_potential)), 1e-2);
}

/** @param {Context} context @param {Well.View} view @param {Well.Instance} instance */
function drawSmallWells(context, view, { arrays }) {
  const { header, unit } = view;
  const span = smallSpan(arrays);
  const gap = 10 * unit;
  const width = (view.width - gap * (header.wells.length - 1)) / header.wells.length;
  header.wells.forEach((well, k) => {
    const values = arrays.wells_potential.subarray(k * arrays.wells_potential.shape[1], (k + 1) * arrays.wells_potential.shape[1]);
    drawSmallWell(context, view, { well, values, span, end: arrays.wells_end[k], left: k * (width + gap), width, gap });
  });
}

/** @param {Context} context @param {Well.View} view */
function drawSmallWell(context, view, { well, values, span, end, left, width, gap }) {
  const { small, unit, palette } = view;
  const low = Math.min(...values);
  const [floor, bottom] = [small.height - 14 * unit, small.height];
  const x = (share) => left + share * width;
  const y = (value) => floor - ((value - low) / span) * (floor - 2);
  const points = Array.from(values, (value, k) => [x(k / (values.length - 1)), y(value)]);
  drawCurve(context, view, points, { left, right: left + width, top: 1, bottom, width: well.is_now ? 2.4 : 1.5 });
  context.strokeStyle = palette.ink;
  context.lineWidth = view.line;
  tracePath(context, [[left, bottom + 0.5], [left + width, bottom + 0.5]]);
  context.stroke();
  const radius = 6 * Math.sqrt(unit * view.line);
  const ball = [clamp(x(end), left + radius, left + width - radius), y(curveAt(values, end)) - radius];
  drawWellBall(context, view, ball, radius, { colour: ballColour(view, well.stuck) });
  drawSource(context, view, x(view.header.source), bottom, 6);
  const [share, long, short] = smallWords(view, well, end);
  const state = widthOf(context, view, long) < width + gap - 4 ? long : short;
  // The outermost words stay in the picture: there they may be as wide as their well and no wider.
  const size = Math.min(14, (14 * (width + gap - 4)) / widthOf(context, view, state));
  const half = (widthOf(context, view, state) * size) / 28;
  const middle = clamp(left + width / 2, half + 1, view.width - half - 1);
  write(context, view, share, left + width / 2, bottom + 20 * unit, { weight: well.is_now ? 600 : 400, align: "center" });
  write(context, view, state, middle, bottom + 38 * unit, { size, colour: palette.secondary, align: "center" });
}
