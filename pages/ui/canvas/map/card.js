// The ring ("you are here") and the card beside it, which is also the legend.

/** @param {Context} context @param {PhaseMap.View} view */
function drawRing(context, view, x, y, scale = 1) {
  const { palette, m } = view;
  const u = m.unit * scale;
  const circle = (radius) => {
    context.beginPath();
    context.arc(x, y, radius * u, 0, 2 * Math.PI);
  };
  if (scale === 1) {
    circle(9);
    context.strokeStyle = palette.page;
    context.lineWidth = 6 * m.line;
    context.stroke();
  }
  circle(9);
  context.strokeStyle = palette.ink;
  context.lineWidth = 2.4 * m.line * scale;
  context.stroke();
  circle(3);
  context.fillStyle = palette.ink;
  context.fill();
}

/**
 * What moves: the ring, and the card at the ring or under the pointer.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Overlay} overlay
 */
function drawPageOverlay(context, view, { reading, hovered, words, panelHover, playing }) {
  context.textBaseline = "alphabetic";
  drawPanelOverlay(context, view, { reading, panelHover, playing });
  const isIn = Math.log(reading.temperature) >= view.from - 1e-6 && Math.log(reading.temperature) <= view.to + 1e-6;
  const here = ringPlace(view, reading);
  const at = hovered ? { x: view.x(hovered.temperature), y: view.y(hovered.external_fraction) } : here;
  if (view.mode === "phone") {
    drawStrip(context, view, hovered || reading, Boolean(hovered));
  } else {
    const width = cardWidth(context, view, hovered || reading);
    const place = placeCard(view, at, here, words, width, Boolean(hovered));
    // A card docked elsewhere says by a line which point it speaks of.
    if (place.isDocked) {
      const isRight = place.left > here.x;
      const edge = isRight ? place.left : place.left + place.width;
      const start = here.x + (isRight ? 13 : -13) * view.m.unit;
      context.strokeStyle = view.palette.ink;
      context.lineWidth = view.m.line;
      tracePath(context, [[start, here.y], [edge, clamp(here.y, place.top + 12, place.top + place.height - 12)]]);
      context.stroke();
    }
    drawCard(context, view, place, hovered || reading, Boolean(hovered));
  }
  if (isIn) drawRing(context, view, here.x, here.y);
  else drawEdgeArrow(context, view, reading, 9 * view.m.unit, 0);
}

/** Where the ring is: at the map's edge for a temperature beyond it. @param {PhaseMap.View} view */
function ringPlace(view, { temperature, external_fraction }) {
  const clamped = clamp(Math.log(temperature), view.from, view.to);
  return { x: view.x(Math.exp(clamped)), y: view.y(external_fraction) };
}

/**
 * The box of the card as long as the pointer shows nothing else; none on a phone.
 * @param {Context} context @param {PhaseMap.View} view @param {Box[]} words @returns {Box[]}
 */
function restingCard(context, view, words) {
  if (view.mode === "phone") return [];
  const { point } = view.header;
  const here = ringPlace(view, point);
  const reading = point.distance === undefined ? readAt(view.field, point.temperature, point.external_fraction) : point;
  const { left, top, width, height } = placeCard(view, here, here, words, cardWidth(context, view, reading), false);
  return [{ left, right: left + width, top, bottom: top + height }];
}

const CARD_WIDTH = 208; // at least
const CARD_PAD = 13;
const CARD_HEIGHT = 160;
const CARD_ROW = 21.5;

/**
 * As wide as its widest row, a name and a number with air between them.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Reading} reading
 */
function cardWidth(context, view, reading) {
  const u = view.m.unit;
  const rows = cardTexts(view, reading).rows.map(([name, value]) => (
    textWidth(context, view.font(400, 14 * u), name) + textWidth(context, view.font(600, 14 * u), value)));
  return Math.max(CARD_WIDTH * u, Math.max(...rows) + (2 * CARD_PAD + 12) * u);
}

/** @param {Context} context @param {string} font @param {string} text */
function textWidth(context, font, text) {
  context.font = font;
  return context.measureText(text).width;
}

/**
 * Left of the point, else right; docked in the opposite half where both would hide what must be seen.
 * @param {PhaseMap.View} view @param {Position} at @param {Position} here @param {Box[]} words @returns {PhaseMap.CardPlace}
 */
