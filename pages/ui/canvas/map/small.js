// "You are here": flat tints, the exact boundary, the words, and the point with its arrow.

const SMALL_TICKS = [0.25, 0.5, 1, 2, 4];
const WORD_WISHES = {
  faithful: [1, 0.83],
  collapse: [0.36, 0.42],
  "heat death": [3, 0.13],
};
const WORD_LINES = { faithful: ["faithful"], collapse: ["collapse"], "heat death": ["heat", "death"] };

/**
 * Tints, hatch, line and axes: everything that does not move with the point.
 * @param {Context} context @param {PhaseMap.View} view
 */
function drawSmallBase(context, view) {
  const { palette, plot, field } = view;
  context.fillStyle = palette.faithfulTint;
  context.fillRect(plot.left, plot.top, plot.width, plot.height);
  for (const side of ["collapse", "heat"]) {
    const [from, to] = side === "collapse" ? [view.from, 0] : [0, view.to];
    const least = (log) => readLine(field, field.contour, log);
    fillBelow(context, view, from, to, least, palette[`${side}Mild`]);
    const level = side === "collapse" ? -0.5 : 0.5;
    // Clipped to the boundary: the shift is ill-conditioned where the source is nearly even.
    const severe = (log) => Math.min(least(log), levelShare(field, level, log) ?? 0);
    const path = fillBelow(context, view, from, to, severe, palette[`${side}Severe`]);
    context.save();
    context.clip(path);
    (side === "collapse" ? hatch : stipple)(context, view);
    context.restore();
  }
  context.strokeStyle = palette.faithful;
  context.lineWidth = view.m.run;
  context.lineJoin = "round";
  for (const run of lineRuns(view, field.contour)) {
    tracePath(context, run);
    context.stroke();
  }
  drawSmallAxes(context, view);
}

/** @param {Context} context @param {PhaseMap.View} view */
function fillBelow(context, view, from, to, shareAt, colour) {
  const { plot } = view;
  const path = new Path2D();
  const left = view.x(Math.exp(Math.max(from, view.from)));
  const right = view.x(Math.exp(Math.min(to, view.to)));
  path.moveTo(left, plot.bottom);
  if (right > left) {
    const steps = Math.max(2, Math.ceil(right - left));
    for (let i = 0; i <= steps; i++) {
      const x = left + ((right - left) * i) / steps;
      path.lineTo(x, view.y(shareAt(clamp(view.log(x), from, to))));
    }
    path.lineTo(right, plot.bottom);
  }
  path.closePath();
  context.fillStyle = colour;
  context.fill(path);
  return path;
}

/** @param {Context} context @param {PhaseMap.View} view */
function hatch(context, { m, plot, palette }) {
  const gap = m.tick * 0.78;
  context.strokeStyle = palette.collapse;
  context.globalAlpha = 0.3;
  context.lineWidth = m.thin * 1.05;
  context.beginPath();
  for (let x = plot.left - plot.height; x < plot.right; x += gap) {
    context.moveTo(x, plot.bottom);
    context.lineTo(x + plot.height, plot.top);
  }
  context.stroke();
}

/** @param {Context} context @param {PhaseMap.View} view */
function stipple(context, { m, plot, palette }) {
  const gap = m.tick * 0.6;
  context.fillStyle = palette.heat;
  context.globalAlpha = 0.42;
  context.beginPath();
  for (let y = plot.bottom - gap / 2; y > plot.top; y -= gap) {
    for (let x = plot.left + gap / 3; x < plot.right; x += gap) {
      context.moveTo(x + m.thin * 0.85, y);
      context.arc(x, y, m.thin * 0.85, 0, 2 * Math.PI);
    }
  }
  context.fill();
}

/** @param {Context} context @param {PhaseMap.View} view */
function drawSmallAxes(context, view) {
  const { palette, plot, m } = view;
  context.lineWidth = m.thin;
  context.textBaseline = "alphabetic";
  for (const tick of SMALL_TICKS.filter((t) => Math.log(t) >= view.from - 1e-9 && Math.log(t) <= view.to + 1e-9)) {
    const x = view.x(tick);
    context.strokeStyle = palette.disabled;
    tracePath(context, [[x, plot.bottom], [x, plot.bottom + m.tick * 0.32]]);
    context.stroke();
    const text = String(tick);
    context.font = view.font(tick === 1 ? 700 : 400, m.tick);
    context.fillStyle = tick === 1 ? palette.ink : palette.secondary;
    const half = context.measureText(text).width / 2;
    context.textAlign = "center";
    context.fillText(text, clamp(x, plot.left + half, plot.right - half), plot.bottom + m.tick * 1.45);
  }
  context.font = view.font(400, m.tick);
  context.fillStyle = palette.secondary;
  context.fillText("temperature T", plot.left + plot.width / 2, view.height - m.tick * 0.5);
  context.textAlign = "right";
  for (const [share, drop] of [[0, 0], [0.5, 0.35], [1, 0.8]]) {
    context.fillText(String(100 * share), plot.left - m.tick * 0.45, view.y(share) + m.tick * drop);
  }
}

