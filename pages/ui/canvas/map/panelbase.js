// What stands still on a panel: band, branches, the area between two of them, axis, titles.

/**
 * Both panels, without what moves. Each word drawn is a box that later words must not touch.
 * @param {Context} context @param {PhaseMap.View} view
 */
function drawPanels(context, view) {
  for (const panel of panelsOf(view)) {
    const boxes = hairlineBoxes(view, panel);
    drawBand(context, view, panel);
    fillBetween(context, view, panel);
    if (panel.kind === "cut") drawCutAxes(context, view, panel);
    else drawBifurcationAxes(context, view, panel);
    drawThresholdLines(context, view, panel);
    for (const branch of panel.branches) drawBranch(context, view, panel, branch);
    if (panel.kind === "cut") {
      boxes.push(...drawJumps(context, view, panel));
      boxes.push(...drawNotes(context, view, panel));
      boxes.push(...drawArrows(context, view, panel, boxes));
    } else boxes.push(...drawSideThresholds(context, view, panel));
    drawBranchLabels(context, view, panel, boxes);
    if (panel.kind === "cut") drawThresholdColumn(context, view, panel);
  }
}

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel */
function drawBand(context, view, panel) {
  context.fillStyle = toneMark(view, "faithful");
  context.globalAlpha = view.palette.dark ? 0.2 : 0.13;
  if (panel.kind === "cut") context.fillRect(panel.left, panel.top, panel.band * panel.width, panel.height);
  else context.fillRect(panel.left, panel.bottom - panel.band * panel.height, panel.width, panel.band * panel.height);
  context.globalAlpha = 1;
}

/** @param {PhaseMap.Panel} panel @param {PhaseMap.Branch} branch */
const branchPoints = (panel, { values, distances }) => Array.from(values, (value, i) => panel.at(value, distances[i]));

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel @param {PhaseMap.Branch} branch */
function drawBranch(context, view, panel, branch) {
  const { m, palette } = view;
  const isThin = branch.tone === "other";
  const isStable = branch.kind === "stable";
  context.save();
  context.beginPath();
  const slack = 3 * m.line;
  context.rect(panel.left - slack, panel.top - slack, panel.width + 2 * slack, panel.height + 2 * slack);
  context.clip();
  context.strokeStyle = toneMark(view, branch.tone);
  context.lineJoin = "round";
  context.lineWidth = (isThin ? 1 : isStable ? 3 : 1.6) * m.line;
  if (isThin) context.globalAlpha = palette.dark ? 0.6 : 0.55;
  if (!isStable) context.setLineDash([5 * m.line, 4 * m.line]);
  tracePath(context, branchPoints(panel, branch));
  context.stroke();
  context.restore();
}

/**
 * Where a collapsed branch stands beside the usual one, the area between the two: the reach of history.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel
 */
function fillBetween(context, view, panel) {
  const usual = panel.branches.filter(({ kind, tone }) => kind === "stable" && (tone === "faithful" || tone === "ink"));
  const collapsed = panel.branches.filter(({ kind, tone }) => kind === "stable" && tone === "collapse");
  const reach = (branches, value) => Math.max(...branches.flatMap((branch) => crossingsOf(branch, value)), -1);
  const ends = collapsed.flatMap(({ values }) => Array.from(values));
  if (!ends.length || !usual.length) return;
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  const near = [];
  const far = [];
  const steps = 160;
  for (let i = 0; i <= steps; i++) {
    const value = from + ((to - from) * clamp(i, 1e-3, steps - 1e-3)) / steps;
    const [a, b] = [reach(usual, value), reach(collapsed, value)];
    if (a < 0 || b < 0) continue;
    near.push(panel.at(value, a));
    far.push(panel.at(value, b));
  }
  if (near.length < 2) return;
  context.fillStyle = toneMark(view, "collapse");
  context.globalAlpha = view.palette.dark ? 0.28 : 0.16;
  tracePath(context, [...near, ...far.reverse()]);
  context.fill();
  context.globalAlpha = 1;
}