function placeCard(view, at, here, words, width, isHover) {
  const { plot, m } = view;
  const height = (CARD_HEIGHT + (view.field.states ? CARD_ROW : 0)) * m.unit;
  const inside = (top) => Math.max(plot.top + 8, Math.min(plot.bottom - height - 8, top));
  const tip = boxAround(view.x(1), plot.bottom - 50 * m.unit, 44 * m.unit, 100 * m.unit);
  const circles = thresholdCircles(view).map(({ x, y }) => boxAround(x, y, 14 * m.unit, 14 * m.unit));
  const marks = [...words, ...circles, ...circles];
  const avoid = [tip, tip, ...marks, ...marks, ...marks, ...(isHover ? [boxAround(here.x, here.y, 24 * m.unit, 24 * m.unit)] : [])];
  const boundary = [view.field.contour, ...(view.header.lines || []).map((line) => lineValues(view.header, line))].flatMap((values) => lineRuns(view, values).flat());
  let best = /** @type {PhaseMap.CardPlace | null} */ (null);
  for (const place of cardPlaces(view, at, width, height, words, isHover)) {
    const top = inside(place.top);
    const box = { left: place.left, right: place.left + width, top, bottom: top + height };
    if (box.left < plot.left + 2 || box.right > plot.right - 2) continue;
    const hidden = boundary.filter((point) => crosses([point], box)).length;
    const coversOne = box.left < view.x(1) && box.right > view.x(1) ? 0.3 : 0;
    const cost = place.cost + coversOne + avoid.filter((other) => overlaps(other, box)).length + (6 * hidden) / boundary.length;
    if (!best || cost < best.cost) best = { ...place, top, cost, width, height };
  }
  return best || { left: plot.left + 8, top: plot.top + 8, width, height, cost: Infinity };
}

/** @param {PhaseMap.View} view @param {Position} at @param {Box[]} words */
function cardPlaces(view, at, width, height, words, isHover) {
  const { m } = view;
  const middle = at.y - height / 2;
  const above = at.y - height - 24 * m.unit;
  const gaps = [[24, 0], [15, 0.02]];
  const beside = gaps.flatMap(([gap, cost]) => [
    { left: at.x - width - gap * m.unit, top: middle, cost },
    { left: at.x + gap * m.unit, top: middle, cost: cost + 0.1 },
  ]);
  const higher = [at.x - width - 15 * m.unit, at.x + 15 * m.unit].map((left) => ({ left, top: above, cost: 0.3 }));
  // Under the pointer it only goes beside it: a card that jumps across the map cannot be read.
  if (isHover) return [...beside, ...higher];
  const far = at.x < view.x(1) ? view.x(1) + 26 * m.unit : view.x(1) - width - 26 * m.unit;
  const further = at.x < view.x(1) ? view.x(1.88) : view.x(0.5) - width;
  // Last, places all over the map: the nearer to the point's height and to T = 1, the better.
  const [across, down] = [view.plot.width - width - 20, view.plot.height - height - 20];
  const lattice = Array.from({ length: 63 }, (_, i) => ({ left: view.plot.left + 10 + (across * (i % 9)) / 8, top: view.plot.top + 10 + (down * Math.floor(i / 9)) / 6 }));
  const docked = [[far, 0.5], [further, 0.6]].map(([left, cost]) => ({ left, top: at.y - 30 * m.unit, cost, isDocked: true }));
  docked.push(...lattice.map((place) => ({ ...place, cost: 0.6 + (0.3 * Math.hypot(place.left - far, place.top - middle)) / view.plot.width, isDocked: true })));
  return [...beside, ...higher, ...docked];
}

/** @param {PhaseMap.View} view @param {PhaseMap.Reading} reading */
function cardTexts(view, reading) {
  const { temperature, external_fraction, shift, distance, effective, states } = reading;
  const outOf = countText(view.header.effective_source);
  return {
    place: `T ${temperatureText(temperature)}, external ${percentFine(external_fraction)} % (\u03bc ${ratioText(external_fraction)})`,
    rows: [
      ["Shift s", signedText(shift)],
      ["Distance to the source", `${percent(distance)}${NBSP}%`],
      ["Effective outcomes", `${effective.toFixed(1)} of ${outOf}`],
      ...(states === undefined ? [] : [["Stable states", states === 0 ? "every state" : grouped(states)]]),
    ],
  };
}

/** The ground of the card and of the panels' tip. @param {Context} context @param {PhaseMap.View} view */
function drawSheet(context, { palette, m }, left, top, width, height) {
  const u = m.unit;
  context.save();
  context.shadowColor = "rgba(15, 20, 30, 0.22)";
  context.shadowBlur = 14 * u;
  context.shadowOffsetY = 3 * u;
  context.fillStyle = palette.dark ? "#171B23" : palette.page;
  context.beginPath();
  context.roundRect(left, top, width, height, 8 * u);
  context.fill();
  context.restore();
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(left + 0.5, top + 0.5, width - 1, height - 1, 8 * u);
  context.stroke();
}

