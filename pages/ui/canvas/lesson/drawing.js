// The curve that an audience draws, and later the real one beside it: effective outcomes over generations.

const KNOTS = 25; // of a drawn curve, evenly spaced
const INSET = { left: 34, right: 12, top: 12, bottom: 26 };
const KEY_STEP = 0.05; // of the height, for an arrow key
// What the clicker's third button tries one after the other: how much is left of the way to `end`, at a share of the time.
const SHAPES = [
  { end: 0, left: (time) => Math.exp(-6 * time) }, { end: 0, left: (time) => 1 - time },
  { end: 0, left: (time) => 1 - time ** 3 }, { end: null, left: () => 1 }, { end: 1, left: (time) => Math.exp(-5 * time) },
];

/** @param {Lesson.Instance} instance @param {HTMLCanvasElement} canvas @param {Lesson.Question} question @returns {Lesson.Plot} */
function plotOf({ root, palette, parts }, canvas, question) {
  const isBig = root.classList.contains("projector");
  const most = isBig ? 820 : canvas === parts.curve ? 440 : 560;
  const [width, height] = [Math.min(most, Math.max(240, root.clientWidth - 24)), isBig ? (canvas === parts.curve ? 150 : 240) : 150];
  const context = sharpen(canvas, width, height);
  context.clearRect(0, 0, width, height);
  const size = isBig ? 20 : 13;
  const box = { left: INSET.left * (size / 13), right: width - INSET.right, top: INSET.top, bottom: height - INSET.bottom * (size / 13) };
  const outcomes = Math.max(2, question.outcomes);
  return {
    context, palette, size, box, most: outcomes,
    x: (share) => box.left + (box.right - box.left) * share,
    y: (value) => box.bottom - (box.bottom - box.top) * ((value - 1) / (outcomes - 1)),
    value: (y) => 1 + (outcomes - 1) * ((box.bottom - y) / (box.bottom - box.top)),
  };
}

/** @param {Lesson.Plot} plot @param {Lesson.Question} question */
function drawAxes({ context, palette, size, box, most, y }, question) {
  context.strokeStyle = palette.grid;
  context.lineWidth = 1;
  for (const value of [1, most]) {
    context.beginPath();
    context.moveTo(box.left, y(value));
    context.lineTo(box.right, y(value));
    context.stroke();
  }
  context.fillStyle = palette.secondary;
  context.font = `400 ${size}px ${palette.font}`;
  context.textAlign = "right";
  context.fillText("1", box.left - 6, y(1) + size * 0.35);
  context.fillText(String(most), box.left - 6, y(most) + size * 0.6);
  context.textAlign = "left";
  context.fillText("outcomes it acts like", box.left + 6, y(most) + size * 1.1);
  context.fillText("generation 0", box.left, box.bottom + size * 1.4);
  context.textAlign = "right";
  context.fillText(String(question.generations), box.right, box.bottom + size * 1.4);
}

/** @param {Lesson.Plot} plot @param {number[]} values */
function drawLine({ context, x, y }, values, colour, width, dash = []) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  tracePath(context, values.map((value, at) => [x(at / (values.length - 1)), y(value)]));
  context.stroke();
  context.setLineDash([]);
}

/** @param {Lesson.Instance} lesson @param {Lesson.Question} question */
function drawGuess(lesson, question) {
  const canvas = lesson.parts.draw;
  const plot = plotOf(lesson, canvas, question);
  drawAxes(plot, question);
  const { palette, context, size, x, y } = plot;
  drawDisc(context, x(0), y(question.start), size * 0.4, { fill: palette.ink });
  if (lesson.drawn) drawLine(plot, lesson.drawn, palette.ink, size / 5);
  const at = lesson.knot;
  if (lesson.drawn && canvas.matches(":focus-visible")) {
    drawDisc(context, x(at / (KNOTS - 1)), y(lesson.drawn[at]), size * 0.5, { fill: palette.page, line: palette.ink, width: 2 });
  }
  const value = lesson.drawn?.[at] ?? question.start;
  const generation = Math.round((question.generations * at) / (KNOTS - 1));
  canvas.setAttribute("aria-label", "Your curve of the outcomes it acts like: left and right choose a generation, up and down set it");
  canvas.setAttribute("aria-valuemax", String(question.outcomes));
  canvas.setAttribute("aria-valuenow", value.toFixed(1));
  canvas.setAttribute("aria-valuetext", `generation ${generation}: ${lesson.drawn ? value.toFixed(1) : "not drawn"} outcomes`);
}