/** What stands under a panel's title; its first part where the labels beside the panel begin. @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel */
function subtitleOf(context, view, { subtitle, left, right }) {
  const width = textWidth(context, view.font(400, 14 * view.m.unit), subtitle);
  return width <= right - left + 14 * view.m.unit ? subtitle : subtitle.split(",")[0];
}

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel */
function drawPanelTitle(context, view, panel, lines) {
  const { m, palette } = view;
  const u = m.unit;
  context.textAlign = "left";
  lines.forEach(({ text, size, weight, rise, colour }) => {
    if (!text) return;
    context.font = view.font(weight, size * u);
    context.fillStyle = palette[colour];
    context.fillText(text, panel.left, panel.top - rise * u, view.width - panel.left);
  });
}

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel */
function drawCutAxes(context, view, panel) {
  const { m, palette } = view;
  const u = m.unit;
  drawPanelTitle(context, view, panel, [
    { text: panel.title, size: 16, weight: 600, rise: 30, colour: "ink" },
    { text: subtitleOf(context, view, panel), size: 14, weight: 400, rise: 11, colour: "secondary" },
  ]);
  context.strokeStyle = palette.ink;
  context.lineWidth = m.line;
  tracePath(context, [[panel.left, panel.bottom + 0.5], [panel.right, panel.bottom + 0.5]]);
  context.stroke();
  context.font = view.font(400, 14 * u);
  for (const distance of [0, panel.band, 0.5, 1]) {
    const [x] = panel.at(0, distance);
    tracePath(context, [[x, panel.bottom], [x, panel.bottom + 5 * u]]);
    context.stroke();
    context.textAlign = "center";
    context.fillStyle = palette.secondary;
    context.fillText(String(distance), x, panel.bottom + 20 * u);
  }
  context.textAlign = "left";
  context.fillStyle = palette.faithfulText;
  context.fillText("faithful", panel.left, panel.bottom + 38 * u);
  context.textAlign = "right";
  context.fillStyle = palette.secondary;
  context.fillText("far \u2192", panel.right, panel.bottom + 38 * u);
  context.textAlign = "left";
  context.fillStyle = palette.ink;
  context.font = view.font(600, 14 * u);
  context.fillText("Distance to the source (TV)", panel.left, panel.bottom + 57 * u);
  if (!view.isBeside) drawShareTicks(context, view, panel);
}

/**
 * Below the map the cut repeats the map's own ticks; beside it, it borrows them.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel
 */
function drawShareTicks(context, view, panel) {
  const { m, palette } = view;
  const u = m.unit;
  context.font = view.font(400, 14 * u);
  context.textAlign = "right";
  for (let k = 0; k <= 5; k++) {
    const [, y] = panel.at(k / 5, 0);
    tracePath(context, [[panel.left - 5 * u, y], [panel.left, y]]);
    context.stroke();
    context.fillStyle = palette.secondary;
    context.fillText(`${20 * k}${k === 5 && view.mode !== "phone" ? " %" : ""}`, panel.left - 9 * u, y + 5 * u);
  }
}

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel */
function drawBifurcationAxes(context, view, panel) {
  const { m, palette } = view;
  const u = m.unit;
  drawPanelTitle(context, view, panel, [{ text: panel.title, size: 15, weight: 600, rise: 11, colour: "ink" }]);
  context.strokeStyle = palette.ink;
  context.lineWidth = m.line;
  tracePath(context, [[panel.left, panel.bottom + 0.5], [panel.right, panel.bottom + 0.5]]);
  context.stroke();
  context.font = view.font(400, 14 * u);
  context.textAlign = "right";
  context.fillStyle = palette.secondary;
  for (const distance of [0, 0.5, 1]) {
    const [, y] = panel.at(1, distance);
    tracePath(context, [[panel.left - 5 * u, y], [panel.left, y]]);
    context.stroke();
    context.fillText(String(distance), panel.left - 9 * u, y + 5 * u);
  }
  context.globalAlpha = 0.55;
  tracePath(context, [[view.x(1), panel.top], [view.x(1), panel.bottom]]);
  context.stroke();
  context.globalAlpha = 1;
  if (view.mode === "phone") return;
  context.save();
  context.translate(11 * u, (panel.top + panel.bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.font = view.font(600, 14 * u);
  context.fillStyle = palette.ink;
  context.fillText("Distance (TV)", 0, 0);
  context.restore();
}
