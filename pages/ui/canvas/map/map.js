// The component: one instance per element, its data, its drawing and what the visitor does with it.

const instances = new WeakMap();
const SEND_EVERY = 60;
const QUIET = 300;
// How long the visitor's own move outranks what the server says: it may still be answering an older one.
const TRUST_OWN_MOVE = 1500;
const NEAR_DOT = 32;

const samePoint = (a, b) =>
  Math.abs(Math.log(a.temperature / b.temperature)) < 1e-6 && Math.abs(a.external_fraction - b.external_fraction) < 1e-6;

function createInstance(root) {
  const part = (name) => root.querySelector(`.cl-map-${name}`);
  const instance = {
    root, part, stage: part("stage"), play: part("play"), canvas: root.querySelector("canvas"),
    header: null, point: null, hover: null, panelHover: null, drag: null, playing: null, hidden: new Set(), curves: {}, moved: null, base: null, baseKey: "", version: 0,
    timers: { send: 0, quiet: 0, trust: 0, frame: 0 }, lastSent: 0,
  };
  instance.observer = new ResizeObserver(() => requestDraw(instance));
  instance.observer.observe(root);
  listenToPointer(instance);
  instance.stage.addEventListener("keydown", (event) => onKey(instance, event));
  instance.play.addEventListener("click", () => toggleSweep(instance));
  part("save").addEventListener("click", () => saveMap(instance));
  // Text drawn before the font is there would stay in the fallback face.
  document.fonts.ready.then(() => refresh(instance));
  return instance;
}

/** New data: the arrays always count, the point only where the visitor is not ahead of the server. */
function adopt(instance, header) {
  const isSame = sameMap(instance.header, header);
  const isSameField = isSame || sameField(instance.header, header);
  if (!instance.header && Array.isArray(header.shown)) instance.hidden = new Set(GROUP_ORDER.filter((group) => !header.shown.includes(group)));
  instance.header = header;
  if (!isSameField) instance.field = makeField(header);
  if (!isSame) instance.curves = curvesOf(header);
  updateChips(instance);
  const arrived = pointOf(header);
  if (instance.moved && samePoint(arrived, instance.moved)) forgetMove(instance);
  if (!instance.drag && !instance.moved) instance.point = arrived;
  if (isSame) requestDraw(instance);
  else refresh(instance);
}

/** Whether only the point has changed: while a dial is dragged that is so many times a second, and the picture stays. */
function sameMap(before, after) {
  if (!before) return false;
  const still = ({ arrays, point, kept, least_rescue, alt, ...rest }) => JSON.stringify([rest, Object.keys(arrays)]);
  return still(before) === still(after) && Object.keys(after.arrays).every((name) => sameNumbers(before, after, name));
}

function sameNumbers(before, after, name) {
  const [a, b] = [before.arrays[name], after.arrays[name]];
  if (!a || !b) return a === b;
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

/** Whether the map's own numbers are the same although a cut or a line is new: then its image stays. */
function sameField(before, after) {
  if (!before) return false;
  const names = ["temperatures", "external_fractions", "shift", "distance", "effective", "contour_temperatures", "contour", "n_stable"];
  const hatched = ({ lines }) => (lines || []).filter((line) => line.bounds_hatch).map((line) => line.array || line.name);
  if (String(hatched(before)) !== String(hatched(after))) return false;
  return [...names, ...hatched(after)].every((name) => sameNumbers(before, after, name));
}

const pointOf = ({ point }) => ({ temperature: point.temperature, external_fraction: point.external_fraction });

function forgetMove(instance) {
  instance.moved = null;
  clearTimeout(instance.timers.trust);
}

function refresh(instance) {
  instance.version += 1;
  requestDraw(instance);
}

function requestDraw(instance) {
  if (!instance.timers.frame) {
    instance.timers.frame = requestAnimationFrame(() => {
      instance.timers.frame = 0;
      draw(instance);
    });
  }
}

/** The server's numbers for its own point, the grid's for any other. */
function readPoint(instance) {
  const { header, field, point } = instance;
  if (samePoint(point, header.point) && header.point.distance !== undefined) {
    const own = { ...header.point, class: header.point.class || classAt(field, Math.log(point.temperature), point.external_fraction) };
    const clean = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null && value !== undefined));
    return { ...readAt(field, point.temperature, point.external_fraction), ...clean };
  }
  return readAt(field, point.temperature, point.external_fraction);
}