/** The drawn curve, or a flat one to begin with; it starts where the run does. @param {Lesson.Instance} lesson */
function startedCurve(lesson, question) {
  lesson.drawn ??= Array.from({ length: KNOTS }, () => question.start);
  return lesson.drawn;
}

/** Under the pointer; knots that a quick hand has passed lie on the line between. @param {Lesson.Instance} lesson */
function drawTo(lesson, question, { x, y }, before) {
  const plot = plotOf(lesson, lesson.parts.draw, question);
  const { box, most } = plot;
  const at = clampTo(Math.round(((x - box.left) / (box.right - box.left)) * (KNOTS - 1)), 1, KNOTS - 1);
  const value = clampTo(plot.value(y), 1, most);
  const curve = [...startedCurve(lesson, question)];
  const from = before ?? { at, value };
  const step = Math.sign(at - from.at) || 1;
  for (let i = from.at; i !== at + step; i += step) {
    const share = at === from.at ? 1 : (i - from.at) / (at - from.at);
    if (i > 0) curve[i] = from.value + share * (value - from.value);
  }
  // What lies beyond the first stroke goes on from it.
  if (!before) curve.fill(value, at);
  Object.assign(lesson, { drawn: curve, knot: at });
  drawGuess(lesson, question);
  return { at, value };
}

const clampTo = (value, low, high) => Math.min(high, Math.max(low, value));

/** @param {Lesson.Instance} lesson @param {Lesson.Question} question @param {KeyboardEvent} event */
function onDrawKey(lesson, question, event) {
  const [aside, up] = [{ ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0, { ArrowUp: 1, ArrowDown: -1 }[event.key] ?? 0];
  if (!aside && !up) return;
  event.preventDefault();
  event.stopPropagation();
  lesson.knot = clampTo(lesson.knot + aside, 1, KNOTS - 1);
  const curve = [...startedCurve(lesson, question)];
  if (up) {
    const value = clampTo(curve[lesson.knot] + up * KEY_STEP * (question.outcomes - 1), 1, question.outcomes);
    curve.fill(value, lesson.knot); // what comes later goes on from here
  }
  lesson.drawn = curve;
  drawGuess(lesson, question);
}

/** @param {Lesson.Instance} lesson @param {Lesson.Question} question */
function nextShape(lesson, question) {
  lesson.shape = (lesson.shape + 1) % SHAPES.length;
  const { end, left } = SHAPES[lesson.shape];
  const goal = end === null ? question.start : end ? question.outcomes : 1;
  lesson.drawn = Array.from({ length: KNOTS }, (_, at) => goal + (question.start - goal) * left(at / (KNOTS - 1)));
  drawGuess(lesson, question);
}

/** The real curve, the band of nine runs in ten, and what was drawn. @param {Lesson.Instance} lesson @param {Lesson.Told} told */
function drawTold(lesson, question, told) {
  const { curve = [], low = [], high = [], drawn = [], lead } = told;
  const canvas = lesson.parts.curve;
  const plot = plotOf(lesson, canvas, question);
  const { context, palette, size, x, y } = plot;
  context.fillStyle = palette.line;
  const along = (values) => values.map((value, at) => [x(at / (values.length - 1)), y(value)]);
  tracePath(context, [...along(low), ...along(high).reverse()]);
  context.fill();
  drawAxes(plot, question);
  drawLine(plot, curve, palette.ink, size / 4);
  if (drawn.length) drawLine(plot, drawn, palette.secondary, size / 5, [size / 2, size / 3]);
  canvas.setAttribute("aria-label", `The real curve, solid, ends at ${curve.at(-1)?.toFixed(1)} outcomes`
    + `${drawn.length ? `; yours, dashed, at ${drawn.at(-1)?.toFixed(1)}` : ""}; the band holds nine runs in ten. ${lead}`);
}
