// Thresholds: circles on the map's cut, hairlines that carry them across, big numerals at their height.

/** @param {PhaseMap.View} view */
const cutX = (view) => view.x(clamp(view.cut?.temperature ?? 1, Math.exp(view.from), Math.exp(view.to)));
/** @param {PhaseMap.Panel} panel @returns {PhaseMap.Threshold[]} */
const exactThresholds = (panel) => (panel.thresholds || []).filter(({ tone }) => tone !== "bound");
/** @param {PhaseMap.View} view @param {PhaseMap.Panel} panel @returns {PhaseMap.Threshold[]} */
const boundThresholds = (view, panel) => (view.isShown("bounds") ? (panel.thresholds || []).filter(({ tone }) => tone === "bound") : []);

/**
 * On the map: the dotted cuts, and a circle where a threshold meets its cut.
 * @param {Context} context @param {PhaseMap.View} view
 */
function drawMapCuts(context, view) {
  const { m, palette, plot } = view;
  context.strokeStyle = palette.dark ? "#FFFFFF" : palette.ink;
  context.lineWidth = 1.4 * m.line;
  context.setLineDash([2 * m.line, 3 * m.line]);
  if (view.cut) {
    tracePath(context, [[cutX(view), plot.top - 7 * m.unit], [cutX(view), plot.bottom]]);
    context.stroke();
  }
  if (view.bifurcation) {
    const y = view.y(view.bifurcation.share);
    tracePath(context, [[plot.left, y], [plot.right, y]]);
    context.stroke();
  }
  context.setLineDash([]);
  for (const { x, y, tone } of thresholdCircles(view)) {
    const line = toneMark(view, tone === "faithful" ? tone : "ink");
    drawDisc(context, x, y, 4.5 * m.unit, { fill: palette.page, line, width: 2.4 * m.line });
  }
}

/** @param {PhaseMap.View} view */
function thresholdCircles(view) {
  const circles = [];
  if (view.cut) for (const { value, tone } of exactThresholds(view.cut)) circles.push({ x: cutX(view), y: view.y(value), tone });
  if (view.bifurcation) for (const { value, tone } of exactThresholds(view.bifurcation)) circles.push({ x: view.x(value), y: view.y(view.bifurcation.share), tone });
  return circles.filter(({ x, y }) => x >= view.plot.left && x <= view.plot.right && y >= view.plot.top && y <= view.plot.bottom);
}

/** Thin boxes along the cuts and hairlines: no word stands across them. @param {PhaseMap.View} view */
function guideBoxes(view) {
  const { plot, m } = view;
  const boxes = thresholdCircles(view).map(({ x, y }) => boxAround(x, y, 18 * m.unit, 18 * m.unit));
  if (view.cut) {
    const x = cutX(view);
    boxes.push({ left: x - 3, right: x + 3, top: plot.top, bottom: plot.bottom });
    for (const { value } of exactThresholds(view.cut)) boxes.push({ left: x, right: plot.right, top: view.y(value) - 2, bottom: view.y(value) + 2 });
  }
  if (view.bifurcation) boxes.push({ left: plot.left, right: plot.right, top: view.y(view.bifurcation.share) - 3, bottom: view.y(view.bifurcation.share) + 3 });
  return boxes;
}

/** The panel's own hairlines: its words keep off them too. @param {PhaseMap.View} view @param {PhaseMap.Panel} panel */
function hairlineBoxes(view, panel) {
  return exactThresholds(panel).map(({ value }) => {
    const [x, y] = panel.at(value, 0);
    return panel.kind === "cut" ? { left: panel.left, right: panel.right, top: y - 1, bottom: y + 1 } : { left: x - 1, right: x + 1, top: panel.top, bottom: panel.bottom };
  });
}

/**
 * Hairlines from the map's cut to the panel's far side; published bounds are dotted and stay on the panel.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel
 */
