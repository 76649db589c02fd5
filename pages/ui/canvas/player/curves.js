// The two curves over time; playhead, dots and the scrubber's thumb (scrubber.js) share one x.

/** @param {Player.View} view */
function layoutCurves(view) {
  const { run, playhead, measures, width } = view;
  const panels = /** @type {Player.CurvePanel[]} */ ([effectivePanel(view), distancePanel(view)]);
  const widestTick = Math.max(...panels.flatMap((panel) => panel.ticks.map((tick) => textWidth(view, tick.text, measures.tick))));
  const left = Math.max(measures.left, Math.ceil(widestTick + measures.tick * 0.7));
  const right = width - measures.right;
  let y = 0;
  for (const panel of panels) {
    panel.titleY = y + measures.title;
    panel.top = y + measures.titleRow;
    panel.bottom = panel.top + measures.plot;
    panel.y = (value) => panel.bottom - (measures.plot * (value - panel.low)) / (panel.high - panel.low);
    y = panel.bottom + measures.panelGap;
  }
  const bottom = panels[1].bottom;
  const trackY = bottom + measures.track * 2.4;
  const tickY = trackY + measures.thumb + measures.tick * 1.15;
  const end = Math.ceil(tickY + measures.tick * 0.5);
  // On a projector an empty row gives its height to the pictures: the button "change" is there.
  const isRow = Array.isArray(run.schedule) && (run.schedule.length > 0 || measures.name !== "projector");
  const interventions = isRow ? { top: end, bottom: end + measures.interventions } : null;
  /** @type {Player.CurvesLayout} */
  const layout = {
    panels, left, right, bottom, trackY, tickY, interventions, height: interventions?.bottom ?? end,
    ticks: axisTicks(view, left, right), keptChanges: [], axis: new Float64Array(),
    x: (position) => left + (right - left) * shareAt(playhead.axis, position),
  };
  const axis = timeAxis(run, playhead.clock, run.points);
  layout.axis = axis;
  for (const panel of panels) {
    panel.path = curvePath(view, panel.points, axis, layout, panel);
    panel.twinPath = panel.twinPoints && curvePath(view, panel.twinPoints, axis, layout, panel);
  }
  if (run.kept) addKept(view, run.kept, layout, axis);
  return layout;
}

/**
 * The kept run's curves, by generation on the axis of the run that is played.
 * @param {Player.View} view @param {Player.Run} kept @param {Player.CurvesLayout} layout
 */
function addKept(view, kept, layout, axis) {
  const { run } = view;
  const share = (generation) => shareAt(axis, frameAt(run.points.frames, generation));
  const keptAxis = Float64Array.from(kept.points.frames, share);
  for (const panel of layout.panels) {
    panel.keptPath = curvePath(view, panel.scaled(kept.points[panel.name]), keptAxis, layout, panel);
    panel.beside = panel.scaled(run.beside[panel.name]);
  }
  layout.keptChanges = (kept.schedule ?? []).map(({ generation }) => layout.left + (layout.right - layout.left) * share(generation));
}

/**
 * What both panels draw of a measure: by frame what is printed, by point what is drawn; the twin may be missing.
 * @param {Player.Run} run
 */
function curvesOf(run, name, scaled) {
  const twin = `twin${name[0].toUpperCase()}${name.slice(1)}`;
  return {
    name, scaled, curve: scaled(run[name]), points: scaled(run.points[name]), twin: run[twin] && scaled(run[twin]),
    twinPoints: run[twin] && scaled(run.points[twin]),
  };
}

/** How many outcomes it acts like: as that number, or its logarithm, the entropy. @param {Player.View} view */
function effectivePanel(view) {
  const { run } = view;
  const nats = view.entropy === "nats";
  const most = Math.max(run.n, run.kept?.n ?? 0, 2);
  const high = nats ? Math.log(most) : most;
  const names = nats ? ["Entropy in nats", "its exponential is how many it acts like"] : ["Acts like this many outcomes", "exp(entropy)"];
  return {
    ...curvesOf(run, "effective", nats ? (curve) => curve.map(Math.log) : (curve) => curve),
    title: names[0], aside: names[1],
    low: nats ? 0 : 1, high,
    ticks: nats ? entropyTicks(high) : outcomeTicks(most),
    source: nats ? Math.log(run.effective_source) : run.effective_source, print: nats ? natsPrinted : effectiveText,
  };
}

function outcomeTicks(n) {
  const values = [1, n > 3 ? Math.round(n / 2) : n, n].filter((value, at, all) => all.indexOf(value) === at);
  return values.map((value) => ({ value, text: value >= 10000 ? `${value / 1000}k` : grouped(value) }));
}