/**
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.CardPlace} place
 * @param {PhaseMap.Reading} reading
 */
function drawCard(context, view, { left, top, width, height }, reading, isHover) {
  const { palette, m } = view;
  const u = m.unit;
  drawSheet(context, view, left, top, width, height);
  const pad = CARD_PAD * u;
  const [x, right] = [left + pad, left + width - pad];
  const texts = cardTexts(view, reading);
  drawCardTitle(context, view, x, top + 24 * u, isHover);
  context.font = view.font(400, 14 * u);
  context.fillStyle = palette.secondary;
  context.fillText(texts.place, x, top + 43 * u, width - 2 * pad);
  drawScale(context, view, x, top + 53 * u, right - x, reading.shift);
  texts.rows.forEach(([name, value], i) => {
    const y = top + (103 + CARD_ROW * i) * u;
    context.textAlign = "left";
    context.font = view.font(400, 14 * u);
    context.fillStyle = palette.secondary;
    context.fillText(name, x, y);
    context.textAlign = "right";
    context.font = view.font(600, 14 * u);
    context.fillStyle = palette.ink;
    context.fillText(value, right, y);
  });
}

/** @param {Context} context @param {PhaseMap.View} view */
function drawCardTitle(context, view, x, y, isHover) {
  const { palette, m } = view;
  const u = m.unit;
  if (!isHover) drawRing(context, view, x + 6.5 * u, y - 5 * u, 0.68);
  context.textAlign = "left";
  context.font = view.font(600, 14 * u);
  context.fillStyle = palette.ink;
  context.fillText(isHover ? "Under the pointer" : "You are here", isHover ? x : x + 19 * u, y);
}

/** The ramp with a needle at the shift: the only legend the page needs. @param {Context} context @param {PhaseMap.View} view */
function drawScale(context, view, x, y, width, shift) {
  const { palette, m } = view;
  const u = m.unit;
  const height = 10 * u;
  const gradient = context.createLinearGradient(x, 0, x + width, 0);
  for (let i = 0; i <= 20; i++) gradient.addColorStop(i / 20, css(rampColour(palette.dark, i / 10 - 1)));
  context.fillStyle = gradient;
  context.fillRect(x, y, width, height);
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  const needle = x + ((clamp(shift, -1, 1) + 1) / 2) * width;
  context.fillStyle = palette.dark ? "#171B23" : palette.page;
  context.fillRect(needle - 2.7 * u, y - 4 * u, 5.4 * u, height + 8 * u);
  context.fillStyle = palette.ink;
  context.fillRect(needle - 1.3 * u, y - 4 * u, 2.6 * u, height + 8 * u);
  context.font = view.font(400, 12 * u);
  context.fillStyle = palette.secondary;
  context.textAlign = "left";
  context.fillText("collapse", x, y + height + 14 * u);
  context.textAlign = "right";
  context.fillText("heat death", x + width, y + height + 14 * u);
}

/**
 * On a phone a card would hide half the map: the same facts as a strip below the axis.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Reading} reading
 */
function drawStrip(context, view, reading, isHover) {
  const { palette, width, stripTop: top } = view;
  const texts = cardTexts(view, reading);
  drawCardTitle(context, view, 0, top + 14, isHover);
  context.font = view.font(400, 13);
  context.fillStyle = palette.secondary;
  context.textAlign = "right";
  context.fillText(texts.place, width, top + 14);
  drawScale(context, view, 0, top + 26, width, reading.shift);
  const last = texts.rows.length - 1;
  const names = texts.rows.map(([name]) => textWidth(context, view.font(400, 13), name));
  // The same air between all names; narrower letters where there would be next to none.
  const total = names.reduce((sum, w) => sum + w);
  const squeeze = Math.min(1, (width - 8 * last) / total);
  const gap = (width - squeeze * total) / last;
  let begin = 0;
  texts.rows.forEach(([name, value], i) => {
    const room = squeeze * names[i];
    const x = begin + [0, room / 2, room][i === last ? 2 : Math.min(i, 1)];
    begin += room + gap;
    context.textAlign = i === last ? "right" : i ? "center" : "left";
    context.font = view.font(400, 13);
    context.fillStyle = palette.secondary;
    context.fillText(name, x, top + 78, room);
    context.font = view.font(600, 14);
    context.fillStyle = palette.ink;
    context.fillText(value, x, top + 97);
  });
}
