// The time axis under the curves, which is the scrubber.

const MOST_TICKS = 8;

/** 1, 2 or 5 times a power of ten, so that `span` has at most `most` steps. */
function niceStep(span, most) {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, span / most)));
  return [1, 2, 5, 10].map((factor) => factor * unit).find((step) => span / step <= most) ?? 10 * unit;
}

/**
 * Ticks by the chosen clock: { unit, marks: [{ x, text }] }; generations always name the last one.
 * @param {Player.View} view @param {number} left @param {number} right
 */
function axisTicks(view, left, right) {
  const { run, playhead, measures } = view;
  const doubling = playhead.clock === "doublings" && run.can_double;
  const values = doubling ? run.doublings : run.frames;
  const [first, last] = [values[0], values[run.count - 1]];
  const widest = textWidth(view, grouped(Math.round(last)), measures.tick) + measures.tick * 1.2;
  const step = niceStep(Math.max(1, last - first), clamp(Math.floor((right - left) / widest), 2, MOST_TICKS));
  const x = (value) => left + ((right - left) * (value - first)) / Math.max(last - first, 1e-9);
  /** @type {Player.Tick[]} */
  const marks = [];
  for (let value = Math.ceil(first / step) * step; value <= last + 1e-6; value += step) {
    marks.push({ x: x(value), text: grouped(value) });
  }
  if (!doubling && last > first) {
    while (marks.length > 1 && right - marks[marks.length - 1].x < widest) marks.pop();
    marks.push({ x: right, text: grouped(last) });
  }
  return { marks, ...axisUnit(view, right, marks, doubling ? ["doublings", "×2"] : ["generations", "gen."]) };
}

/** The unit behind the last tick, in full where it fits. @param {Player.View} view @param {number} right @param {Player.Tick[]} marks */
function axisUnit(view, right, marks, names) {
  const { measures, width } = view;
  const end = marks.at(-1);
  const endRight = end ? end.x + textWidth(view, end.text, measures.tick) / 2 : 0;
  const unitX = Math.max(right + measures.tick * 0.6, endRight + measures.tick * 0.55);
  const unit = names.find((name) => unitX + textWidth(view, name, measures.tick) <= width) ?? names[1];
  return { unit, unitX };
}

/** @param {Player.View} view @param {Player.CurvesLayout} layout */
function drawScrubber(view, layout, x) {
  const { context, palette, measures } = view;
  const { left, right, trackY, tickY } = layout;
  const bar = (from, to, colour) => {
    context.fillStyle = colour;
    context.beginPath();
    context.roundRect(from, trackY - measures.track / 2, Math.max(0, to - from), measures.track, measures.track / 2);
    context.fill();
  };
  bar(left, right, palette.line);
  bar(left, x, palette.ink);
  drawDisc(context, x, trackY, measures.thumb, { fill: palette.ink, line: palette.page, width: measures.thumb * 0.25 });
  if (view.sliderFocused) drawFocusRing(view, x, trackY);
  const style = { size: measures.tick, colour: palette.secondary };
  for (const mark of layout.ticks.marks) drawText(view, mark.text, mark.x, tickY, { ...style, align: "center" });
  drawText(view, layout.ticks.unit, layout.ticks.unitX, tickY, style);
}

/** @param {Player.View} view */
function drawFocusRing(view, x, y) {
  const { context, palette, measures } = view;
  context.beginPath();
  context.arc(x, y, measures.thumb + measures.playhead * 2.4, 0, 2 * Math.PI);
  context.strokeStyle = palette.ink;
  context.lineWidth = measures.playhead * 1.6;
  context.stroke();
}