function entropyTicks(high) {
  const step = [0.5, 1, 2, 3].find((value) => high / value < 3.3) ?? 4;
  return Array.from({ length: Math.floor(high / step) + 1 }, (_, at) => ({ value: at * step, text: String(at * step) }));
}

/** @param {Player.View} view */
function distancePanel(view) {
  const { run, measures } = view;
  const phone = measures.name === "phone";
  const sign = phone ? "" : " %";
  const isArea = run.n <= MOST_BARS && view.scale !== "log" && !run.kept;
  return {
    ...curvesOf(run, "distance", (curve) => curve),
    title: phone ? "Distance to the source, %" : "Distance to the source",
    aside: isArea ? "the coloured share of the bars" : "the share that has moved",
    low: 0, high: run.distanceTop, band: run.tolerance,
    ticks: [0, 0.5, 1].map((part) => part * run.distanceTop)
      .map((value) => ({ value, text: value === 0 ? "0" : `${Math.round(100 * value)}${sign}` })),
    print: (value) => `${percent(value)} %`,
  };
}

/**
 * A curve as a path; points that share a pixel column keep only their lowest and highest value.
 * @param {Player.View} view @param {Curve} curve @param {Curve} axis @param {Player.CurvesLayout} layout
 * @param {Player.CurvePanel} panel
 */
function curvePath(view, curve, axis, layout, panel) {
  const path = newPath(view);
  const xOf = (i) => layout.left + (layout.right - layout.left) * axis[i];
  let i = 0;
  while (i < curve.length) {
    const x = xOf(i);
    let [next, low, high] = [i + 1, curve[i], curve[i]];
    while (next < curve.length && xOf(next) - x < 0.5) {
      low = Math.min(low, curve[next]);
      high = Math.max(high, curve[next]);
      next += 1;
    }
    for (const value of low === high ? [low] : [low, high]) {
      if (i === 0 && value === low) path.moveTo(x, panel.y(value));
      else path.lineTo(x, panel.y(value));
    }
    if (next === curve.length && next - i > 1) path.lineTo(xOf(next - 1), panel.y(curve[next - 1]));
    i = next;
  }
  return path;
}

/** @param {Player.View} view @param {Player.CurvesLayout} layout */
function drawCurves(view, layout) {
  const { playhead } = view;
  const x = layout.x(playhead.position);
  for (const panel of layout.panels) drawPanel(view, layout, panel, x);
  drawPlayhead(view, layout, x);
  drawHoverMarks(view, layout);
  for (const panel of layout.panels) {
    drawValues(view, layout, panel, x);
    drawPanelTitle(view, panel);
  }
  drawScrubber(view, layout, x);
  drawInterventions(view, layout);
}

/** @param {Player.View} view @param {Player.CurvesLayout} layout @param {Player.CurvePanel} panel */
function drawPanel(view, layout, panel, x) {
  const { context, palette, measures } = view;
  const { left, right } = layout;
  const label = { size: measures.tick, colour: palette.secondary };
  const middle = measures.tick * 0.35;
  if (panel.band) {
    const top = panel.y(Math.min(panel.band, panel.high));
    context.fillStyle = palette.faithfulTint;
    context.fillRect(left, top, right - left, panel.bottom - top);
    const text = `${measures.name === "phone" ? "≤" : "within"} ${Math.round(100 * panel.band)} %`;
    drawText(view, text, right + measures.labelGap, (top + panel.bottom) / 2 + middle, { ...label, colour: palette.faithfulText });
  }
  for (const tick of panel.ticks) {
    drawLine(view, left, panel.y(tick.value), right, panel.y(tick.value), palette.grid, measures.twin * 0.8);
    drawText(view, tick.text, left - measures.tick * 0.6, panel.y(tick.value) + middle, { ...label, align: "right" });
  }
  if (panel.source !== undefined) {
    const y = panel.y(panel.source);
    drawLine(view, left, y, right, y, palette.outline, measures.outline * 0.7);
    const text = fittingText(view, [`source ${panel.print(panel.source)}`, panel.print(panel.source)], view.width - right - measures.labelGap, measures.tick);
    drawText(view, text, right + measures.labelGap, y + middle, { ...label, colour: palette.ink });
  }
  drawRunCurve(view, layout, panel, x, classColours(palette, view.phase).fill);
}

/**
 * The part still to come is thin and pale; the twin lies between the two, so that neither hides it.
 * @param {Player.View} view @param {Player.CurvesLayout} layout @param {Player.CurvePanel} panel
 */
