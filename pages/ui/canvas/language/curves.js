// Two curves on the player's clock: what the model says (next words to choose from) and what it still knows (surprise).

/** @type {Record<SizeName, Language.Sizes>} */
const CURVE_SIZES = {
  desk: { title: 16, what: 14, tick: 13, value: 18, plot: 50, head: 30, gap: 8, left: 52, right: 92, line: 2.5, thumb: 9, track: 6 },
  phone: { title: 15, what: 12, tick: 12, value: 17, plot: 54, head: 30, gap: 10, left: 44, right: 62, line: 2.5, thumb: 10, track: 6 },
  projector: { title: 28, what: 24, tick: 24, value: 36, plot: 84, head: 46, gap: 6, left: 96, right: 170, line: 6, thumb: 16, track: 12 },
};

/** @param {Language.Instance} instance @returns {Language.Layout} */
function layoutCurves({ root, run, parts }) {
  const { header } = run;
  const mode = /** @type {SizeName} */ (root.dataset.mode);
  const panels = [saysPanel(header), ...(header.has_held_out ? [knowsPanel(header)] : [])];
  const sizes = { ...CURVE_SIZES[mode] };
  if (mode === "projector") sizes.plot = plotHeight(sizes, panels.length, roomFor(root) - (root.offsetHeight - parts.curves.offsetHeight));
  const width = root.clientWidth;
  let y = 0;
  for (const panel of panels) {
    panel.top = y + sizes.head;
    panel.bottom = panel.top + sizes.plot;
    y = panel.bottom + sizes.gap;
  }
  const trackY = y + sizes.thumb * 1.4;
  const left = sizes.left;
  return { width, height: trackY + sizes.thumb * 1.4 + sizes.tick * 1.3, left, right: width - sizes.right, trackY, panels, sizes };
}

const LEAST_PLOT = 24; // px

/** The height of a plot, so that all of them and the scrubber fit into the room that a lecture's screen has left. */
function plotHeight(sizes, plots, room) {
  const rest = plots * (sizes.head + sizes.gap) + sizes.thumb * 2.8 + sizes.tick * 1.3;
  return clamp(Math.floor((room - rest) / plots), LEAST_PLOT, sizes.plot);
}

/** @param {Language.Header} header @returns {Language.Panel} */
function saysPanel(header) {
  const all = [...header.says, ...(header.kept?.says ?? [])];
  return {
    title: `Next ${header.unit}s to choose from`, what: "what it says; log", top: 0, bottom: 0, isLog: true,
    values: header.says, kept: header.kept?.says ?? null, range: [1, Math.max(10, ...all) * 1.1], text: effectiveText,
  };
}

/** Surprise at text that no model learned; without smoothing, the share of it that is called impossible. @param {Language.Header} header @returns {Language.Panel} */
function knowsPanel(header) {
  const isImpossible = header.knows.includes(null) || Boolean(header.kept?.knows.includes(null));
  const values = isImpossible ? header.impossible : header.knows;
  const kept = header.kept ? (isImpossible ? header.kept.impossible : header.kept.knows) : null;
  const all = /** @type {number[]} */ ([...values, ...(kept ?? [])].filter((value) => value !== null));
  if (isImpossible) {
    return {
      title: "Called impossible of text it never read", what: "what it still knows", top: 0, bottom: 0, isLog: false,
      values, kept, range: [0, 1], text: (value) => `${percent(value)} %`,
    };
  }
  const low = Math.min(...all, Infinity);
  return {
    title: "Surprise at text it never read", what: `what it still knows; as unsure as between so many ${header.unit}s, log`, top: 0, bottom: 0, isLog: true,
    values, kept, range: all.length ? [low * 0.9, Math.max(...all, low * 3)] : [1, 10], text: effectiveText,
  };
}

/** @param {Language.Panel} panel */
function heightOf(panel, value) {
  const [low, high] = panel.range;
  const share = panel.isLog ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
  return panel.bottom - share * (panel.bottom - panel.top - 4);
}

/** @param {Language.Instance} instance @param {Context} context @param {Language.Layout} layout */
function drawCurves(instance, context, layout) {
  const { run, playhead, palette } = instance;
  const { left, right, panels, sizes } = layout;
  const axis = playhead.axis;
  const place = (frame) => left + (right - left) * axis[frame];
  const shown = frameShown(playhead);
  const moment = run.header.moments[shown];
  const colours = moment ? classColours(palette, moment.phase) : { fill: palette.ink, text: palette.ink };
  const x = left + (right - left) * shareAt(axis, playhead.position);
  for (const panel of panels) {
    drawGrid(context, palette, panel, layout);
    context.strokeStyle = palette.ink;
    context.lineWidth = 1.25;
    tracePath(context, [[x, panel.top - 2], [x, panel.bottom]]);
    context.stroke();
    if (panel.kept) drawLine(context, panel, panel.kept, place, 0, panel.kept.length - 1, palette.disabled, sizes.line * 0.8);
    drawLine(context, panel, panel.values, place, 0, shown, colours.fill, sizes.line);
    context.globalAlpha = 0.4;
    drawLine(context, panel, panel.values, place, shown, panel.values.length - 1, colours.fill, sizes.line * 0.6);
    context.globalAlpha = 1;
    drawValue(context, palette, panel, layout, x, shown, colours);
  }
  drawTrack(instance, context, layout, x, place);
}