/**
 * Words and point: redrawn while dragging.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Reading} reading
 */
function drawSmallOverlay(context, view, reading) {
  const inRange = reading.temperature >= Math.exp(view.from) * 0.999 && reading.temperature <= Math.exp(view.to) * 1.001;
  const log = clamp(Math.log(reading.temperature), view.from, view.to);
  const dot = { x: view.x(Math.exp(log)), y: view.y(reading.external_fraction) };
  const least = leastOf(view, reading, log);
  const reach = view.m.dot * 1.3;
  const obstacles = [inRange ? boxAround(dot.x, dot.y, 2 * reach, 2 * reach) : edgeBox(context, view, reading)];
  const rescue = inRange && reading.external_fraction < least - 0.03 ? { x: dot.x, y: view.y(least) } : null;
  const number = rescue && placeRescue(context, view, rescue, `${leastText(least)} %`);
  if (rescue && number) {
    obstacles.push({ left: dot.x - view.m.dot * 0.8, right: dot.x + view.m.dot * 0.8, top: rescue.y, bottom: dot.y });
    obstacles.push({ ...number.box, top: number.box.top - view.m.word * 0.5, left: number.box.left - 4 });
  }
  const kept = keptSpot(view);
  if (kept) obstacles.push(boxAround(kept.x, kept.y, 2 * reach, 2 * reach));
  for (const name of REGIONS) drawWord(context, view, name, obstacles);
  if (kept) drawKept(context, view, kept);
  if (rescue && number) drawRescue(context, view, dot, rescue, number);
  if (inRange) drawDot(context, view, dot);
  else drawEdgeArrow(context, view, reading, view.m.dot, view.m.tick);
}

/** @param {Context} context @param {PhaseMap.View} view @param {Box[]} obstacles */
function drawWord(context, view, name, obstacles) {
  const { m, palette } = view;
  const lines = WORD_LINES[name];
  context.font = view.font(700, m.word);
  const width = Math.max(...lines.map((line) => context.measureText(line).width), m.glyph * 1.2);
  const lineHeight = m.word * 1.07;
  const textHeight = m.word * 0.35 + lineHeight * lines.length;
  const sizes = [m.glyph, 0].map((glyph) => ({ width: width + 4, height: textHeight + glyph, glyph }));
  const [temperature, share] = WORD_WISHES[name];
  const wish = { x: view.x(temperature), y: view.y(share) };
  const spot = placeClassWord(view, name, sizes, wish, obstacles);
  if (!spot) return;
  obstacles.push(spot.box);
  const variable = CLASS_VARIABLE[name];
  const halo = name === "faithful" ? palette.faithfulTint : palette[`${variable}${spot.isSevere ? "Severe" : "Mild"}`];
  let y = spot.box.top + spot.glyph;
  if (spot.glyph) drawGlyph(context, name, m.glyph, spot.x - m.glyph * 0.595, y, palette[variable]);
  context.textAlign = "center";
  for (const line of lines) {
    y += lineHeight;
    haloText(context, line, spot.x, y, { colour: palette[`${variable}Text`], halo, width: m.word * 0.33 });
  }
}

/**
 * On the mild ground, else on the severe one, else anywhere in the region, else without the glyph; never over the point.
 * @param {PhaseMap.View} view @param {Position} wish @param {Box[]} obstacles
 */
function placeClassWord(view, name, sizes, wish, obstacles) {
  const isIn = (x, y) => classAtPixel(view, x, y) === name;
  const level = { collapse: -0.5, "heat death": 0.5 }[name];
  const isSevere = (x, y) => level !== undefined && view.share(y) <= (cachedLevelShare(view.field, level, view.log(x)) ?? -1);
  const grounds = [
    { severe: false, isInside: (x, y) => isIn(x, y) && !isSevere(x, y) },
    { severe: true, isInside: (x, y) => isIn(x, y) && isSevere(x, y) },
    { severe: true, isInside: isIn },
  ];
  for (const size of sizes) {
    for (const { severe, isInside } of grounds) {
      const spot = placeBox(view.plot, isInside, size, wish, obstacles);
      if (spot) return { ...spot, isSevere: severe, glyph: size.glyph };
    }
  }
  return null;
}

/**
 * Beside the arrow's tip, on whichever side is faithful ground.
 * @param {Context} context @param {PhaseMap.View} view @param {Position} tip
 */
