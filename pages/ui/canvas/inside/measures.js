// Sizes per mode, and places that all six panels share: one axis of shares, one order of outcomes, one scale of items.

const SIZES = {
  desk: { columns: 3, gap: 40, strip: 8, plot: 116, tick: 12, label: 13, value: 15, line: 1.5, hatch: 5 },
  projector: { columns: 3, gap: 64, strip: 12, plot: 130, tick: 24, label: 24, value: 28, line: 3, hatch: 8 },
  phone: { columns: 2, gap: 28, strip: 7, plot: 84, tick: 11, label: 12, value: 13, line: 1.4, hatch: 4 },
};
const WIDEST_BAR = 64;
const NARROW_BAR = 8; // below it the averages of a draw would be a row of specks

/** @returns {Inside.Sizes} */
function sizesFor(mode, width) {
  const name = sizeName(mode, width);
  return { name, ...SIZES[name] };
}

/**
 * Everything that the drawing of a panel needs and that does not change while it moves.
 * @param {Inside.Instance} instance
 * @returns {Inside.View}
 */
function makeView({ step, root, palette }) {
  const width = Math.floor(root.clientWidth);
  const sizes = sizesFor(step.mode, width);
  const panel = Math.floor((width - sizes.gap * (sizes.columns - 1)) / sizes.columns);
  const slot = panel / step.count;
  const bar = Math.max(1.5, Math.min(slot * (step.count > 20 ? 0.76 : 0.68), WIDEST_BAR));
  const ceiling = Math.round(sizes.strip + sizes.value * 1.9);
  const base = ceiling + sizes.plot;
  const centre = (i) => (i + 0.5) * slot;
  const context = makeRuler();
  const labels = placeLabels({ step, palette, sizes, panel, context, centre });
  return {
    step, palette, sizes, width, panel, slot, bar, ceiling, base, context, labels, centre,
    y: (share) => base - (sizes.plot * share) / step.top,
    x: (items) => (panel * items) / step.mostItems,
    excess: classColours(palette, step.class),
    tickRight: step.others ? panel - Math.max(slot, sizes.value * 2.6) : panel,
    averages: step.noise && bar >= NARROW_BAR,
    height: Math.ceil(base + sizes.label * (0.5 + 1.15 * labels.rows)),
  };
}

/**
 * Where the words under the bars go: in one row, in two, or those that fit, the leader first; all others below.
 * @param {Pick<Inside.View, "step" | "palette" | "sizes" | "panel" | "context" | "centre">} view
 */
function placeLabels({ step, palette, sizes, panel, context, centre }) {
  const all = step.names.map((text, i) => {
    const half = Math.min(widthIn(context, palette, text, sizes.label, 600), panel) / 2;
    return { i, text, half, x: clamp(centre(i), half, panel - half), row: 0 };
  });
  const clash = (a, b) => a.row === b.row && Math.abs(a.x - b.x) < a.half + b.half + sizes.label * 0.3;
  const fits = (labels) => labels.every((a) => labels.every((b) => a === b || !clash(a, b)));
  if (step.others) all[all.length - 1].row = 1;
  if (fits(all)) return { rows: step.others ? 2 : 1, all, shown: all };
  const staggered = step.others ? all : all.map((label) => ({ ...label, row: label.i % 2 }));
  if (fits(staggered)) return { rows: 2, all: staggered, shown: staggered };
  const order = [...all].sort((a, b) => Number(b.i === step.leader) - Number(a.i === step.leader) || step.peaks[b.i] - step.peaks[a.i]);
  const shown = [];
  for (const label of order) if (!shown.some((other) => clash(label, other))) shown.push(label);
  return { rows: step.others ? 2 : 1, all, shown };
}
