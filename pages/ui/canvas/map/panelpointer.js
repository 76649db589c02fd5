// The pointer on a panel: what it says under it, and dragging along the cut.

const BRANCH_WORDS = { faithful: "stays faithful", ink: "the usual state", collapse: "collapsed", heat: "flattened", other: "another outcome won" };

/** @param {PhaseMap.Branch} branch */
function branchWords({ kind, tone, label }) {
  const name = label ? label.split("\n").join(" ") : BRANCH_WORDS[tone] || "";
  if (kind === "unstable") return name.startsWith("unstable") ? name : "unstable";
  return name ? `stable: ${name}` : "stable";
}

/**
 * "You are here" again on each panel whose cut the point lies on.
 * @param {PhaseMap.View} view @param {PhaseMap.Panel} panel @param {PhaseMap.Reading} reading
 */
function ringOnPanel(view, panel, { temperature, external_fraction, distance }) {
  if (panel.kind === "cut") {
    if (Math.abs(Math.log(temperature / panel.temperature)) > 2e-3) return null;
    return panel.at(external_fraction, distance);
  }
  if (Math.abs(external_fraction - panel.share) > 2e-3) return null;
  const log = Math.log(temperature);
  return log < view.from - 1e-6 || log > view.to + 1e-6 ? null : panel.at(temperature, distance);
}

/**
 * @param {Context} context @param {PhaseMap.View} view
 * @param {Pick<PhaseMap.Overlay, "reading" | "panelHover" | "playing">} options
 */
function drawPanelOverlay(context, view, { reading, panelHover, playing }) {
  drawSweep(context, view, playing);
  for (const panel of panelsOf(view)) {
    const ring = ringOnPanel(view, panel, reading);
    if (!ring) continue;
    drawDisc(context, ring[0], ring[1], 6.2 * view.m.unit, { fill: view.palette.page });
    drawRing(context, view, ring[0], ring[1], 0.68);
  }
  const panel = panelHover && view[panelHover.kind];
  if (panel) drawPanelHover(context, view, panel, panelHover);
}

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel @param {Position} at */
function drawPanelHover(context, view, panel, { x, y }) {
  const { palette, m } = view;
  const limits = panel.kind === "cut" ? [0, 1] : [Math.exp(view.from), Math.exp(view.to)];
  const value = clamp(panel.value(x, y), limits[0], limits[1]);
  const distance = clamp(panel.distance(x, y), 0, 1);
  const near = nearestBranch(panel, value, distance);
  context.strokeStyle = palette.dark ? "#FFFFFF" : palette.ink;
  context.globalAlpha = 0.5;
  context.lineWidth = m.line;
  if (panel.kind === "cut") tracePath(context, [view.isBeside ? [cutX(view), view.y(value)] : panel.at(value, 0), panel.at(value, 1)]);
  else tracePath(context, [[view.x(value), view.y(panel.share)], panel.at(value, 0)]);
  context.stroke();
  context.globalAlpha = 1;
  if (near) {
    const [px, py] = panel.at(value, near.distance);
    const fill = near.branch.kind === "stable" ? toneMark(view, near.branch.tone) : palette.page;
    drawDisc(context, px, py, 4.5 * m.unit, { fill, line: palette.ink, width: 1.6 * m.line });
  }
  drawTip(context, view, panel, { x, y }, tipLines(panel, value, near));
}

/** @param {PhaseMap.Panel} panel @param {ReturnType<typeof nearestBranch>} near */
function tipLines(panel, value, near) {
  const place = panel.kind === "cut" ? `External ${(100 * value).toFixed(1)} %` : `T ${temperatureText(value)}`;
  if (!near) return [place];
  return [`${place}, TV ${near.distance.toFixed(2)}`, branchWords(near.branch)];
}

/**
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel @param {Position} at
 * @param {string[]} lines
 */
function drawTip(context, view, panel, { x, y }, lines) {
  const { palette, m } = view;
  const u = m.unit;
  context.font = view.font(600, 14 * u);
  const width = Math.max(...lines.map((line) => context.measureText(line).width)) + 20 * u;
  const height = (12 + 19 * lines.length) * u;
  // Rather left of the pointer than over the thresholds' numbers.
  const left = Math.max(2, x + 14 * u + width > panel.right + 8 * u ? x - 14 * u - width : x + 14 * u);
  const top = y - height - 12 * u < panel.top ? y + 14 * u : y - height - 12 * u;
  drawSheet(context, view, left, top, width, height);
  context.textAlign = "left";
  lines.forEach((line, i) => {
    context.font = view.font(i ? 400 : 600, 14 * u);
    context.fillStyle = i ? palette.secondary : palette.ink;
    context.fillText(line, left + 10 * u, top + (20 + 19 * i) * u);
  });
}

/** @param {PhaseMap.Instance} instance @param {PhaseMap.PanelHover | null} hover */
function setPanelHover(instance, hover) {
  if (!hover && !instance.panelHover) return;
  instance.panelHover = hover;
  wake(instance);
}

/**
 * A finger must start near the ring to drag, so that elsewhere it still scrolls the page.
 * @param {PhaseMap.Instance} instance @param {PhaseMap.Panel} panel @param {Position} at
 */
function isNearPanelRing({ view, point }, panel, { x, y }) {
  const across = panel.kind === "cut" ? Math.abs(Math.log(point.temperature / panel.temperature)) < 2e-3 : Math.abs(point.external_fraction - panel.share) < 2e-3;
  if (!across) return false;
  return panel.kind === "cut" ? Math.abs(y - panel.at(point.external_fraction, 0)[1]) <= 24 : Math.abs(x - panel.at(point.temperature, 0)[0]) <= 24;
}

/** @param {PhaseMap.Instance} instance @param {Position} at */
function touchStartsDrag(instance, at) {
  const { view } = instance;
  if (!view) return false;
  if (view.kind === "small") return isNearDot(instance, at);
  const panel = panelAtPixel(view, at);
  return panel !== null && isNearPanelRing(instance, panel, at);
}