function placeRescue(context, view, tip, text) {
  const { m, plot } = view;
  context.font = view.font(700, m.word);
  const width = context.measureText(text).width;
  const [reach, lift] = [m.dot * 0.9 + width / 2, m.word * 0.65];
  const beside = [[reach, -lift], [-reach, -lift], [0, -lift * 2.1], [reach, -lift * 2.4], [-reach, -lift * 2.4], [reach, lift], [-reach, lift]];
  const places = beside.map(([dx, dy], cost) => ({ box: boxAround(tip.x + dx, tip.y + dy, width, m.word * 1.1), cost }));
  const isFaithful = (x, y) => classAtPixel(view, x, y) === "faithful";
  const weigh = ({ left, right, top, bottom }) => (boxIsInside({ left: left + 2, right: right - 2, top, bottom: bottom - 3 }, isFaithful) ? 0 : 10);
  const { box } = placeLabel(places, { within: plot, weigh }) ?? places[0];
  const shift = Math.max(0, plot.left + 2 - box.left) - Math.max(0, box.right - plot.right + 2);
  const sink = Math.max(0, plot.top + 2 - box.top);
  const at = { left: box.left + shift, right: box.right + shift, top: box.top + sink, bottom: box.bottom + sink };
  return { text, x: (at.left + at.right) / 2, y: at.bottom - m.word * 0.22, box: at };
}

/**
 * @param {Context} context @param {PhaseMap.View} view @param {Position} dot @param {Position} tip
 * @param {ReturnType<typeof placeRescue>} number
 */
function drawRescue(context, view, dot, tip, number) {
  const { m, palette } = view;
  context.strokeStyle = palette.ink;
  context.lineWidth = m.thin * 1.2;
  context.setLineDash([m.thin * 2, m.thin * 2.4]);
  tracePath(context, [[dot.x, dot.y], [tip.x, tip.y]]);
  context.stroke();
  context.setLineDash([]);
  context.lineWidth = m.thin * 1.4;
  context.lineJoin = "miter";
  tracePath(context, [[tip.x - m.dot * 0.55, tip.y + m.dot * 0.95], [tip.x, tip.y + 1], [tip.x + m.dot * 0.55, tip.y + m.dot * 0.95]]);
  context.stroke();
  context.font = view.font(700, m.word);
  context.textAlign = "center";
  haloText(context, number.text, number.x, number.y, { colour: palette.faithfulText, halo: palette.faithfulTint, width: 4 });
}

/** Where run A of a comparison stands, if it is on the map. @param {PhaseMap.View} view */
function keptSpot({ kept, from, to, x, y }) {
  if (!kept) return null;
  const log = Math.log(kept.temperature);
  return log >= from - 1e-3 && log <= to + 1e-3 ? { x: x(kept.temperature), y: y(kept.external_fraction) } : null;
}

/** @param {Context} context @param {PhaseMap.View} view @param {Position} at */
function drawKept(context, view, { x, y }) {
  const { m, palette } = view;
  drawDisc(context, x, y, m.dot, { fill: palette.page, line: palette.ink, width: m.dot * 0.25 });
  context.font = view.font(700, m.dot * 1.4);
  context.textAlign = "center";
  context.fillStyle = palette.ink;
  context.fillText("A", x, y + m.dot * 0.5);
}

/** Hollow where the run does not start at its source, which is what the map speaks of. @param {Context} context @param {PhaseMap.View} view @param {Position} at */
function drawDot(context, { m, palette, header }, { x, y }) {
  if (header.elsewhere) drawDisc(context, x, y, m.dot * 0.9, { fill: palette.page, line: palette.ink, width: m.dot * 0.35 });
  else drawDisc(context, x, y, m.dot, { fill: palette.ink, line: palette.page, width: m.dot * 0.3 });
}

/**
 * Where the arrow at the edge and its temperature stand.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Reading} reading
 */
function edgeBox(context, { m, plot, from, font, y }, reading) {
  context.font = font(700, m.tick);
  const width = context.measureText(edgeText(reading)).width + 3 * m.dot;
  const middle = clamp(y(reading.external_fraction), plot.top + m.dot, plot.bottom - m.dot);
  const left = Math.log(reading.temperature) < from ? plot.left : plot.right - width;
  return { left, right: left + width, top: middle - 1.2 * m.dot, bottom: middle + 1.2 * m.dot };
}

/** @param {PhaseMap.Place} place */
const edgeText = ({ temperature }) => `T ${temperatureText(temperature)}`;

/**
 * A point whose temperature is not on the map: an arrow at the edge, pointing out, with the temperature.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Reading} reading
 */
function drawEdgeArrow(context, view, reading, size, type) {
  const { palette, plot } = view;
  const outward = Math.log(reading.temperature) < view.from ? -1 : 1;
  const edge = outward < 0 ? plot.left : plot.right;
  const y = clamp(view.y(reading.external_fraction), plot.top + size, plot.bottom - size);
  const back = edge - outward * size * 1.7;
  context.beginPath();
  context.moveTo(edge - outward * 2, y);
  context.lineTo(back, y - size);
  context.lineTo(back, y + size);
  context.closePath();
  context.strokeStyle = palette.page;
  context.lineWidth = size * 0.4;
  context.lineJoin = "round";
  context.stroke();
  context.fillStyle = palette.ink;
  context.fill();
  // On the page the card says the temperature.
  if (!type) return;
  context.font = view.font(700, type);
  context.textAlign = outward < 0 ? "left" : "right";
  haloText(context, edgeText(reading), back - outward * size * 0.6, y + type * 0.35, { colour: palette.ink, halo: palette.page });
}
