// More outcomes than bars have room for: one profile in the source's order, with the same grey and excess fill.
// Where a few outcomes carry the source, the rank axis is logarithmic, so that its top has room to be seen.

const MOST_LABELS = 8;

/** @param {Player.View} view @param {Player.ShareAxis} axis @returns {Player.RowLayout} */
function layoutProfile(view, axis) {
  const { run, measures, width } = view;
  const { left } = axis;
  const steep = run.reference.reduce((most, share) => Math.max(most, share), 0) * run.n > 3;
  const scale = steep ? Math.log(run.n + 1) : run.n;
  const edge = (i) => left + ((width - left) * (steep ? Math.log(i + 1) : i)) / scale;
  const layout = /** @type {Player.RowLayout} */ ({
    kind: "profile", axis, steep, columns: columnsOf(run.n, edge, 1), cells: columnsOf(run.n, edge, measures.number * 0.6),
    height: measures.bars,
    base: Math.round(measures.bars - (view.pair?.quiet ? measures.word * 0.4 : measures.word * 1.6 + measures.tick * 1.7)),
    centre: (i) => (edge(i) + edge(i + 1)) / 2,
    outcomeAt: (x) => {
      const share = clamp((x - left) / (width - left), 0, 1) * scale;
      return clamp(Math.floor(steep ? Math.exp(share) - 1 : share), 0, run.n - 1);
    },
  });
  layout.labels = profileLabels(view, layout);
  const beside = measures.number * 1.2; // A number may be wider than its column.
  const spans = Array.from(run.peaks, (peak, i) => ({
    left: Math.min(edge(i), layout.centre(i) - beside),
    right: Math.max(edge(i + 1), layout.centre(i) + beside),
    peak,
  }));
  return withLegend(view, layout, spans);
}

/** Group outcomes until each group is `least` pixels wide: [{ left, right, from, to }]. */
function columnsOf(n, edge, least) {
  const columns = [];
  let from = 0;
  for (let i = 1; i <= n; i += 1) {
    if (edge(i) - edge(from) < least && i < n) continue;
    columns.push({ left: edge(from), right: edge(i), from, to: i });
    from = i;
  }
  return columns;
}

/**
 * The outcomes that get a word: the largest of the whole run that stand clear of each other, fixed per run.
 * @param {Player.View} view @param {Player.RowLayout} layout
 */
function profileLabels(view, layout) {
  const { run, measures, width } = view;
  const size = measures.word * 0.84;
  const order = Array.from(run.peaks.keys()).sort((a, b) => run.peaks[b] - run.peaks[a] || a - b).slice(0, 200);
  const labels = [];
  for (const i of order) {
    if (labels.length === MOST_LABELS) break;
    const text = fitted(view, run.label(i), width * 0.16, size, 600);
    const half = Math.max(textWidth(view, text, size, 600), measures.number * 2.3) / 2;
    const x = clamp(layout.centre(i), layout.axis.left + half, width - half);
    if (Math.abs(x - layout.centre(i)) > half) continue;
    if (labels.every((other) => Math.abs(other.x - x) > other.half + half + size * 0.4)) labels.push({ i, x, half, text, size });
  }
  return labels;
}

/**
 * Largest run, source and twin value in a column, so that a single tall outcome is never averaged away.
 * @param {Player.View} view @param {Player.Column} column
 */
function columnPeaks(view, column) {
  const { run, law, twinLaw } = view;
  let [now, source, twin] = [0, 0, 0];
  for (let i = column.from; i < column.to; i += 1) {
    if (law[i] > now) now = law[i];
    if (run.reference[i] > source) source = run.reference[i];
    if (twinLaw && twinLaw[i] > twin) twin = twinLaw[i];
  }
  return { now, source, twin };
}

