// The bars. The coloured area IS the distance: a bar is grey up to min(p, q) and coloured for the excess over q.
// On a log axis only heights can be compared, and the legend says so.
// layoutBars is worked out once per run, size and view; drawBars may run sixty times a second.

const QUIET_ABOVE = 20; // With more bars than this a row of "<1" is noise.

/** @param {Player.View} view @returns {Player.BarsLayout} */
function layoutBars(view) {
  return view.kept ? layoutPair(view, view.kept) : layoutRow(view);
}

/**
 * One run's bars, or its profile. A row of a pair (pair.js) has `pair`: its own strip instead of the legend.
 * @param {Player.View} view @returns {Player.RowLayout}
 */
function layoutRow(view) {
  const { run, measures, width } = view;
  const axis = shareAxis(view);
  if (run.n > MOST_BARS) return layoutProfile(view, axis);
  const slot = (width - axis.left) / run.n;
  const bar = Math.max(2, Math.round(Math.min(slot * (run.n > 20 ? 0.72 : measures.barShare), measures.widestBar)));
  const words = layoutWords(view, slot);
  const layout = /** @type {Player.RowLayout} */ ({
    kind: "bars", axis, slot, bar, words, height: measures.bars,
    base: Math.round(measures.bars - words.room),
    centre: (i) => axis.left + (i + 0.5) * slot,
    numbers: numberSize(view, slot),
    outcomeAt: (x) => clamp(Math.floor((x - axis.left) / slot), 0, run.n - 1),
  });
  const half = Math.max(bar * 0.6, measures.number * 0.8);
  const spans = Array.from(run.peaks, (peak, i) => ({ left: layout.centre(i) - half, right: layout.centre(i) + half, peak }));
  return withLegend(view, layout, spans);
}

/**
 * Add the legend and the y of the axis's top, which depend on each other. `spans` are the bars at their highest.
 * @param {Player.View} view @param {Player.RowLayout} layout @returns {Player.RowLayout}
 */
function withLegend(view, layout, spans) {
  const { measures, run, pair } = view;
  layout.ceiling = Math.round(measures.number * 1.5 + (pair?.strip ?? 0));
  const settled = { ...view, top: run.top, low: run.low };
  const top = (peak) => barY(settled, layout, peak) - measures.number * 1.5;
  layout.spans = spans.map((span) => ({ ...span, top: top(span.peak) }));
  if (pair) return layout;
  const legend = layoutLegend(view, layout.spans);
  layout.legend = legend;
  layout.ceiling += legend.room;
  return layout;
}

/**
 * The decades of a log axis, and the room their labels take; a linear one needs none: numbers stand on the bars.
 * @param {Player.View} view
 */
function shareAxis(view) {
  const { run, measures } = view;
  if (view.scale !== "log") return { left: 0, ticks: [] };
  const first = Math.round(Math.log10(run.low));
  const count = Math.floor(Math.log10(run.top) + 1e-9) - first + 1;
  const ticks = Array.from({ length: count }, (_, at) => {
    const value = 10 ** (first + at);
    return { value, text: `${Number((100 * value).toPrecision(1))} %` };
  });
  const widest = Math.max(...ticks.map(({ text }) => textWidth(view, text, measures.tick)));
  return { left: Math.ceil(widest + measures.tick * 0.8), ticks };
}

/** @param {Player.View} view @param {Player.RowLayout} layout */
function drawShareAxis(view, layout) {
  const { width, palette, measures } = view;
  const { left, ticks } = layout.axis;
  /** @type {TextStyle} */
  const style = { size: measures.tick, colour: palette.secondary, align: "right" };
  const step = ticks.length > 1
    ? Math.ceil((measures.tick * 1.4) / (barY(view, layout, ticks[0].value) - barY(view, layout, ticks[1].value))) : 1;
  ticks.forEach(({ value, text }, at) => {
    const y = barY(view, layout, value);
    if (y < layout.base - 1) drawLine(view, left, y, width, y, palette.grid, measures.twin * 0.8);
    if (at % step === 0) drawText(view, text, left - measures.tick * 0.6, y + measures.tick * 0.3, style);
  });
}

/** The size of the numbers on top, or 0 where two digits do not fit (then only the leader has one). @param {Player.View} view */
function numberSize(view, slot) {
  const { measures } = view;
  const widest = view.scale === "log" ? sharePrinted(view, view.run.low * 8) : "88";
  return [1, 0.85].map((share) => share * measures.number)
    .find((size) => textWidth(view, widest, size, 600) + 5 <= slot) ?? 0;
}