function draw(instance) {
  const { root, header, canvas } = instance;
  const width = Math.floor(root.clientWidth);
  if (!header || width < 120) return;
  const palette = applyTheme(root);
  advanceSweep(instance);
  const chips = placeChips(instance, width);
  const view = makeView({ ...instance, palette, width, chips });
  instance.view = view;
  drawFrame(instance, view);
  placePlay(instance, view);
  const context = sharpen(canvas, view.width, view.height);
  const ratio = canvas.width / view.width;
  prepareBase(instance, view, ratio);
  context.clearRect(0, 0, view.width, view.height);
  context.drawImage(instance.base, 0, 0, view.width, view.height);
  const reading = readPoint(instance);
  drawOverlay(context, view, instance, reading);
  describe(instance, view, reading);
}

function drawOverlay(context, view, instance, reading) {
  if (view.kind === "page") drawPageOverlay(context, view, { ...instance, reading, hovered: instance.hover });
  else drawSmallOverlay(context, { ...view, kept: instance.header.kept }, reading);
}

/** Field, lines and axes as one image, painted again only for new data, theme or size. */
function prepareBase(instance, view, ratio) {
  const key = [instance.version, view.palette.dark, view.palette.font, view.width, view.height, view.mode, ratio].join();
  if (instance.base && instance.baseKey === key) return;
  const base = instance.base || document.createElement("canvas");
  // Setting a size also wipes it, and resets its state.
  base.width = Math.round(view.width * ratio);
  base.height = Math.round(view.height * ratio);
  const context = base.getContext("2d");
  context.scale(ratio, ratio);
  instance.words = drawBase(context, view, ratio);
  instance.base = base;
  instance.baseKey = key;
}

function drawBase(context, view, ratio) {
  if (view.kind === "small") return drawSmallBase(context, view);
  return drawPageBase(context, view, fieldPicture(view, ratio));
}

/** The field's image is the slowest part: kept while only lines, panels or switches change. */
function fieldPicture({ field, palette, header, plot }, ratio) {
  const key = [palette.dark, header.temperature_range, plot.width, plot.height, ratio].join();
  if (field.picture?.key !== key) {
    field.picture = { key, image: paintField(field, palette.dark, header.temperature_range, plot.width, plot.height, ratio) };
  }
  return field.picture.image;
}

/** The parts around the canvas: shown or not, and in which size. */
function drawFrame({ root, part, header, hover, drag, field }, view) {
  const isSmall = view.kind === "small";
  for (const mode of ["desk", "phone", "projector"]) root.classList.toggle(mode, view.mode === mode);
  part("head").hidden = !isSmall;
  part("title").hidden = header.heading === false;
  part("note").hidden = !isSmall || header.note === false || view.mode === "projector";
  part("foot").hidden = isSmall;
  part("hint").hidden = view.mode === "phone";
  part("hint").textContent = `Click the map to move; ${header.cut ? "drag along the cut; " : ""}arrow keys nudge`;
  part("note").textContent =
    `Above the green line a loop that starts at its source settles within ${perCentText(header.tolerance)}${NBSP}% of it. ` +
    "Drag the dot, or turn the dials: their tracks are slices of this map.";
  const shown = drag ? readAt(field, drag.point.temperature, drag.point.external_fraction) : hover;
  part("caption").textContent = shown
    ? `T ${temperatureText(shown.temperature)}, ${perCentText(shown.external_fraction)} %: ${shown.class}, acts like ${shown.effective.toFixed(1)}`
    : view.mode === "projector" ? "external data, %" : "External data, % of new data";
}

