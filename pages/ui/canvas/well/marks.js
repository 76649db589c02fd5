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
  drawAxis(context, view);
  const here = ballNow({ at, ball, doublings, drag });
  const end = lastOf(ball);
  if (drag === null) {
    const ghosts = drawGhosts(context, view, { at, ball, doublings, drag, here });
    drawWellWords(context, view, end, ghosts);
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

/** @param {Context} context @param {Well.View} view */
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
  write(context, view, words, x + (isRight ? 12 : -12) * unit, axis - 8 * unit, { align: isRight ? "left" : "right" });
}

/**
 * Words at the barrier, at the deepest well, and where the ball ends.
 * @param {Context} context @param {Well.View} view @param {Point[]} ghosts
 */
function drawWellWords(context, view, end, ghosts) {
  const { header, unit } = view;
  const stable = stableOf(header);
  const barrier = header.fixed_points.find(({ kind }) => kind === "unstable");
  const lines = endWords(view, end);
  if (stable.length > 1 && barrier) {
    const [x, y] = view.on(barrier.x);
    writeBlock(context, view, ["", "barrier"], x, y - 17 * unit);
    const [deep, other] = [...stable].sort((a, b) => a.V - b.V);
    const level = other.V - deep.V < 1e-4;
    const isThere = Math.abs(end - deep.x) < 0.02;
    if (!level && !isThere) writeInWell(context, view, ["", "deepest well"], deep.x, view.on(deep.x)[1] - 44 * unit);
  }
  placeEndWords(context, view, lines, end, ghosts);
}

/**
 * Below the curve where the ground is deep enough, else above the ball.
 * @param {Context} context @param {Well.View} view @param {string[]} lines @param {Point[]} ghosts
 */
function placeEndWords(context, view, lines, end, ghosts) {
  const { unit } = view;
  const [x, y] = view.on(end);
  const room = view.axis - y;
  const below = y + 50 * unit;
  if (room > 68 * unit && isClearOfSource(context, view, lines, x, below)) writeBlock(context, view, lines, x, below, byTheme(view, FIELD));
  else writeInWell(context, view, lines, end, y - 2 * view.ball - 14 * unit, ghosts);
}

/**
 * Words above the curve, between its walls: as low as they fit, and not on the ball's traces.
 * @param {Context} context @param {Well.View} view @param {string[]} lines @param {Point[]} [ghosts]
 */
function writeInWell(context, view, lines, share, lowest, ghosts = []) {
  const { unit } = view;
  const half = halfWidth(context, view, lines) + 8 * unit;
  const height = (lines[0] ? 34 : 16) * unit;
  for (let y = lowest; y > height + 4; y -= 4) {
    const [left, right] = wallsAt(view, share, y + 4 * unit);
    const x = clamp(view.x(share), left + half, Math.max(left + half, right - half));
    const hides = ghosts.some(([a, b]) => Math.abs(a - x) < half + view.ball && b > y - height - view.ball && b < y + view.ball);
    if (right - left >= 2 * half && !hides) {
      writeBlock(context, view, lines, x, y);
      return;
    }
  }
  writeBlock(context, view, lines, view.x(share), height + 8 * unit);
}

/** From the bottom of a well at height y to the curve on both sides, in pixels. @param {Well.View} view */
function wallsAt(view, share, y) {
  const wall = (step) => {
    let at = share;
    while (at > 0 && at < 1 && view.on(at)[1] > y) at += step;
    return view.x(clamp(at, 0, 1));
  };
  return [wall(-0.005), wall(0.005)];
}

/** @param {Context} context @param {Well.View} view @param {string[]} string */
const halfWidth = (context, view, [muted, bold]) => Math.max(widthOf(context, view, muted), widthOf(context, view, bold, 600)) / 2;

/** @param {Context} context @param {Well.View} view @param {string[]} lines */
function isClearOfSource(context, view, lines, x, y) {
  const half = halfWidth(context, view, lines);
  const source = view.x(view.header.source);
  return y < view.axis - 24 * view.unit || x + half < source - 14 || x - half > source + 100 * view.unit;
}

/**
 * A muted and a bold line, centred at x but inside the picture; y is the bold one's baseline.
 * @param {Context} context @param {Well.View} view @param {string[]} string
 */
function writeBlock(context, view, [muted, bold], x, y, halo = view.palette.page) {
  const half = halfWidth(context, view, [muted, bold]);
  const place = clamp(x, half + 2, Math.max(half + 2, view.width - half - 2));
  if (muted) write(context, view, muted, place, y - 18 * view.unit, { colour: view.palette.secondary, align: "center", halo });
  write(context, view, bold, place, y, { weight: 600, align: "center", halo });
}

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
  write(context, view, share, left + width / 2, bottom + 20 * unit, { weight: well.is_now ? 600 : 400, align: "center" });
  write(context, view, state, left + width / 2, bottom + 38 * unit, { colour: palette.secondary, align: "center" });
}