function drawRunCurve(view, layout, panel, x, colour) {
  const { context, palette, measures } = view;
  const clipped = (from, to, draw) => {
    context.save();
    context.beginPath();
    context.rect(from, panel.top - measures.run * 2, to - from, measures.plot + measures.run * 4);
    context.clip();
    draw();
    context.restore();
  };
  const past = (draw) => (view.isAheadHidden ? clipped(layout.left - measures.run, x, draw) : draw());
  const { keptPath, twinPath } = panel;
  if (keptPath) {
    for (const change of layout.keptChanges) drawLine(view, change, panel.top, change, panel.bottom, palette.line, measures.playhead);
    past(() => strokePath(view, keptPath, palette.disabled, measures.run * 0.8));
  }
  if (!view.isAheadHidden) {
    clipped(x, layout.right + measures.run, () => {
      context.globalAlpha = palette.dark ? 0.5 : 0.32;
      strokePath(view, panel.path, colour, measures.run * 0.6);
    });
  }
  if (twinPath) {
    past(() => {
      context.globalAlpha = 0.8;
      strokePath(view, twinPath, palette.ink, measures.twin, twinDash(measures));
      context.globalAlpha = 1;
    });
  }
  clipped(layout.left - measures.run, x, () => strokePath(view, panel.path, colour, measures.run));
}

/** Broken at the panel titles. @param {Player.View} view @param {Player.CurvesLayout} layout */
function drawPlayhead(view, layout, x) {
  const { palette, measures } = view;
  const [first, second] = layout.panels;
  drawLine(view, x, first.top - 4, x, first.bottom, palette.ink, measures.playhead);
  drawLine(view, x, second.top - 4, x, layout.trackY, palette.ink, measures.playhead);
}

/**
 * The dots with their numbers; where two runs are shown, each number has its letter.
 * @param {Player.View} view @param {Player.CurvesLayout} layout @param {Player.CurvePanel} panel
 */
function drawValues(view, layout, panel, x) {
  const { playhead, palette, measures, frame } = view;
  const colours = classColours(palette, view.phase);
  const value = { y: panel.y(valueAt(panel.curve, playhead.position)), text: panel.print(panel.curve[frame]), colour: colours.text };
  const texts = [value.text, ...(panel.beside ? [`A ${panel.print(panel.beside[frame])}`, `B ${value.text}`] : [])];
  const wide = Math.max(...texts.map((text) => textWidth(view, text, measures.value, 700)));
  const toRight = x + measures.run * 4 + wide < layout.right;
  const write = ({ text, colour }, y, further = 0) => {
    drawText(view, text, x + (toRight ? 1 : -1) * (measures.run * 4 + further), y, {
      size: measures.value, weight: 700, colour, halo: palette.page, align: toRight ? "left" : "right",
    });
    view.context.textAlign = "left";
  };
  if (panel.beside) {
    const y = panel.y(valueAt(panel.beside, playhead.position));
    drawDot(view, x, y, measures.run * 1.6, palette.disabled);
    const [kept, own] = [{ text: `A ${panel.print(panel.beside[frame])}`, colour: palette.secondary }, { ...value, text: `B ${value.text}` }];
    const stacked = pairBaselines(view, panel, y, value.y);
    if (stacked) {
      write(kept, stacked[0]);
      write(own, stacked[1]);
    } else {
      // A low plot has room for one line: both numbers stand in it.
      const first = toRight ? kept : own;
      const apart = textWidth(view, first.text, measures.value, 700) + measures.value * 0.5;
      const line = valueBaseline(view, layout, panel, (y + value.y) / 2, x, toRight ? wide + apart : -wide - apart);
      write(first, line);
      write(first === kept ? own : kept, line, apart);
    }
  } else write(value, valueBaseline(view, layout, panel, value.y, x, toRight ? wide : -wide));
  drawDot(view, x, value.y, measures.run * 1.9, colours.fill);
}

/**
 * Baselines of two numbers in one column, in the order of their dots: as near to them as can be, inside the plot,
 * clear of each other and of the source's line; null where the plot is too low for both.
 * @param {Player.View} view @param {Player.CurvePanel} panel
 */