/**
 * Words below the axis: whole, smaller, cut, turned, or every other one; never over each other.
 * @param {Player.View} view
 * @returns {Player.BarWords}
 */
function layoutWords(view, slot) {
  const { run, measures } = view;
  if (view.pair?.quiet) return { turned: false, step: Infinity, kept: 0, texts: [], room: measures.word * 0.4, size: 0 };
  const texts = Array.from({ length: run.n }, (_, i) => run.label(i));
  const widths = texts.map((text) => textWidth(view, text, measures.word, 600));
  const widest = Math.max(...widths);
  const gap = measures.word * 0.3;
  const smallest = Math.max(11, measures.word * 0.72);
  const kept = run.peaks.indexOf(Math.max(...run.peaks)); // Where words are dropped, the winner keeps its own.
  const level = { turned: false, step: 1, size: 0, kept, texts, room: measures.word * 1.75 };
  const fits = (measures.word * (slot - gap)) / widest;
  if (fits >= smallest) return { ...level, size: Math.min(measures.word, Math.floor(fits * 2) / 2) };
  const shrunk = smallest / measures.word;
  if (Math.max(...texts.map((text) => text.length)) <= 3) {
    return { ...level, size: smallest, step: Math.ceil((widest * shrunk + gap) / slot) };
  }
  const tooLong = widths.filter((width) => width * shrunk > slot - gap).length;
  if (slot >= measures.word * 3.2 || (tooLong <= run.n / 4 && slot >= measures.word * 2)) {
    return { ...level, size: smallest, texts: texts.map((text) => fitted(view, text, slot - gap, smallest, 600)) };
  }
  const size = clamp(slot / 1.15, smallest * 0.9, measures.word * 0.8);
  const cut = texts.map((text) => fitted(view, text, view.pair?.wordRoom ?? measures.bars * 0.28, size, 600));
  const longest = Math.max(...cut.map((text) => textWidth(view, text, size, 600)));
  return { turned: true, step: Math.ceil((size * 1.1) / slot), kept, texts: cut, size, room: longest + measures.word * 0.8 };
}

/** @param {Player.View} view @param {Player.BarsLayout} layout */
function drawBars(view, layout) {
  if (layout.kind === "pair") drawPair(view, layout);
  else drawRow(view, layout);
}

/** @param {Player.View} view @param {Player.RowLayout} layout */
function drawRow(view, layout) {
  const { width, palette, measures } = view;
  drawShareAxis(view, layout);
  if (layout.kind === "profile") drawProfile(view, layout);
  else for (let i = 0; i < view.run.n; i += 1) drawBar(view, layout, i);
  const ground = layout.base + 0.5; // Half a pixel: crisp, not two grey rows.
  drawLine(view, layout.axis.left, ground, width, ground, palette.ink, measures.outline * 0.7);
  if (layout.legend) drawLegend(view, layout.legend);
}

/**
 * The y of a share in the plot. While runs cross-fade, both ends of the axis glide too.
 * @param {Player.View} view @param {Player.RowLayout} layout
 */
function barY(view, layout, share) {
  const { top, low } = view;
  const height = view.scale !== "log" ? share / top : share > low ? Math.log(share / low) / Math.log(top / low) : 0;
  return layout.base - (layout.base - layout.ceiling) * height;
}

/** @param {Player.View} view @param {Player.RowLayout} layout */
function drawBar(view, layout, i) {
  const { context, run, palette, measures, law, twinLaw } = view;
  const { base, slot, bar } = layout;
  const x = Math.round(layout.centre(i) - bar / 2);
  const [yNow, ySource] = [barY(view, layout, law[i]), barY(view, layout, run.reference[i])];
  const yMatched = Math.max(yNow, ySource);
  context.fillStyle = palette.matched;
  context.fillRect(x, yMatched, bar, base - yMatched);
  if (yNow < ySource) {
    context.fillStyle = classColours(palette, view.phase).fill;
    context.fillRect(x, yNow, bar, ySource - yNow);
  }
  context.strokeStyle = palette.outline;
  context.lineWidth = slot < 20 ? Math.min(measures.outline, slot * 0.09) : measures.outline;
  context.beginPath();
  context.moveTo(x, base);
  context.lineTo(x, ySource);
  context.lineTo(x + bar, ySource);
  context.lineTo(x + bar, base);
  context.stroke();
  const yTwin = twinLaw ? barY(view, layout, twinLaw[i]) : base;
  if (twinLaw) drawTwinMark(view, x, yTwin, bar, slot);
  drawBarNumber(view, layout, i, Math.min(yNow, ySource, yTwin), Math.min(ySource, yTwin));
  drawBarWord(view, layout, i);
}