function describe(instance, view, reading) {
  const words = readoutText(view, reading);
  instance.readout = words;
  const alt = instance.header.alt ? `${instance.header.alt} ` : "";
  const { kept } = instance.header;
  const beside = kept ? ` Run A: T ${temperatureText(kept.temperature)}, ${perCentText(kept.external_fraction)} per cent external data.` : "";
  instance.stage.setAttribute("aria-label", `${alt}You are here. ${words}${beside} Arrow keys move the point, Shift for larger steps.`);
}

function placeOf(instance, event) {
  const box = instance.canvas.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function isOnPlot({ plot }, { x, y }, slack = 0) {
  return x >= plot.left - slack && x <= plot.right + slack && y >= plot.top - slack && y <= plot.bottom + slack;
}

function listenToPointer(instance) {
  const { canvas } = instance;
  canvas.addEventListener("pointerdown", (event) => onDown(instance, event));
  canvas.addEventListener("pointermove", (event) => onMove(instance, event));
  canvas.addEventListener("pointerup", (event) => onUp(instance, event));
  canvas.addEventListener("pointercancel", () => cancelPress(instance));
  canvas.addEventListener("pointerleave", () => {
    setHover(instance, null);
    setPanelHover(instance, null);
  });
  // A finger that starts on the dot drags it in both directions; elsewhere it may still scroll the page.
  canvas.addEventListener("touchstart", (event) => {
    if (event.touches.length === 1 && touchStartsDrag(instance, placeOf(instance, event.touches[0]))) event.preventDefault();
  }, { passive: false });
}

function isNearDot({ view, point }, { x, y }) {
  const clamped = Math.exp(Math.min(view.to, Math.max(view.from, Math.log(point.temperature))));
  return Math.hypot(x - view.x(clamped), y - view.y(point.external_fraction)) <= NEAR_DOT;
}

function onDown(instance, event) {
  const { view } = instance;
  const at = placeOf(instance, event);
  if (!view || event.button !== 0) return;
  const panel = panelAtPixel(view, at);
  if (!panel && !isOnPlot(view, at, view.kind === "small" ? 8 : 0)) return;
  instance.stage.focus({ preventScroll: true, focusVisible: false });
  const isTouch = event.pointerType === "touch";
  const waits = panel ? isTouch && !isNearPanelRing(instance, panel, at) : view.kind === "page" || (isTouch && !isNearDot(instance, at));
  if (waits) instance.press = { ...at, panel: panel?.kind };
  else startDrag(instance, event, at, panel?.kind);
}

function startDrag(instance, event, at, panel) {
  instance.press = null;
  instance.canvas.setPointerCapture(event.pointerId);
  instance.drag = { point: instance.point, panel };
  setPanelHover(instance, null);
  dragTo(instance, at);
}

function onMove(instance, event) {
  const { view, press } = instance;
  if (!view) return;
  const at = placeOf(instance, event);
  if (instance.drag) {
    // A button let go outside the window never tells: end the drag at the next move.
    if (event.buttons === 0) endDrag(instance);
    else dragTo(instance, at);
  } else if (press && view.kind === "small" && isSideways(at, press)) startDrag(instance, event, at);
  else if (event.pointerType !== "touch") hoverAt(instance, at);
}

function hoverAt(instance, at) {
  const { view, canvas } = instance;
  const panel = panelAtPixel(view, at);
  canvas.style.cursor = !panel ? "" : panel.kind === "cut" ? "ns-resize" : "ew-resize";
  setPanelHover(instance, panel ? { ...at, kind: panel.kind } : null);
  setHover(instance, !panel && isOnPlot(view, at) ? readPixel(instance, at) : null);
}

function onUp(instance, event) {
  const at = placeOf(instance, event);
  const { press, view } = instance;
  instance.press = null;
  if (instance.drag) endDrag(instance);
  else if (press && Math.hypot(at.x - press.x, at.y - press.y) <= 8) {
    movePoint(instance, pressedPoint(view, press.panel, at));
    instance.hover = null;
    send(instance, true);
  }
}

function cancelPress(instance) {
  instance.press = null;
  if (instance.drag) endDrag(instance);
}

/** A finger moving up or down wants to scroll the page; only a sideways one can mean the dot. */
const isSideways = (at, press) => Math.abs(at.x - press.x) > Math.max(8, 1.5 * Math.abs(at.y - press.y));

/** What a press here would set, read from the grid. */
function readPixel({ view, field }, at) {
  const { temperature, external_fraction } = pointAtPixel(view, at.x, at.y);
  return readAt(field, temperature, external_fraction);
}

function setHover(instance, reading) {
  if (!reading && !instance.hover) return;
  instance.hover = reading;
  requestDraw(instance);
}

function dragTo(instance, at) {
  const point = pressedPoint(instance.view, instance.drag.panel, at);
  instance.drag.point = point;
  movePoint(instance, point);
  const wait = instance.lastSent + SEND_EVERY - performance.now();
  if (wait <= 0) send(instance, false);
  else if (!instance.timers.send) instance.timers.send = setTimeout(() => send(instance, false), wait);
}

const pressedPoint = (view, panel, at) => (panel && view[panel] ? pointOnPanel(view, view[panel], at) : pointAtPixel(view, at.x, at.y));

function endDrag(instance) {
  instance.drag = null;
  instance.hover = null;
  send(instance, true);
}

/** Move the dot at once; the server follows. */
function movePoint(instance, point) {
  instance.point = point;
  instance.moved = point;
  clearTimeout(instance.timers.trust);
  requestDraw(instance);
}

function send(instance, final) {
  clearTimeout(instance.timers.send);
  instance.timers.send = 0;
  instance.lastSent = performance.now();
  instance.setTriggerValue("picked", { ...instance.point, final });
  if (!final) return;
  instance.part("said").textContent = readoutText(instance.view, readPoint(instance));
  clearTimeout(instance.timers.trust);
  instance.timers.trust = setTimeout(() => {
    instance.moved = null;
    instance.point = pointOf(instance.header);
    requestDraw(instance);
  }, TRUST_OWN_MOVE);
}

const KEY_STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

function onKey(instance, event) {
  const step = KEY_STEPS[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || !instance.view) return;
  event.preventDefault();
  event.stopPropagation();
  movePoint(instance, nudged(instance.view, instance.point, step, event.shiftKey ? 5 : 1));
  instance.hover = null;
  clearTimeout(instance.timers.quiet);
  instance.timers.quiet = setTimeout(() => send(instance, true), QUIET);
}

/** 1/100 of the log range, 1 per cent; never past 1 without stopping there. */
function nudged(view, point, [across, up], times) {
  const log = Math.log(point.temperature);
  let next = log + (across * times * (view.to - view.from)) / 100;
  if (across && log * next < 0 && Math.abs(log) > 1e-9) next = 0;
  next = Math.min(Math.max(view.to, log), Math.max(Math.min(view.from, log), next));
  const temperature = across ? Number(Math.exp(next).toPrecision(3)) : point.temperature;
  const share = Math.round(100 * point.external_fraction + up * times) / 100;
  return { temperature, external_fraction: up ? Math.min(1, Math.max(0, share)) : point.external_fraction };
}

function destroy(instance) {
  instance.observer.disconnect();
  cancelAnimationFrame(instance.timers.frame);
  for (const timer of ["send", "quiet", "trust"]) clearTimeout(instance.timers[timer]);
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".cl-root");
  let instance = instances.get(parentElement);
  if (!instance || instance.root !== root) {
    if (instance) destroy(instance);
    instance = createInstance(root);
    instances.set(parentElement, instance);
  }
  instance.setTriggerValue = setTriggerValue;
  instance.setStateValue = setStateValue;
  const stopWaiting = whenWhole(data, (header) => adopt(instance, header));
  return () => {
    stopWaiting();
    // Called before some re-calls too: only an element that has really gone is taken down.
    setTimeout(() => {
      if (!root.isConnected) destroy(instance);
    }, 0);
  };
}