function drawThresholdLines(context, view, panel) {
  const { m, palette, plot } = view;
  const stroke = (points) => {
    tracePath(context, points);
    context.stroke();
  };
  context.save();
  context.strokeStyle = palette.dark ? "#FFFFFF" : palette.ink;
  context.lineWidth = 0.8 * m.line;
  context.globalAlpha = 0.32;
  for (const { value } of exactThresholds(panel)) {
    if (panel.kind === "bifurcation") {
      const x = view.x(value);
      stroke([[x, view.y(panel.share)], [x, plot.bottom]]);
      stroke([[x, panel.top], [x, panel.bottom]]);
    } else if (view.isBeside) stroke([[cutX(view), view.y(value)], [panel.right, view.y(value)]]);
    else {
      stroke([[cutX(view), view.y(value)], [plot.right, view.y(value)]]);
      stroke([panel.at(value, 0), panel.at(value, 1)]);
    }
  }
  context.globalAlpha = 1;
  context.strokeStyle = palette.secondary;
  context.lineWidth = 1.6 * m.line;
  context.lineCap = "round";
  context.setLineDash([0.1, 4.2 * m.line]);
  for (const { value } of boundThresholds(view, panel)) if (panel.kind === "cut") stroke([panel.at(value, 0), panel.at(value, 1)]);
  context.restore();
}

/**
 * The label column: numerals at the height of their lines, pushed apart where they would touch.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel
 */
function drawThresholdColumn(context, view, panel) {
  const { m, palette } = view;
  const u = m.unit;
  const legend = panel.legend ? legendHeight(context, view, panel) : 0;
  const blocks = [...boundBlocks(context, view, panel), ...exactThresholds(panel).map((threshold) => exactBlock(context, view, panel, threshold))];
  spread(blocks, panel.top - 12 * u, panel.bottom - legend - 4 * u, 8 * u);
  const left = panel.right + 12 * u;
  context.textAlign = "left";
  for (const block of blocks) {
    const centre = block.top + block.middle;
    // A block that had to move keeps a line to its own height.
    if (Math.abs(centre - block.y) > 10 * u && block.tone !== "bound") {
      context.strokeStyle = palette.dark ? "#FFFFFF" : palette.ink;
      context.globalAlpha = 0.32;
      context.lineWidth = 0.8 * m.line;
      tracePath(context, [[panel.right, block.y], [panel.right + 8 * u, centre]]);
      context.stroke();
      context.globalAlpha = 1;
    }
    let y = block.top;
    for (const line of block.lines) {
      y += line.step;
      context.font = view.font(line.weight, line.size);
      context.fillStyle = line.colour;
      context.fillText(line.text, left, y, panel.labels);
    }
  }
  if (legend) drawLegend(context, view, panel, left, panel.bottom - legend);
}

/**
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel @param {PhaseMap.Threshold} threshold
 * @returns {PhaseMap.Block}
 */
function exactBlock(context, view, panel, { value, text, words, tone }) {
  const { m, palette } = view;
  const u = m.unit;
  const size = (view.mode === "phone" ? 20 : 24) * u;
  context.font = view.font(600, 14 * u);
  const below = words ? wrapped(context, words, panel.labels) : [];
  const lines = [{ text, size, weight: 700, step: size * 0.78, colour: toneText(view, tone) }];
  below.forEach((line, i) => lines.push({ text: line, size: 14 * u, weight: 600, step: (i ? 17 : 20) * u, colour: palette.ink }));
  const y = panel.at(value, 0)[1];
  const middle = size * 0.78 + 8 * u;
  return { y, top: y - middle, middle, tone, lines, height: lines.reduce((sum, line) => sum + line.step, 0) + 4 * u };
}

/**
 * Published bounds that say the same lie close together at the top: one block names them all.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel @returns {PhaseMap.Block[]}
 */
function boundBlocks(context, view, panel) {
  const u = view.m.unit;
  const byWords = new Map();
  for (const bound of boundThresholds(view, panel)) byWords.set(bound.words, [...(byWords.get(bound.words) || []), bound]);
  const colour = view.palette.secondary;
  return [...byWords].map(([words, bounds]) => {
    context.font = view.font(400, 13 * u);
    const below = words ? wrapped(context, words, panel.labels) : [];
    const texts = bounds.sort((a, b) => b.value - a.value).map(({ text }) => text).join(", ");
    const lines = [{ text: texts, size: 14 * u, weight: 600, step: 12 * u, colour }, ...below.map((text) => ({ text, size: 13 * u, weight: 400, step: 16 * u, colour }))];
    const y = panel.at(bounds[0].value, 0)[1];
    return { y, top: y - 7 * u, middle: 7 * u, tone: "bound", lines, height: lines.reduce((sum, line) => sum + line.step, 0) + 4 * u };
  });
}

