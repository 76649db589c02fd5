// The two panels that share an axis with the map: where they stand, what a pixel of them means, their branches.
// "cut" stands beside (or below) the map and shares the external share; "bifurcation" lies under it and shares T.

const CUT_MEASURES = {
  desk: { from: 1000, gap: 56, width: 262, labels: 150, top: 54, highest: 610 },
  projector: { from: 1500, gap: 72, width: 378, labels: 222, top: 76, highest: 760 },
};
const STACKED_LABELS = { desk: 150, phone: 118, projector: 222 };
const BIFURCATION_HEIGHT = { desk: 150, phone: 130, projector: 210 };

/** How the cut stands beside the map; null where there is no room for both. */
function besideMeasures(mode, width) {
  const measures = CUT_MEASURES[mode];
  return measures && width >= measures.from ? measures : null;
}

function plotBeside(m, width, beside, { chips, highest }) {
  const right = width - beside.labels - beside.width - beside.gap;
  const top = Math.max(beside.top, chips + 10 * m.unit);
  const tall = highest || Math.min(beside.highest, (right - m.left) * 0.75);
  const bottom = Math.round(top + tall);
  return { height: bottom + m.bottom, plot: { left: m.left, right, top, bottom } };
}

/** The panels' boxes, from the top down: under the map, then (where it is not beside it) the cut. */
function addPanels(view, curves, beside) {
  const { header, m, plot } = view;
  const u = m.unit;
  if (header.bifurcation && curves.bifurcation) {
    const top = view.height + 34 * u;
    const bottom = top + BIFURCATION_HEIGHT[view.mode];
    view.bifurcation = { kind: "bifurcation", ...header.bifurcation, ...curves.bifurcation, left: plot.left, right: plot.right, top, bottom };
    view.bifurcation.share = header.bifurcation.external_fraction ?? header.point.external_fraction;
    view.height = bottom + 12 * u;
  }
  if (header.cut && curves.cut) {
    const base = { kind: "cut", ...header.cut, ...curves.cut };
    const top = beside ? plot.top : view.height + 66 * u;
    const left = beside ? plot.right + beside.gap : plot.left;
    const labels = beside ? beside.labels : STACKED_LABELS[view.mode];
    view.cut = { ...base, left, right: view.width - labels, top, bottom: top + plot.height, labels: labels - 12 * u };
    if (!beside) view.height = view.cut.bottom + 68 * u;
  }
  for (const panel of panelsOf(view)) addScales(view, panel);
}

const panelsOf = (view) => [view.cut, view.bifurcation].filter(Boolean);

/** `at`: pixel of (share or temperature, distance); `value` and `distance`: back again. */
function addScales(view, panel) {
  panel.width = panel.right - panel.left;
  panel.height = panel.bottom - panel.top;
  panel.band = panel.band ?? 0.1;
  if (panel.kind === "cut") {
    panel.at = (share, distance) => [panel.left + distance * panel.width, panel.bottom - share * panel.height];
    panel.value = (x, y) => (panel.bottom - y) / panel.height;
    panel.distance = (x) => (x - panel.left) / panel.width;
  } else {
    panel.at = (temperature, distance) => [view.x(temperature), panel.bottom - distance * panel.height];
    panel.value = (x) => Math.exp(view.log(x));
    panel.distance = (x, y) => (panel.bottom - y) / panel.height;
  }
}

const CURVE_ARRAYS = {
  cut: ["cut_branch_a", "cut_branch_x", "cut_branch_offsets"],
  bifurcation: ["bif_t", "bif_x", "bif_offsets"],
};

/** The concatenated arrays as branches: { kind, tone, label, values, distances }; null where a panel is not asked for. */
function curvesOf(header) {
  const curves = {};
  for (const [name, [valueArray, distanceArray, offsetArray]] of Object.entries(CURVE_ARRAYS)) {
    const [values, distances, offsets] = [valueArray, distanceArray, offsetArray].map((array) => header.arrays[array]);
    if (!header[name] || !values || !distances || !offsets) continue;
    const branches = (header[name].branches || []).map((branch, i) => ({
      ...branch, values: values.subarray(offsets[i], offsets[i + 1]), distances: distances.subarray(offsets[i], offsets[i + 1]),
    }));
    curves[name] = { branches };
  }
  const { sweep_a: shares, sweep_x: distances } = header.arrays;
  if (curves.cut && header.cut.sweep && shares && distances) {
    curves.cut.swept = { shares, distances, turn: header.cut.sweep.turn, label: header.cut.sweep.label };
  }
  return curves;
}

/** The distances at which a branch passes `value` (a branch may turn back, so there may be several). */
function crossingsOf(branch, value) {
  const { values, distances } = branch;
  const found = [];
  for (let i = 1; i < values.length; i++) {
    const [a, b] = [values[i - 1], values[i]];
    if ((value - a) * (value - b) > 0 || a === b) continue;
    found.push(distances[i - 1] + ((value - a) / (b - a)) * (distances[i] - distances[i - 1]));
  }
  return found;
}

/** The branch nearest to a distance at one value: what the pointer speaks of. */
function nearestBranch(panel, value, distance) {
  let best = null;
  for (const branch of panel.branches) {
    for (const crossing of crossingsOf(branch, value)) {
      const cost = Math.abs(crossing - distance);
      if (!best || cost < best.cost) best = { branch, distance: crossing, cost };
    }
  }
  return best;
}

const panelAtPixel = (view, at) => panelsOf(view).find((panel) => isInBox(panel, at, 8)) || null;

/** What a press on a panel sets: its own axis from the pointer, the other from the cut itself. */
function pointOnPanel(view, panel, { x, y }) {
  if (panel.kind === "bifurcation") {
    return { temperature: pointAtPixel(view, x, view.plot.top).temperature, external_fraction: panel.share };
  }
  const share = clamp(panel.value(x, y), 0, 1);
  return { temperature: panel.temperature, external_fraction: Math.round(100 * share) / 100 };
}