/** @param {Player.View} view */
function drawTwinMark(view, x, y, bar, slot) {
  const { context, palette, measures } = view;
  const over = Math.min((view.width / 736) * 5, Math.max(0, (slot - bar) / 2 - 1));
  context.globalAlpha = 0.65;
  drawLine(view, x - over, y, x + bar + over, y, palette.page, measures.twin * 2.6);
  context.globalAlpha = 1;
  drawLine(view, x - over, y, x + bar + over, y, palette.ink, measures.twin * 1.2, twinDash(measures));
}

/** @param {Player.View} view @param {Player.RowLayout} layout */
function drawBarNumber(view, layout, i, yTop, yEmpty) {
  const { run, frame, palette, measures } = view;
  const centre = layout.centre(i);
  if (isExtinct(run, frame, i)) {
    const radius = Math.min(measures.number * 0.42, layout.slot * 0.32);
    return drawCross(view, centre, yEmpty - radius - measures.number * 0.5, radius, measures.outline * 1.3, palette.ink);
  }
  const only = layout.numbers === 0;
  if (only && i !== view.leader) return;
  const size = layout.numbers || measures.number * 0.85;
  const text = sharePrinted(view, run.probabilities[frame * run.n + i]);
  if (text === "<1" && run.n > QUIET_ABOVE) return;
  const y = (only ? clearOf(view, layout, i, yTop) : yTop) - measures.number * 0.45;
  drawShare(view, text, centre, y, size, (only || i === 0) && (only || layout.slot > size * 2.1));
}

/** The y above all bars that a lone number is wide enough to touch. @param {Player.View} view @param {Player.RowLayout} layout */
function clearOf(view, layout, i, yTop) {
  const reach = Math.ceil((view.measures.number * 1.6) / layout.slot);
  let y = yTop;
  for (let j = Math.max(0, i - reach); j <= Math.min(view.run.n - 1, i + reach); j += 1) {
    y = Math.min(y, barY(view, layout, Math.max(view.law[j], view.run.reference[j], view.twinLaw?.[j] ?? 0)));
  }
  return y;
}

/** "76", or "76 %" with a quiet sign, centred and kept inside the picture. @param {Player.View} view */
function drawShare(view, text, centre, y, size, withSign) {
  const { palette } = view;
  const number = textWidth(view, text, size, 600);
  const sign = withSign ? textWidth(view, " %", size * 0.85) : 0;
  const x = clamp(centre - (number + sign) / 2, 0, view.width - number - sign);
  drawText(view, text, x, y, { size, weight: 600, colour: palette.ink, halo: palette.page, haloWidth: 3 });
  if (sign) drawText(view, " %", x + number, y, { size: size * 0.85, colour: palette.secondary });
}

/** @param {Player.View} view @param {Player.RowLayout} layout */
function drawBarWord(view, layout, i) {
  const { words } = layout;
  if (view.pair?.quiet || (i - words.kept) % words.step !== 0) return;
  const gone = isExtinct(view.run, view.frame, i);
  const style = { size: words.size, weight: 600, colour: gone ? view.palette.disabled : view.palette.ink };
  const { context, measures } = view;
  const centre = layout.centre(i);
  if (!words.turned) {
    drawWord(view, words.texts[i], centre, layout.height - measures.word * 0.4, { ...style, align: "center" }, gone);
    return;
  }
  context.save();
  context.translate(centre + words.size * 0.34, layout.base + measures.word * 0.4);
  context.rotate(-Math.PI / 2);
  drawWord(view, words.texts[i], 0, 0, { ...style, align: "right" }, gone);
  context.restore();
}

/** A word; struck through when its outcome is extinct. @param {Player.View} view @param {TextStyle} style */
function drawWord(view, text, x, y, style, gone) {
  drawText(view, text, x, y, style);
  if (!gone) return;
  const width = view.context.measureText(text).width;
  const left = style.align === "center" ? x - width / 2 : style.align === "right" ? x - width : x;
  const middle = y - style.size * 0.29;
  drawLine(view, left, middle, left + width, middle, style.colour, Math.max(1, style.size / 14));
}
