// The well: one instance per element, its data, its frames. Places are found in layout.js, drawing is in marks.js,
// words in words.js, pointer and keyboard in input.js.

const wells = new WeakMap(); // By parent element: Streamlit calls again at every change of data or theme.
const MORPH_MS = 150;

function makeWell(root) {
  const find = (selector) => root.querySelector(selector);
  const well = {
    root, lease: 0, header: null, drag: null, sent: null, press: null, grip: 0, place: null, shown: 0.5, morph: null, request: 0,
    connection: null, timers: {},
    parts: {
      title: find(".title"), save: find(".save"), stage: find(".stage"), canvas: find(".stage canvas"), smallTitle: find(".small-title"),
      smalls: find(".smalls canvas"), play: find(".play"), playWord: find(".play-word"), scrubber: find(".scrubber"), count: find(".count"),
      note: find(".note"), said: find(".said"),
    },
  };
  well.clock = makeClock("well", () => wake(well));
  return well;
}

function receive(well, header) {
  const before = well.header;
  if (before && well.view && well.curve.length === header.arrays.potential.length && !reducedMotion()) {
    well.morph = { curve: well.view.curve, span: well.span, started: null };
  }
  well.header = header;
  well.arrays = header.arrays;
  well.curve = header.arrays.potential;
  well.aim = spanOf(header.arrays.potential ? { header, arrays: header.arrays } : well);
  well.clock.own = header.arrays.ball_doublings.at(-1);
  const isAnswer = well.sent !== null && Math.abs(well.sent - header.start) < 1e-6;
  if (isAnswer) {
    well.sent = null;
    clearTimeout(well.timers.trust);
    well.rollNow = true;
  }
  if (well.connection) tellClock(well.clock, "end");
}

/** The curve and its scale now: between the old well and the new one. */
function curveShown(well, now) {
  const { morph } = well;
  if (!morph) return { curve: well.curve, span: well.aim };
  morph.started ??= now;
  const time = between((now - morph.started) / MORPH_MS, 0, 1);
  if (time === 1) well.morph = null;
  const share = 1 - (1 - time) ** 2;
  return {
    curve: well.curve.map((value, k) => lerp(morph.curve[k], value, share)),
    span: well.aim.map((value, k) => lerp(morph.span[k], value, share)),
  };
}

function sceneOf(well) {
  const { arrays, clock, drag, sent } = well;
  return { at: clockAt(clock, clock.own), ball: arrays.ball, doublings: arrays.ball_doublings, drag: drag ?? sent };
}

function ballNow({ at, ball, doublings, drag }) {
  const [before, weight] = sampleAt(doublings, at);
  return drag ?? lerp(ball[before], ball[before + 1], weight);
}

function draw(well, now) {
  const { root, header, parts } = well;
  const width = Math.floor(root.clientWidth);
  if (!header || width < 60) return;
  const { curve, span } = curveShown(well, now);
  const view = makeWellView({ header, palette: well.palette, width, curve, span });
  Object.assign(well, { view, span });
  root.dataset.mode = view.name;
  const context = sharpen(parts.canvas, view.width, view.height);
  context.clearRect(0, 0, view.width, view.height);
  const scene = sceneOf(well);
  well.shown = ballNow(scene);
  well.place = drawBigWell(context, view, scene);
  showClock(well.clock, parts);
  if (well.stale || well.smallWidth !== width) drawSmalls(well);
}

/** The small wells and the words change with the data only. */
function drawSmalls(well) {
  const { view, parts } = well;
  const height = view.small.height + view.small.foot;
  const context = sharpen(parts.smalls, view.width, height);
  context.clearRect(0, 0, view.width, height);
  drawSmallWells(context, view, well);
  showWellWords(well);
  showStart(well);
  well.stale = false;
  well.smallWidth = view.width;
}

/** Ask for one frame; they go on by themselves only while the curve changes. The clock asks for its own. */
function wake(well) {
  if (well.request || !well.connection) return;
  well.request = requestAnimationFrame((now) => {
    well.request = 0;
    draw(well, now);
    if (well.morph) wake(well);
  });
}

function refresh(well) {
  well.stale = true;
  wake(well);
}

function connect(well) {
  if (well.connection) return;
  const connection = new AbortController();
  well.connection = connection;
  listen(well, connection.signal);
  const observer = new ResizeObserver(() => {
    if (Math.floor(well.root.clientWidth) !== well.view?.width) wake(well);
  });
  observer.observe(well.root);
  connection.signal.addEventListener("abort", () => observer.disconnect());
  tellClock(well.clock, "hello");
  resumeClock(well.clock);
}

function disconnect(well) {
  well.connection?.abort();
  well.connection = null;
  cancelAnimationFrame(well.request);
  well.request = 0;
  stopFrames(well.clock);
  for (const timer of Object.values(well.timers)) clearTimeout(timer);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".well");
  let well = wells.get(parentElement);
  if (well?.root !== root) {
    if (well) disconnect(well);
    well = makeWell(root);
    wells.set(parentElement, well);
  }
  const lease = (well.lease += 1);
  well.setTriggerValue = setTriggerValue;
  well.palette = applyTheme(root);
  if (data !== well.data) receive(well, unpack(data));
  well.data = data;
  well.stale = true;
  connect(well);
  draw(well, performance.now());
  wake(well);
  if (well.rollNow) {
    well.rollNow = false;
    well.parts.said.textContent = well.parts.stage.getAttribute("aria-valuetext");
    setClock(well.clock, reducedMotion() ? Infinity : 0, true);
  }
  // Streamlit may clean up an outdated call after a newer one: only the newest may let go.
  return () => {
    if (lease === well.lease) disconnect(well);
  };
}
