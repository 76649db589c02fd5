// The well: one instance per element, its data, its frames. Places are found in layout.js, drawing is in marks.js,
// words in words.js, pointer and keyboard in input.js.

const MORPH_MS = 150;

function makeWell(root) {
  const find = (selector) => root.querySelector(selector);
  const well = /** @type {any} */ ({
    header: null, drag: null, sent: null, press: null, grip: 0, place: null, shown: 0.5, morph: null,
    timers: { trust: 0, keys: 0 },
    parts: {
      title: find(".title"), save: find(".save"), stage: find(".stage"), canvas: find(".stage canvas"), smallTitle: find(".small-title"),
      smalls: find(".smalls canvas"), play: find(".play"), playWord: find(".play-word"), scrubber: find(".scrubber"), count: find(".count"),
      note: find(".note"), said: find(".said"),
    },
  });
  well.clock = makeClock("well", () => wake(well));
  return well;
}

/** @param {Well.Instance} well @param {Well.Header} header */
function receive(well, header) {
  const before = well.header;
  if (before && well.view && well.curve.length === header.arrays.potential.length && !reducedMotion()) {
    well.morph = { curve: well.view.curve, span: well.span, started: null };
  }
  well.header = header;
  well.arrays = header.arrays;
  well.curve = header.arrays.potential;
  well.aim = spanOf(well);
  well.clock.own = lastOf(header.arrays.ball_doublings);
  const isAnswer = well.sent !== null && Math.abs(well.sent - header.start) < 1e-6;
  if (isAnswer) {
    well.sent = null;
    clearTimeout(well.timers.trust);
    well.rollNow = true;
  }
  if (well.connection) tellClock(well.clock, "end");
}

/** The curve and its scale now: between the old well and the new one. @param {Well.Instance} well @param {number} now */
function curveShown(well, now) {
  const { morph } = well;
  if (!morph) return { curve: well.curve, span: well.aim };
  morph.started ??= now;
  const time = clamp((now - morph.started) / MORPH_MS, 0, 1);
  if (time === 1) well.morph = null;
  const share = 1 - (1 - time) ** 2;
  return {
    curve: well.curve.map((value, k) => lerp(morph.curve[k], value, share)),
    span: well.aim.map((value, k) => lerp(morph.span[k], value, share)),
  };
}

/** @param {Well.Instance} well @returns {Well.Scene} */
function sceneOf(well) {
  const { arrays, clock, drag, sent } = well;
  return { at: clockAt(clock, clock.own), ball: arrays.ball, doublings: arrays.ball_doublings, drag: drag ?? sent };
}

/** @param {Well.Scene} scene @returns {number} */
const ballNow = ({ at, ball, doublings, drag }) => drag ?? readCurve(ball, sampleAt(doublings, at));

/** @param {Well.Instance} well */
function draw(well, now) {
  const { root, header, parts } = well;
  const width = Math.floor(root.clientWidth);
  if (!header || width < 60) return;
  const { curve, span } = curveShown(well, now);
  const pictures = parts.canvas.offsetHeight + parts.smalls.offsetHeight;
  const room = header.mode === "projector" ? roomFor(root) - (root.offsetHeight - pictures) : Infinity;
  const view = makeWellView({ header, palette: well.palette, width, curve, span, room });
  Object.assign(well, { view, span });
  root.dataset.mode = view.name;
  const context = sharpen(parts.canvas, view.width, view.height);
  context.clearRect(0, 0, view.width, view.height);
  const scene = sceneOf(well);
  well.shown = ballNow(scene);
  well.place = drawBigWell(context, view, scene);
  showClock(well.clock, parts);
  if (well.stale || well.smallSize !== sizeOfSmalls(view)) drawSmalls(well);
}

/** @param {Well.View} view */
const sizeOfSmalls = ({ width, small }) => `${width} ${small.height}`;

/** The small wells and the words change with the data only. @param {Well.Instance} well */
function drawSmalls(well) {
  const { view, parts } = well;
  const height = view.small.height + view.small.foot;
  const context = sharpen(parts.smalls, view.width, height);
  context.clearRect(0, 0, view.width, height);
  drawSmallWells(context, view, well);
  showWellWords(well);
  showStart(well);
  well.stale = false;
  well.smallSize = sizeOfSmalls(view);
}

/** Frames go on by themselves only while the curve changes; the clock asks for its own. @param {Well.Instance} well */
function frame(well, now) {
  draw(well, now);
  return well.morph !== null;
}

/** @param {Well.Instance} well */
function refresh(well) {
  well.stale = true;
  wake(well);
}

/** @param {Well.Instance} well */
function showWell(well) {
  for (const part of [well.parts.title, well.parts.smallTitle]) explain(part, well.header.terms);
  well.stale = true;
  draw(well, performance.now());
  wake(well);
  if (!well.rollNow) return;
  well.rollNow = false;
  well.parts.said.textContent = well.parts.stage.getAttribute("aria-valuetext");
  setClock(well.clock, reducedMotion() ? Infinity : 0, true);
}

/** @param {Well.Instance} instance */
const stopWell = ({ clock }) => stopFrames(clock);

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { fits: true, make: makeWell, receive, connect: listen, show: showWell, frame, refresh, stop: stopWell });
}
