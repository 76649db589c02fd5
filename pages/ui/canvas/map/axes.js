// Ticks and words along the page map's two axes.

const PAGE_TICKS = [1, 0.2, 5, 0.5, 2, 0.3, 3, 0.7, 1.5, 0.05, 0.1, 10, 20, 50, 0.02];
/** @param {Context} context @param {PhaseMap.View} view */
function drawPageAxes(context, view) {
  const { plot, palette, m } = view;
  const u = m.unit;
  const compact = view.mode === "phone";
  context.strokeStyle = palette.ink;
  context.lineWidth = m.line;
  tracePath(context, [[plot.left, plot.bottom + 0.5], [plot.right, plot.bottom + 0.5]]);
  context.stroke();
  drawTemperatureTicks(context, view);
  context.fillStyle = palette.secondary;
  context.font = view.font(400, 14 * u);
  context.textAlign = "right";
  for (let k = 0; k <= 5; k++) {
    const y = view.y(k / 5);
    tracePath(context, [[plot.left - 5 * u, y], [plot.left, y]]);
    context.stroke();
    context.fillText(`${20 * k}${k === 5 && !compact ? " %" : ""}`, plot.left - 9 * u, y + 5 * u);
  }
  drawAxisWords(context, view);
}

/** @param {Context} context @param {PhaseMap.View} view */
function drawTemperatureTicks(context, view) {
  const { plot, palette, m } = view;
  const u = m.unit;
  const boxes = [];
  context.textAlign = "center";
  for (const tick of PAGE_TICKS) {
    const log = Math.log(tick);
    if (log < view.from - 1e-6 || log > view.to + 1e-6) continue;
    const x = view.x(tick);
    context.font = view.font(tick === 1 ? 700 : 400, 14 * u);
    const box = boxAround(x, 0, context.measureText(String(tick)).width + 12 * u, 2);
    // Ticks come in order of importance; those that no longer fit stay away.
    if (boxes.some((other) => overlaps(other, box))) continue;
    boxes.push(box);
    context.lineWidth = (tick === 1 ? 1.6 : 1) * m.line;
    tracePath(context, [[x, plot.bottom], [x, plot.bottom + 5 * u]]);
    context.stroke();
    context.fillStyle = tick === 1 ? palette.ink : palette.secondary;
    const half = context.measureText(String(tick)).width / 2;
    context.fillText(String(tick), Math.min(view.width - half, x), plot.bottom + 20 * u);
  }
}

/** @param {Context} context @param {PhaseMap.View} view */
function drawAxisWords(context, view) {
  const { plot, palette, m } = view;
  const u = m.unit;
  const compact = view.mode === "phone";
  const narrow = plot.width < 560 * u;
  context.fillStyle = palette.secondary;
  context.font = view.font(400, 14 * u);
  context.textAlign = "left";
  context.fillText(narrow ? "\u2190 colder" : "\u2190 colder: favours the common", plot.left, plot.bottom + 38 * u);
  context.textAlign = "right";
  context.fillText(narrow ? "hotter \u2192" : "hotter: favours the rare \u2192", plot.right, plot.bottom + 38 * u);
  context.fillStyle = palette.ink;
  context.textAlign = "center";
  if (compact) context.fillText("temperature T", (plot.left + plot.right) / 2, plot.bottom + 38 * u);
  else if (!narrow) context.fillText("T = 1, no distortion", view.x(1), plot.bottom + 38 * u);
  context.font = view.font(600, 14 * u);
  context.textAlign = "left";
  if (compact) {
    context.fillText("External data, % of new data", 0, 14 * u);
    return;
  }
  context.fillText("Sampling temperature T (log scale)", plot.left, plot.bottom + 57 * u);
  context.save();
  context.translate(11 * u, plot.top + plot.height / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText("External data (share of new data)", 0, 0);
  context.restore();
}
