// Two runs on one clock: A, the one that was kept, above; B, the one that is played, below. Each row is a picture of
// its own, at the same scale, under a strip with its letter, what it is, and its numbers.

/** The view of the kept run: what drawBars and its helpers draw for A. */
const keptView = (view) => ({ ...view, ...view.kept, kept: null });

const isSameLaw = (run, other) => run.n === other.n && run.reference.every((share, i) => share === other.reference[i])
  && (run.labels ?? []).every((label, i) => label === other.labels?.[i]);

/** Where both runs have the same outcomes, the words stand once, below B. */
function layoutPair(view) {
  const { measures, run } = view;
  const same = isSameLaw(run, view.kept.run);
  const key = { short: false, rows: pairKey(view) };
  key.room = flowRows(view, key.rows).length * keyLine(measures);
  const strip = Math.round(measures.key * 1.7);
  const views = [{ ...keptView(view), strip, quiet: same }, { ...view, strip, kept: null }];
  const below = views.map((each) => measures.bars - layoutRow(each).base); // The room words take does not depend on the rest.
  const plot = Math.floor((measures.bars - key.room - below[0] - below[1]) / 2);
  const rows = views.map((each, at) => {
    const height = plot + below[at];
    const own = { ...each, measures: { ...measures, bars: height } };
    return { view: own, top: key.room + (at ? plot + below[0] : 0), layout: { ...layoutRow(own), base: plot } };
  });
  return { kind: "pair", key, strip, rows, height: measures.bars, outcomeAt: (x, y) => rowAt(rows, y).layout.outcomeAt(x) };
}

const rowAt = (rows, y) => (y < rows[1].top ? rows[0] : rows[1]);

/** What both rows have in common; their numbers stand in the strips. */
function pairKey(view) {
  const none = { leader: 0, share: "", moved: "", extinct: 0 };
  const marks = keyRows({ ...view, run: { ...view.run, twin: view.run.twin ?? view.kept.run.twin } }, none, true);
  return marks.filter(({ mark }) => mark !== "leads")
    .map((row) => (row.mark === "excess" ? { mark: "excess", text: "more than in the source" } : row));
}

function drawPair(view, layout) {
  const { context, measures } = view;
  flowRows(view, layout.key.rows).forEach((line, at) => {
    for (const { row, x } of line) drawKeyRow(view, row, x, measures.key * 1.1 + at * keyLine(measures));
  });
  layout.rows.forEach(({ view: row, top, layout: inside }, at) => {
    const now = { ...(at ? { ...view, kept: null } : keptView(view)), measures: row.measures, strip: row.strip, quiet: row.quiet };
    context.save();
    context.translate(0, top);
    drawRow(now, inside);
    drawStrip(now, at ? "B" : "A");
    context.restore();
  });
}

/** "A  accumulate   the leads, 76 %   46 % moved   3 of 10 extinct": what fits, the most telling first. */
function drawStrip(view, letter) {
  const { run, measures, palette, width } = view;
  const state = keyState(view);
  const size = measures.key;
  const y = size * 1.15;
  const pieces = [
    { text: run.words ?? "", weight: 600, colour: palette.ink },
    { text: `${state.moved} % moved`, weight: 700, colour: classColours(palette, run.class).text },
    { text: `${keyName(run, state.leader)} leads, ${state.share} %`, colour: palette.secondary },
    { text: state.extinct ? `${grouped(state.extinct)} of ${grouped(run.n)} extinct` : "", colour: palette.secondary },
  ];
  drawText(view, letter, 0, y, { size: size * 1.15, weight: 700, colour: palette.ink });
  let x = size * 1.5;
  for (const { text, weight, colour } of pieces.filter((piece) => piece.text)) {
    const room = width - x;
    const shown = x < width * 0.2 ? fitted(view, text, room, size, weight) : text;
    if (textWidth(view, shown, size, weight) > room) return;
    drawText(view, shown, x, y, { size, weight, colour });
    x += view.context.measureText(shown).width + size * 1.2;
  }
}
