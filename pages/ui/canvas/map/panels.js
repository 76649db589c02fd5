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

/** @param {PhaseMap.Measures} m @param {PhaseMap.Measures} beside */
function plotBeside(m, width, beside, { chips, highest }, room) {
  const right = width - beside.labels - beside.width - beside.gap;
  const top = Math.max(beside.top, chips + 10 * m.unit);
  // What a projector's screen holds, it fills; what does not fit gives way.
  const wanted = Number.isFinite(room) ? room - top - m.bottom : highest || Math.min(beside.highest, (right - m.left) * 0.75);
  const tall = Math.max(LEAST_MAP, wanted);
  const bottom = Math.round(top + tall);
  return { height: bottom + m.bottom, box: { left: m.left, right, top, bottom } };
}

/**
 * The panels' boxes, from the top down: under the map, then (where it is not beside it) the cut.
 * @param {PhaseMap.View} view @param {PhaseMap.Curves} curves @param {PhaseMap.Measures | null} beside
 */
function addPanels(view, curves, beside) {
  const { header, m, plot } = view;
  const u = m.unit;
  // In front of a class the map has the screen, with the cut beside it.
  if (header.bifurcation && curves.bifurcation && !(beside && view.mode === "projector")) {
    const top = view.height + 34 * u;
    const bottom = top + BIFURCATION_HEIGHT[view.mode];
    const share = header.bifurcation.external_fraction;
    const box = { left: plot.left, right: plot.right, top, bottom };
    view.bifurcation = makePanel(view, { kind: "bifurcation", ...header.bifurcation, ...curves.bifurcation, ...box, share });
    view.height = bottom + 12 * u;
  }
  if (header.cut && curves.cut) {
    const top = beside ? plot.top : view.height + 66 * u;
    const left = beside ? plot.right + beside.gap : plot.left;
    const labels = beside ? beside.labels : STACKED_LABELS[view.mode];
    const box = { left, right: view.width - labels, top, bottom: top + plot.height };
    view.cut = makePanel(view, { kind: "cut", ...header.cut, ...curves.cut, ...box, labels: labels - 12 * u });
    if (!beside) view.height = view.cut.bottom + 68 * u;
  }
}

/** @param {PhaseMap.View} view */
const panelsOf = (view) => [view.cut, view.bifurcation].filter((panel) => panel !== undefined);

/**
 * A panel with its scales. `at`: pixel of (share or temperature, distance); `value` and `distance`: back again.
 * @param {PhaseMap.View} view @param {any} given @returns {PhaseMap.Panel}
 */
function makePanel(view, given) {
  const { kind, left, right, top, bottom } = given;
  const [width, height] = [right - left, bottom - top];
  const panel = { band: 0.1, ...given, width, height };
  if (kind === "cut") {
    return {
      ...panel, at: (share, distance) => [left + distance * width, bottom - share * height],
      value: (x, y) => (bottom - y) / height, distance: (x) => (x - left) / width,
    };
  }
  return {
    ...panel, at: (temperature, distance) => [view.x(temperature), bottom - distance * height],
    value: (x) => Math.exp(view.log(x)), distance: (x, y) => (bottom - y) / height,
  };
}

const CURVE_ARRAYS = {
  cut: ["cut_branch_a", "cut_branch_x", "cut_branch_offsets"],
  bifurcation: ["bif_t", "bif_x", "bif_offsets"],
};

/**
 * The concatenated arrays as branches: { kind, tone, label, values, distances }; null where a panel is not asked for.
 * @param {PhaseMap.Header} header @returns {PhaseMap.Curves}
 */
function curvesOf(header) {
  /** @type {Record<string, any>} */
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
  if (curves.cut && header.cut?.sweep && shares && distances) {
    curves.cut.swept = { shares, distances, turn: header.cut.sweep.turn, label: header.cut.sweep.label };
  }
  return curves;
}

/**
 * The distances at which a branch passes `value` (a branch may turn back, so there may be several).
 * @param {PhaseMap.Branch} branch
 */
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

/** The branch nearest to a distance at one value: what the pointer speaks of. @param {PhaseMap.Panel} panel */
function nearestBranch(panel, value, distance) {
  let best = /** @type {{ branch: PhaseMap.Branch, distance: number, cost: number } | null} */ (null);
  for (const branch of panel.branches) {
    for (const crossing of crossingsOf(branch, value)) {
      const cost = Math.abs(crossing - distance);
      if (!best || cost < best.cost) best = { branch, distance: crossing, cost };
    }
  }
  return best;
}

/** @param {PhaseMap.View} view @param {Position} at */
const panelAtPixel = (view, at) => panelsOf(view).find((panel) => isInBox(panel, at, 8)) || null;

/**
 * What a press on a panel sets: its own axis from the pointer, the other from the cut itself.
 * @param {PhaseMap.View} view @param {PhaseMap.Panel} panel @param {Position} at
 */
function pointOnPanel(view, panel, { x, y }) {
  if (panel.kind === "bifurcation") {
    return { temperature: pointAtPixel(view, x, view.plot.top).temperature, external_fraction: panel.share };
  }
  const share = clamp(panel.value(x, y), 0, 1);
  return { temperature: panel.temperature, external_fraction: Math.round(100 * share) / 100 };
}