/** @param {Context} context @param {Palette} palette @param {Language.Panel} panel @param {Language.Layout} layout */
function drawGrid(context, palette, panel, { left, right, sizes }) {
  writeText(context, palette, panel.title, 0, panel.top - sizes.head * 0.42, { size: sizes.title, weight: 600, colour: palette.ink });
  const after = widthIn(context, palette, panel.title, sizes.title, 600) + sizes.title * 0.7;
  if (after + widthIn(context, palette, panel.what, sizes.what) < right + sizes.right) {
    writeText(context, palette, panel.what, after, panel.top - sizes.head * 0.42, { size: sizes.what, colour: palette.secondary });
  }
  for (const value of gridValues(panel)) {
    const y = heightOf(panel, value);
    context.strokeStyle = palette.grid;
    context.lineWidth = 1;
    tracePath(context, [[left, y], [right, y]]);
    context.stroke();
    writeText(context, palette, panel.text(value), left - sizes.tick * 0.5, y + sizes.tick * 0.35, { size: sizes.tick, colour: palette.secondary, align: "right" });
  }
}

/** Powers of ten that are in the range, or its ends. @param {Language.Panel} panel */
function gridValues({ range: [low, high], isLog }) {
  if (!isLog) return [0, 0.5, 1];
  const powers = [];
  for (let power = 10 ** Math.ceil(Math.log10(low) - 1e-9); power <= high; power *= 10) powers.push(power);
  const most = powers.length > 4 ? powers.filter((_, i) => i % Math.ceil(powers.length / 4) === 0) : powers;
  return most.length > 1 ? most : [low, high];
}

/** @param {Context} context @param {Language.Panel} panel @param {(number | null)[]} values */
function drawLine(context, panel, values, place, from, to, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.beginPath();
  let isDown = false;
  for (let frame = from; frame <= Math.min(to, values.length - 1); frame += 1) {
    const value = values[frame];
    if (value === null || value === undefined) isDown = false;
    else if (isDown) context.lineTo(place(frame), heightOf(panel, value));
    else {
      context.moveTo(place(frame), heightOf(panel, value));
      isDown = true;
    }
  }
  context.stroke();
}

/** The first of texts that is no wider than `width`; the last, the shortest, where none is. @param {Context} context @param {Palette} palette @param {string[]} texts */
const fitting = (context, palette, texts, size, width) => (
  texts.find((text) => widthIn(context, palette, text, size) <= width) ?? texts[texts.length - 1]);

/** The number at the playhead, and generation 0's at the right. @param {Context} context @param {Palette} palette @param {Language.Panel} panel @param {Language.Layout} layout */
function drawValue(context, palette, panel, { width, right, sizes }, x, shown, colours) {
  const value = panel.values[shown];
  const first = panel.values[0];
  if (first !== null && first !== undefined) {
    const y = clamp(heightOf(panel, first), panel.top + sizes.tick * 0.6, panel.bottom);
    const number = panel.text(first);
    const text = fitting(context, palette, [`at first ${number}`, `first ${number}`, number], sizes.tick, width - right - 8);
    writeText(context, palette, text, right + 8, y + sizes.tick * 0.35, { size: sizes.tick, colour: palette.secondary });
  }
  if (value === null || value === undefined) return;
  const y = heightOf(panel, value);
  drawDisc(context, x, y, sizes.line * 1.6, { fill: colours.fill, line: palette.page, width: 1.5 });
  const text = panel.text(value);
  const isLeft = x + 10 + widthIn(context, palette, text, sizes.value, 700) > right;
  // Above the line where there is room, or below it.
  const above = y - sizes.value * 0.5 > panel.top + sizes.value * 0.4;
  writeText(context, palette, text, x + (isLeft ? -10 : 10), above ? y - sizes.value * 0.35 : y + sizes.value * 0.95, {
    size: sizes.value, weight: 700, colour: colours.text, align: isLeft ? "right" : "left", halo: palette.page,
  });
}

/** The axis is the scrubber: what is written so far, what is behind the playhead. @param {Language.Instance} instance @param {Context} context @param {Language.Layout} layout */
function drawTrack({ run, palette, parts }, context, { width, left, right, trackY, sizes }, x, place) {
  const bar = (from, to, colour) => {
    context.fillStyle = colour;
    context.beginPath();
    context.roundRect(from, trackY - sizes.track / 2, Math.max(0, to - from), sizes.track, sizes.track / 2);
    context.fill();
  };
  bar(left, right, palette.grid);
  bar(left, place(run.count - 1), palette.matched);
  bar(left, x, palette.ink);
  drawDisc(context, x, trackY, sizes.thumb, { fill: palette.ink, line: palette.page, width: sizes.thumb * 0.25 });
  if (parts.scrubber.matches(":focus-visible")) {
    context.beginPath();
    context.arc(x, trackY, sizes.thumb + 3, 0, 2 * Math.PI);
    context.strokeStyle = palette.ink;
    context.lineWidth = 2;
    context.stroke();
  }
  const last = run.frames.length - 1;
  const step = Math.max(1, Math.ceil(last / 10 / 5) * 5);
  const style = /** @type {TextStyle} */ ({ size: sizes.tick, colour: palette.secondary, align: "center" });
  for (let frame = 0; frame <= last; frame += last <= 15 ? Math.ceil(last / 8) : step) {
    if (frame !== last && place(last) - place(frame) < sizes.tick * 2) continue;
    writeText(context, palette, String(frame), place(frame), trackY + sizes.thumb + sizes.tick * 1.15, style);
  }
  writeText(context, palette, String(last), place(last), trackY + sizes.thumb + sizes.tick * 1.15, style);
  const unit = fitting(context, palette, ["generations", "gen."], sizes.tick, width - right - sizes.tick);
  writeText(context, palette, unit, right + sizes.tick, trackY + sizes.thumb + sizes.tick * 1.15, { size: sizes.tick, colour: palette.secondary });
}