/**
 * Move blocks as little as possible so that none overlap: neighbours that touch move together.
 * @param {PhaseMap.Block[]} blocks
 */
function spread(blocks, top, bottom, gap) {
  const within = (cluster) => Math.max(top, Math.min(bottom - cluster.height, cluster.top));
  const clusters = [];
  for (const block of [...blocks].sort((a, b) => a.y - b.y)) {
    let cluster = { blocks: [block], height: block.height, top: block.top };
    cluster.top = within(cluster);
    while (clusters.length && clusters[clusters.length - 1].top + clusters[clusters.length - 1].height + gap > cluster.top) {
      const before = clusters.pop();
      const all = [...before.blocks, ...cluster.blocks];
      let offset = 0;
      let wish = 0;
      for (const one of all) {
        wish += one.y - one.middle - offset;
        offset += one.height + gap;
      }
      cluster = { blocks: all, height: offset - gap, top: wish / all.length };
      cluster.top = within(cluster);
    }
    clusters.push(cluster);
  }
  for (const cluster of clusters) {
    let y = cluster.top;
    for (const block of cluster.blocks) {
      block.top = y;
      y += block.height + gap;
    }
  }
}

/**
 * On the lying panel a threshold is a place on the temperature axis: its words stand beside its hairline.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel
 */
function drawSideThresholds(context, view, panel) {
  const u = view.m.unit;
  return exactThresholds(panel).map(({ value, text, words, tone }) => {
    const side = (align, gap) => ({ lines: [text, ...(words ? [words] : [])], x: view.x(value) + gap * u, y: panel.top + 14 * u, align, tone });
    const sides = [side("left", 8), side("right", -8)];
    // On the side with room, and off the line T = 1.
    const crowding = (note) => {
      const { left, right } = noteBox(context, view, note);
      return (left < panel.left || right > panel.right ? 2 : 0) + (left < view.x(1) && right > view.x(1) ? 1 : 0);
    };
    const note = crowding(sides[1]) < crowding(sides[0]) ? sides[1] : sides[0];
    drawNoteText(context, view, note);
    return noteBox(context, view, note);
  });
}

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel */
function legendRows(context, view, panel) {
  const u = view.m.unit;
  context.font = view.font(400, 13 * u);
  const rows = [];
  if (panel.swept) wrapped(context, panel.swept.label || "simulated", panel.labels - 14 * u).forEach((text, i) => rows.push({ text, mark: i ? null : "dot" }));
  rows.push({ text: "exact, stable", mark: "stable" }, { text: "exact, unstable", mark: "unstable" });
  return rows;
}

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel */
const legendHeight = (context, view, panel) => (16 * legendRows(context, view, panel).length + 6) * view.m.unit;

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel */
function drawLegend(context, view, panel, left, top) {
  const { m, palette } = view;
  const u = m.unit;
  legendRows(context, view, panel).forEach(({ text, mark }, i) => {
    const y = top + (12 + 16 * i) * u;
    context.font = view.font(400, 13 * u);
    context.fillStyle = palette.secondary;
    context.fillText(text, left + 14 * u, y);
    if (mark === "dot") drawSweptDot(context, view, left + 4 * u, y - 4.5 * u);
    else if (mark) {
      context.strokeStyle = toneMark(view, mark === "stable" ? "collapse" : "ink");
      context.lineWidth = (mark === "stable" ? 3 : 1.6) * m.line;
      context.setLineDash(mark === "stable" ? [] : [4 * u, 3 * u]);
      tracePath(context, [[left - 2 * u, y - 4.5 * u], [left + 10 * u, y - 4.5 * u]]);
      context.stroke();
      context.setLineDash([]);
    }
  });
}