/** @param {Player.View} view @param {Player.RowLayout} layout */
function drawProfile(view, layout) {
  const { context, palette, measures, twinLaw } = view;
  const { base } = layout;
  const [matched, excess, source, twin] = [newPath(view), newPath(view), newPath(view), newPath(view)];
  source.moveTo(layout.axis.left, base);
  layout.columns.forEach((column, at) => {
    const peaks = columnPeaks(view, column);
    const [yNow, ySource, yTwin] = [peaks.now, peaks.source, peaks.twin].map((share) => barY(view, layout, share));
    const wide = column.right - column.left;
    matched.rect(column.left, Math.max(yNow, ySource), wide, base - Math.max(yNow, ySource));
    if (yNow < ySource) excess.rect(column.left, yNow, wide, ySource - yNow);
    source.lineTo(column.left, ySource);
    source.lineTo(column.right, ySource);
    if (at === 0) twin.moveTo(column.left, yTwin);
    else twin.lineTo(column.left, yTwin);
    twin.lineTo(column.right, yTwin);
  });
  context.fillStyle = palette.matched;
  context.fill(matched);
  context.fillStyle = classColours(palette, view.phase).fill;
  context.fill(excess);
  strokePath(view, source, palette.outline, measures.outline * 0.8);
  if (twinLaw) strokePath(view, twin, palette.ink, measures.twin, twinDash(measures));
  drawGone(view, layout);
  for (const label of layout.labels) drawProfileLabel(view, layout, label);
  if (!view.pair?.quiet) drawRanks(view, layout);
}

/**
 * A cross over the source wherever outcomes are extinct, paler where only some of those that share its place are.
 * @param {Player.View} view @param {Player.RowLayout} layout
 */
function drawGone(view, layout) {
  const { context, run, frame, palette, measures } = view;
  if (!run.mostExtinct) return;
  const radius = measures.number * 0.22;
  const numbers = layout.labels.filter(({ i }) => !isExtinct(run, frame, i)).map(({ i }) => layout.centre(i));
  for (const { left, right, from, to } of layout.cells) {
    let [gone, source] = [0, 0];
    for (let i = from; i < to; i += 1) {
      if (isExtinct(run, frame, i)) gone += 1;
      if (run.reference[i] > source) source = run.reference[i];
    }
    const x = (left + right) / 2;
    if (!gone || numbers.some((other) => Math.abs(other - x) < measures.number * 0.9)) continue;
    context.globalAlpha = 0.2 + (0.8 * gone) / (to - from);
    drawCross(view, x, barY(view, layout, source) - radius - measures.number * 0.35, radius, measures.outline * 0.8, palette.ink);
  }
  context.globalAlpha = 1;
}

/** @param {Player.View} view @param {Path2D} path */
function strokePath(view, path, colour, width, dash = []) {
  const { context } = view;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash(dash);
  context.stroke(path);
  context.setLineDash([]);
}

/** @param {Player.View} view @param {Player.RowLayout} layout @param {Player.ProfileLabel} label */
function drawProfileLabel(view, layout, { i, x, text, size }) {
  const { run, frame, palette, measures, law, twinLaw } = view;
  const gone = isExtinct(run, frame, i);
  const centre = layout.centre(i);
  drawLine(view, centre, layout.base, centre, layout.base + measures.tick * 0.35, palette.ink, measures.outline * 0.7);
  /** @type {TextStyle} */
  const style = { size, weight: 600, align: "center", colour: gone ? palette.disabled : palette.ink };
  if (!view.pair?.quiet) drawWord(view, text, x, layout.base + measures.word * 1.25, style, gone);
  if (gone) return;
  const top = barY(view, layout, Math.max(run.reference[i], law[i], twinLaw?.[i] ?? 0)) - measures.number * 0.45;
  drawShare(view, sharePrinted(view, run.probabilities[frame * run.n + i]), centre, top, measures.number * 0.92, i === view.leader);
}

/** The rank axis in words: "1, 10, 100 … number of the outcome". @param {Player.View} view @param {Player.RowLayout} layout */
function drawRanks(view, layout) {
  const { run, palette, measures, width } = view;
  const y = layout.height - measures.tick * 0.35;
  const style = { size: measures.tick, colour: palette.secondary };
  const name = layout.steep ? "number of the outcome (log)" : "number of the outcome";
  drawText(view, name, width, y, { ...style, align: "right" });
  const limit = width - view.context.measureText(name).width - measures.tick * 2;
  const ranks = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
  let free = -1;
  const step = niceStep(run.n, 6);
  const shown = layout.steep ? ranks : Array.from({ length: 7 }, (_, k) => Math.max(1, k * step));
  for (const rank of shown.filter((value) => value <= run.n)) {
    const half = textWidth(view, grouped(rank), measures.tick) / 2;
    const x = Math.max(layout.axis.left + half, layout.centre(rank - 1));
    if (x - half < free || x + half > limit) continue;
    drawText(view, grouped(rank), x, y, { ...style, align: "center" });
    free = x + half + measures.tick;
  }
}
