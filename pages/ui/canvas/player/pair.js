// Two runs on one clock: A, the one that was kept, above; B, the one that is played, below. Each row is a picture of
// its own, at the same scale, with a strip that says its letter, what it is, and its numbers.

/** The view of the kept run: what the bars draw for A. @param {Player.View} view @returns {Player.View} */
const keptView = (view) => ({ ...view, ...view.kept, kept: null });
/** @param {Player.View} view @returns {Player.View[]} */
const pairViews = (view) => [keptView(view), { ...view, kept: null }];

/** @param {Player.Run} run @param {Player.Run} other */
const isSameLaw = (run, other) => run.n === other.n && run.reference.every((share, i) => share === other.reference[i])
  && (run.labels ?? []).every((label, i) => label === other.labels?.[i]);

/**
 * The legend above; then the rows. Where both runs have the same outcomes, the words stand once, below B.
 * @param {Player.View} view @param {Player.KeptView} kept @returns {Player.PairLayout}
 */
function layoutPair(view, kept) {
  const { measures, run } = view;
  const legend = pairLegend(view, kept);
  const room = flowRows(view, legend).length * legendLine(measures);
  const views = pairViews(view);
  const quiet = [isSameLaw(run, kept.run), false];
  const plan = (strip) => {
    const pairs = quiet.map((each) => ({ quiet: each, strip, wordRoom: measures.bars * 0.14 }));
    const below = views.map((each, at) => measures.bars - layoutRow({ ...each, pair: pairs[at] }).base);
    const plot = Math.floor((measures.bars - room - below[0] - below[1]) / 2);
    return views.map((each, at) => {
      const own = { pair: pairs[at], measures: { ...measures, bars: plot + below[at] } };
      return { own, top: room + (at ? plot + below[0] : 0), layout: layoutRow({ ...each, ...own }) };
    });
  };
  const strips = views.map((each) => stripWidth(each, stripPieces(each, widestState(each))));
  let rows = plan(0);
  let x = freePlace(rows.flatMap(({ layout }) => layout.spans), Math.max(...strips), measures.legend * 1.6, view.width);
  if (x === null) [rows, x] = [plan(Math.round(measures.legend * 1.7)), 0];
  return { kind: "pair", legend, x, rows, height: measures.bars, outcomeAt: (at, y) => rowAt(rows, y).layout.outcomeAt(at) };
}

/** @param {Player.PairRow[]} rows */
const rowAt = (rows, y) => (y < rows[1].top ? rows[0] : rows[1]);

/** What both rows have in common; their numbers stand in the strips. @param {Player.View} view @param {Player.KeptView} kept @returns {Player.LegendRow[]} */
function pairLegend(view, kept) {
  const none = { leader: 0, share: "", moved: "", extinct: 0, twinMoved: null };
  const run = { ...view.run, twin: view.run.twin ?? kept.run.twin };
  return legendRows({ ...view, run }, none, 1).filter(({ mark }) => mark !== "leads")
    .map((row) => (row.mark === "excess" ? { mark: "excess", text: "more than in the source" } : row));
}

/** @param {Player.View} view @param {Player.PairLayout} layout */
function drawPair(view, layout) {
  const { context, measures } = view;
  flowRows(view, layout.legend).forEach((line, at) => {
    for (const { row, x } of line) drawLegendRow(view, row, x, measures.legend * 1.1 + at * legendLine(measures));
  });
  pairViews(view).forEach((each, at) => {
    const { own, top, layout: inside } = layout.rows[at];
    const row = { ...each, ...own };
    context.save();
    context.translate(0, top);
    drawRow(row, inside);
    drawStrip(row, at ? "B" : "A", layout.x);
    context.restore();
  });
}

/**
 * "accumulate   46 % moved   leads: the, 76 %   3 of 10 extinct"
 * @param {Player.View} view @param {Player.LegendState} state
 */
function stripPieces({ run, palette, phase }, { leader, share, moved, extinct }) {
  return [
    { text: shortened(run.words ?? "", LONGEST_LEGEND_NAME * 2), weight: 600, colour: palette.ink },
    { text: `${moved} % moved`, weight: 700, colour: classColours(palette, phase).text },
    { text: `leads: ${legendName(run, leader)}, ${share} %`, colour: palette.secondary },
    { text: extinct ? `${grouped(extinct)} of ${grouped(run.n)} extinct` : "", colour: palette.secondary },
  ].filter(({ text }) => text);
}

/** @param {Player.View} view */
function stripWidth(view, pieces) {
  const { legend } = view.measures;
  return pieces.reduce((sum, { text, weight }) => sum + textWidth(view, text, legend, weight) + legend * 1.2, legend * 0.3);
}

/** The pieces that fit: the most telling stand first. @param {Player.View} view */
function drawStrip(view, letter, left) {
  const { measures, palette, width } = view;
  const size = measures.legend;
  const y = size * 1.15;
  drawText(view, letter, left, y, { size: size * 1.15, weight: 700, colour: palette.ink });
  let x = left + size * 1.5;
  for (const { text, weight, colour } of stripPieces(view, legendState(view))) {
    const shown = x < left + size * 2 ? fitted(view, text, width - x, size, weight) : text;
    if (textWidth(view, shown, size, weight) > width - x) return;
    drawText(view, shown, x, y, { size, weight, colour });
    x += view.context.measureText(shown).width + size * 1.2;
  }
}