function pairBaselines(view, panel, first, second) {
  const size = view.measures.value;
  const source = panel.source === undefined ? null : panel.y(panel.source);
  const around = (y) => [y - size * 0.5, y + size * 1.05, y - size * 1.6, y + size * 2.15];
  const places = (y) => (source === null ? around(y) : [...around(y), source - size * 0.35, source - size * 1.45]);
  const crossed = (place) => source !== null && source < place + 2 && source > place - size * 0.75;
  const cost = (place, y) => Math.abs(place - y) + (crossed(place) ? 2 * size : 0);
  const [upper, lower] = [Math.min(first, second), Math.max(first, second)];
  const pairs = places(upper).flatMap((a) => places(lower).map((b) => ({ a, b, cost: cost(a, upper) + cost(b, lower) })))
    .filter(({ a, b }) => b - a > size * 1.05 && b <= panel.bottom + size * 0.3).sort((one, other) => one.cost - other.cost);
  const inside = (ease) => pairs.find(({ a }) => a > panel.top + size * ease);
  const found = inside(0.15) ?? inside(-0.6);
  if (!found) return null;
  const { a, b } = found;
  return first <= second ? [a, b] : [b, a];
}

/**
 * The baseline of the number beside the dot: above it or below, near to it, inside the plot, and off the source's line and
 * the curves. The number reaches from the dot at `x` over `wide` pixels, to the left where that is negative.
 * @param {Player.View} view @param {Player.CurvesLayout} layout @param {Player.CurvePanel} panel
 */
function valueBaseline(view, layout, panel, y, x, wide) {
  const { measures } = view;
  const size = measures.value;
  const start = x + Math.sign(wide) * measures.run * 4;
  const [left, right] = [Math.min(start, start + wide), Math.max(start, start + wide)];
  const places = [0.5, 0.8, 1.1, 1.5, 1.9, 2.4].flatMap((away) => [y - size * away, y + size * (away + 0.55)])
    .map((at) => ({ at, cost: Math.abs(at + 0.28 * size - y) / size, box: { left, right, top: at - size * 0.76, bottom: at + size * 0.1 } }));
  // The title above and the axis below leave this much of the plot.
  const within = { left: -Infinity, right: Infinity, top: panel.top - size * 0.5, bottom: panel.bottom + size * 0.5 };
  const source = panel.source === undefined ? [] : [panel.y(panel.source)].map((at) => ({ left, right, top: at - 1, bottom: at + 1 }));
  const curves = [panel.twinPoints, view.isAheadHidden && wide > 0 ? null : panel.points].map((curve) => curve && pointsOf(layout, panel, curve, left, right));
  const weigh = (box) => curves.reduce((sum, points) => sum + (points && pointsIn(points, box, 1) ? 1.5 : 0), 0);
  return placeLabel(places, { within, taken: source, weigh })?.at ?? y - size * 0.5;
}

/** A curve between two places, a point every other pixel. @param {Player.CurvesLayout} layout @param {Player.CurvePanel} panel */
function pointsOf(layout, panel, curve, left, right) {
  const points = [];
  for (let x = Math.max(layout.left, left); x <= Math.min(layout.right, right); x += 2) {
    points.push([x, panel.y(valueAt(curve, frameAt(layout.axis, (x - layout.left) / (layout.right - layout.left))))]);
  }
  return points;
}

/** @param {Player.View} view */
function drawDot({ context, palette, measures }, x, y, radius, colour) {
  drawDisc(context, x, y, radius, { fill: colour, line: palette.page, width: measures.run * 0.8 });
}

/** @param {Player.View} view @param {Player.CurvePanel} panel */
function drawPanelTitle(view, panel) {
  const { palette, measures } = view;
  drawText(view, panel.title, 0, panel.titleY, { size: measures.title, weight: 600, colour: palette.ink, halo: palette.page });
  if (measures.name !== "desk") return;
  const x = view.context.measureText(panel.title).width + 10;
  drawText(view, panel.aside, x, panel.titleY, { size: measures.tick + 1, colour: palette.secondary, halo: palette.page });
}

/**
 * Under the pointer: a pale playhead with the run's and the twin's dots; the words are in the tip.
 * @param {Player.View} view @param {Player.CurvesLayout} layout
 */
function drawHoverMarks(view, layout) {
  const { context, palette, measures, hover } = view;
  if (hover === null) return;
  const x = layout.x(hover);
  const fill = classColours(palette, view.phase).fill;
  for (const panel of layout.panels) {
    context.globalAlpha = 0.5;
    drawLine(view, x, panel.top, x, panel.bottom, palette.secondary, measures.playhead);
    context.globalAlpha = 1;
    if (panel.beside) drawDot(view, x, panel.y(panel.beside[hover]), measures.run * 1.3, palette.disabled);
    if (panel.twin) drawDot(view, x, panel.y(panel.twin[hover]), measures.run * 1.3, palette.ink);
    drawDot(view, x, panel.y(panel.curve[hover]), measures.run * 1.5, fill);
  }
}
