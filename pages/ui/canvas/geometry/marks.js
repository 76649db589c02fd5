// What is drawn: the ground (basins, level lines, arrows, borders), and over it paths, fixed points, callouts, balls.

/**
 * Everything that stays while balls roll.
 * @param {Context} context @param {Geometry.View} view @param {Geometry.Instance} instance
 */
function drawGround(context, view, { field, arrays, labels, callouts }) {
  const { palette } = view;
  const corners = [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map(view.place);
  context.save();
  tracePath(context, corners);
  context.closePath();
  context.clip();
  context.drawImage(paintBasins(view, field), view.left, view.top, Math.ceil(view.side), Math.ceil(view.side * TALL));
  drawContours(context, view, field);
  drawArrows(context, view, arrays.arrows, labels);
  drawBorders(context, view, field);
  context.restore();
  tracePath(context, corners);
  context.closePath();
  context.lineJoin = "round";
  context.strokeStyle = palette.ink;
  context.lineWidth = 1.5 * view.line;
  context.stroke();
  drawCornerLabels(context, view, corners);
  for (const callout of callouts ?? []) drawCallout(context, view, callout);
}

/** @param {Context} context @param {Geometry.View} view @param {Geometry.Field} field */
function drawContours(context, view, field) {
  context.strokeStyle = view.palette.dark ? "#8A909C" : "#7D838F";
  context.globalAlpha = view.palette.dark ? 0.42 : 0.5;
  context.lineWidth = view.line;
  context.lineCap = "round";
  // One stroke for all: where pieces meet, their alpha must not add up.
  context.beginPath();
  // A lattice place in pixels, as view.place but without its arrays.
  const grain = view.side / field.cells;
  const right = view.left + view.side / 2;
  const x = (i, j) => right + (grain / 2) * (j - i);
  const y = (i, j) => view.top + grain * TALL * (i + j);
  traceLevels(field, contourLevels(field), (i1, j1, i2, j2) => {
    context.moveTo(x(i1, j1), y(i1, j1));
    context.lineTo(x(i2, j2), y(i2, j2));
  });
  context.stroke();
  context.globalAlpha = 1;
  context.lineCap = "butt";
}

/** @param {Context} context @param {Geometry.View} view @param {Numbers} arrows @param {Geometry.Label[]} labels */
function drawArrows(context, view, arrows, labels) {
  const glyphs = [...view.header.fixed_points.map(({ p }) => p), view.header.source].map(view.place);
  const head = 5.5 * Math.sqrt(view.unit) * (view.name === "phone" ? 0.8 : 1);
  context.strokeStyle = context.fillStyle = view.palette.secondary;
  context.globalAlpha = 0.62;
  context.lineWidth = 1.1 * view.line;
  // A phone's triangle has room for every other row only.
  const isShown = (k) => view.side > 420 || isOnCoarseRow(arrows, k);
  for (let k = 0; k < arrows.shape[0]; k += 1) {
    const [p0, p1, p2, d0, d1, d2] = arrows.subarray(6 * k, 6 * k + 6);
    const [x, y] = view.place([p0, p1, p2]);
    const [tx, ty] = view.place([p0 + d0, p1 + d1, p2 + d2]);
    const speed = Math.hypot(tx - x, ty - y) / view.side;
    const hides = glyphs.some(([a, b]) => Math.hypot(a - x, b - y) < 18 * view.line)
      || labels.some(({ box }) => x > box.left - 12 && x < box.right + 12 && y > box.top - 8 && y < box.bottom + 8);
    if (speed < 1e-4 || hides || !isShown(k)) continue;
    drawArrow(context, x, y, Math.atan2(ty - y, tx - x), (7 + 14 * Math.min(1, Math.sqrt(speed / 0.16))) * view.unit, head);
  }
  context.globalAlpha = 1;
}

/** @param {Numbers} arrows */
function isOnCoarseRow(arrows, k) {
  const row = (axis) => Math.round((arrows[6 * k + axis] - arrows[axis]) / Math.abs(arrows[6 + 1] - arrows[1]));
  return row(0) % 2 === 0 && row(1) % 2 === 0;
}

/** @param {Context} context */
function drawArrow(context, x, y, angle, length, head) {
  context.save();
  context.translate(x, y);
  context.rotate(angle);
  tracePath(context, [[-length / 2, 0], [length / 2 - head * 0.7, 0]]);
  context.stroke();
  tracePath(context, [[length / 2, 0], [length / 2 - head, -head * 0.53], [length / 2 - head, head * 0.53]]);
  context.fill();
  context.restore();
}

/** @param {Context} context @param {Geometry.View} view @param {Geometry.Field} field */
function drawBorders(context, view, { borders }) {
  context.strokeStyle = view.palette.ink;
  context.lineWidth = 1.7 * view.line;
  context.lineJoin = "round";
  context.setLineDash([6 * view.line, 4 * view.line]);
  for (const line of borders) {
    tracePath(context, line.map(view.place));
    context.stroke();
  }
  context.setLineDash([]);
}

/** @param {Context} context @param {Geometry.View} view @param {Point[]} point */
function drawCornerLabels(context, view, [a, b, c]) {
  const below = view.bottom + 23 * view.unit;
  const edge = 10 * view.unit;
  const room = view.side * 0.55;
  const fit = (name) => {
    let text = `all ${name}`;
    while (text.length > 5 && widthOf(context, view, text, 600) > room) text = `${text.slice(0, -2)}\u2026`;
    return text;
  };
  const [left, right, top] = view.labels.map(fit);
  write(context, view, left, Math.max(0, a[0] - edge), below, { weight: 600 });
  write(context, view, right, Math.min(view.width, b[0] + edge), below, { weight: 600, align: "right" });
  write(context, view, top, c[0], c[1] - 13 * view.unit, { weight: 600, align: "center" });
}

/** @param {Context} context @param {Geometry.View} view @param {Geometry.PlacedCallout} callout */
function drawCallout(context, view, { point, lines, isLeft, box }) {
  const [px, py] = view.place(point.p);
  const x = isLeft ? box.right : box.left;
  const to = [x + (isLeft ? 6 : -6) * view.unit, box.top + 11 * view.unit];
  const reach = Math.hypot(to[0] - px, to[1] - py);
  const start = (12 * view.line) / reach;
  context.strokeStyle = view.palette.ink;
  context.globalAlpha = 0.7;
  context.lineWidth = view.line;
  tracePath(context, [[lerp(px, to[0], start), lerp(py, to[1], start)], to]);
  context.stroke();
  context.globalAlpha = 1;
  lines.forEach((text, i) => {
    const style = i ? { colour: view.palette.secondary } : { weight: 600 };
    write(context, view, text, x, box.top + (14 + i * LINE) * view.unit, { ...style, align: isLeft ? "right" : "left" });
  });
}

/**
 * Paths as pixels, with the samples at which the dataset has doubled; the first one starts at the source.
 * @param {Geometry.View} view @param {Geometry.Arrays} arrays
 */
function pathsOf(view, arrays) {
  const [count, steps] = arrays.paths.shape;
  const doublings = arrays.path_doublings;
  const beads = [];
  for (let step = 1; step < steps; step += 1) {
    if (Math.floor(doublings[step] + 1e-4) > Math.floor(doublings[step - 1] + 1e-4)) beads.push(step);
  }
  return Array.from({ length: count }, (_, path) => {
    const mix = (step) => Array.from(arrays.paths.subarray(3 * (path * steps + step), 3 * (path * steps + step) + 3));
    const points = Array.from({ length: steps }, (__, step) => view.place(mix(step)));
    return { points, beads, doublings, start: mix(0), isSource: path === 0 };
  });
}

/**
 * One path: the part still to come is faint, beads mark doublings, the start is open.
 * @param {Context} context @param {Geometry.View} view @param {Geometry.Path} path
 * @param {Geometry.FixedPoint | undefined} home
 */
function drawPath(context, view, path, at, home) {
  const { palette, line } = view;
  const bold = path.isSource;
  const ink = bold ? classColours(palette, home?.class).fill : palette.ink;
  const [before, weight] = sampleAt(path.doublings, at);
  const [from, to] = [path.points[before], path.points[before + 1]];
  const here = [lerp(from[0], to[0], weight), lerp(from[1], to[1], weight)];
  const isDone = before + weight >= path.points.length - 1 - 1e-6;
  const draw = (points, alpha) => strokePath(context, view, points, { ink, bold, alpha });
  if (!isDone) draw([here, ...path.points.slice(before + 1)], 0.3);
  draw([...path.points.slice(0, before + 1), here], 1);
  drawBeads(context, view, path, { ink, bold, before });
  if (!bold) {
    const [x, y] = path.points[0];
    drawDisc(context, x, y, 3.4 * line, { fill: palette.page, line: ink, width: 1.2 * line });
  }
  return { here, ink, bold, isDone };
}

/** @param {Context} context @param {Geometry.View} view @param {Point[]} points */
function strokePath(context, view, points, { ink, bold, alpha }) {
  const { palette, line } = view;
  context.lineJoin = context.lineCap = "round";
  tracePath(context, points);
  if (bold && alpha === 1) {
    context.strokeStyle = palette.page;
    context.globalAlpha = 0.8;
    context.lineWidth = 6 * line;
    context.stroke();
  }
  context.globalAlpha = alpha * (bold ? 1 : 0.8);
  context.strokeStyle = ink;
  context.lineWidth = (bold ? 3 : 1.3) * line;
  context.stroke();
  context.globalAlpha = 1;
  context.lineCap = "butt";
}

/** @param {Context} context @param {Geometry.View} view @param {Geometry.Path} path */
function drawBeads(context, view, { points, beads }, { ink, bold, before }) {
  const { palette, line } = view;
  const stable = view.header.fixed_points.filter(({ kind }) => kind === "stable").map(({ p }) => view.place(p));
  let last = points[0];
  for (const step of beads) {
    const [x, y] = points[step];
    // Near its end a path stands still: beads would pile up.
    if (Math.hypot(x - last[0], y - last[1]) < 4.5 * line || stable.some(([a, b]) => Math.hypot(x - a, y - b) < 10 * line)) continue;
    last = [x, y];
    context.globalAlpha = step <= before ? (bold ? 1 : 0.85) : 0.3;
    if (bold) drawDisc(context, x, y, 3.2 * line, { fill: palette.page, line: ink, width: 1.8 * line });
    else drawDisc(context, x, y, 2.7 * line, { fill: ink });
  }
  context.globalAlpha = 1;
}

/** @param {Context} context @param {Geometry.View} view @param {Point} at */
function drawBall(context, view, [x, y], ink, bold) {
  drawDisc(context, x, y, (bold ? 9 : 7) * view.line, { fill: ink, line: view.palette.page, width: 2 * view.line });
}

/** @param {Point} at @param {Point} at2 */
const isNear = ([x, y], [a, b], reach) => Math.hypot(x - a, y - b) < reach;

/**
 * What moves: paths, source, fixed points (gliding), labels, starts on their way, balls, the keyboard's cursor.
 * @param {Context} context @param {Geometry.View} view @param {Geometry.Scene} scene
 */
function drawScene(context, view, scene) {
  const { paths, at, home, glyphs, labels, field, pending, cursor } = scene;
  const source = view.place(view.header.source);
  const balls = [...paths].reverse().map((path) => drawPath(context, view, path, at, home));
  // A fixed point may hide the source's square: then the square stands around it.
  const isHidden = glyphs.some(({ p }) => isNear(view.place(p), source, 6 * view.line));
  drawSource(context, view, ...source, isHidden ? 25 : 13);
  for (const { kind, p, alpha, size } of glyphs) {
    context.globalAlpha = alpha;
    drawFixedPoint(context, view, kind, ...view.place(p), (size ?? 1) * (view.name === "phone" ? 0.85 : 1));
    context.globalAlpha = 1;
  }
  const tints = tintsOf(view.header.fixed_points, view.palette.dark);
  for (const { text, x, y, align, box } of labels) {
    const middle = insideMix(view.mix((box.left + box.right) / 2, (box.top + box.bottom) / 2));
    write(context, view, text, x, y, { weight: 600, align, halo: tints[basinAt(field, middle)] ?? view.palette.page });
  }
  for (const p of pending) drawPending(context, view, view.place(p));
  if (at < Math.max(...paths.map((path) => lastOf(path.doublings)), 0)) {
    // Grey, so that a ball is not taken for a stable state.
    for (const { here, ink, bold } of balls) drawBall(context, view, here, bold ? ink : view.palette.disabled, bold);
  }
  if (cursor) drawCursor(context, view, view.place(cursor));
}

/** @param {Context} context @param {Geometry.View} view @param {Point} at */
function drawPending(context, { palette, line }, [x, y]) {
  drawDisc(context, x, y, 3.4 * line, { fill: palette.page, line: palette.ink, width: 1.6 * line });
}

/** @param {Context} context @param {Geometry.View} view @param {Point} at */
function drawCursor(context, view, [x, y]) {
  const r = 11 * view.line;
  const cross = [[[x - 1.8 * r, y], [x - r, y]], [[x + r, y], [x + 1.8 * r, y]], [[x, y - 1.8 * r], [x, y - r]], [[x, y + r], [x, y + 1.8 * r]]];
  for (const [colour, width] of [[view.palette.page, 5], [view.palette.ink, 2]]) {
    context.strokeStyle = colour;
    context.lineWidth = width * view.line;
    context.beginPath();
    context.arc(x, y, r, 0, 2 * Math.PI);
    context.stroke();
    for (const arm of cross) {
      tracePath(context, arm);
      context.stroke();
    }
  }
}
