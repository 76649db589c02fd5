// Pointers and keys: the point is dragged, pressed for, or nudged, on the map or along the cut.

const SEND_EVERY = 60; // ms
const QUIET = 300; // ms after the last key
// How long the visitor's own move outranks what the server says: it may still be answering an older one.
const TRUST_OWN_MOVE = 1500;
const NEAR_DOT = 32;

/** @param {PhaseMap.Instance} instance @param {On} on */
function listen(instance, on) {
  listenToPointer(instance, on);
  on(instance.stage, "keydown", (event) => onKey(instance, event));
  on(instance.play, "click", () => toggleSweep(instance));
  on(instance.part("save"), "click", () => saveMapPicture(instance));
  on(instance.part("draw"), "click", () => saveMapDrawing(instance));
  on(window, "closedloop:playhead", ({ detail }) => followPlayhead(instance, detail.generation));
}

/** @param {PhaseMap.Instance} instance @param {{ clientX: number, clientY: number }} event */
const placeOf = (instance, event) => pointerOn(instance.canvas, event);

/** @param {PhaseMap.View} view @param {Position} at */
const isOnPlot = ({ plot }, at, slack = 0) => isInBox(plot, at, slack);

/** @param {PhaseMap.Instance} instance @param {On} on */
function listenToPointer(instance, on) {
  const { canvas } = instance;
  on(canvas, "pointerdown", (event) => onDown(instance, event));
  on(canvas, "pointermove", (event) => onMove(instance, event));
  on(canvas, "pointerup", (event) => onUp(instance, event));
  on(canvas, "pointercancel", () => cancelPress(instance));
  on(canvas, "pointerleave", () => {
    setHover(instance, null);
    setPanelHover(instance, null);
  });
  // A finger that starts on the dot drags it in both directions; elsewhere it may still scroll the page.
  on(canvas, "touchstart", (event) => {
    if (event.touches.length === 1 && touchStartsDrag(instance, placeOf(instance, event.touches[0]))) event.preventDefault();
  }, { passive: false });
}

/** @param {PhaseMap.Instance} instance @param {Position} at */
function isNearDot({ view, point }, { x, y }) {
  const clamped = Math.exp(clamp(Math.log(point.temperature), view.from, view.to));
  return Math.hypot(x - view.x(clamped), y - view.y(point.external_fraction)) <= NEAR_DOT;
}

/** @param {PhaseMap.Instance} instance @param {PointerEvent} event */
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

/**
 * @param {PhaseMap.Instance} instance @param {PointerEvent} event @param {Position} at
 * @param {PhaseMap.Panel["kind"]} [panel]
 */
function startDrag(instance, event, at, panel) {
  instance.press = null;
  instance.canvas.setPointerCapture(event.pointerId);
  instance.drag = { point: instance.point, panel };
  setPanelHover(instance, null);
  dragTo(instance, at);
}

/** @param {PhaseMap.Instance} instance @param {PointerEvent} event */
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

/** @param {PhaseMap.Instance} instance @param {Position} at */
function hoverAt(instance, at) {
  const { view, canvas } = instance;
  const panel = panelAtPixel(view, at);
  canvas.style.cursor = !panel ? "" : panel.kind === "cut" ? "ns-resize" : "ew-resize";
  setPanelHover(instance, panel ? { ...at, kind: panel.kind } : null);
  setHover(instance, !panel && isOnPlot(view, at) ? readPixel(instance, at) : null);
}

/** @param {PhaseMap.Instance} instance @param {PointerEvent} event */
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

/** @param {PhaseMap.Instance} instance */
function cancelPress(instance) {
  instance.press = null;
  if (instance.drag) endDrag(instance);
}

/**
 * A finger moving up or down wants to scroll the page; only a sideways one can mean the dot.
 * @param {Position} at @param {Position} press
 */
const isSideways = (at, press) => Math.abs(at.x - press.x) > Math.max(8, 1.5 * Math.abs(at.y - press.y));

/** What a press here would set, read from the grid. @param {PhaseMap.Instance} instance @param {Position} at */
function readPixel({ view, field }, at) {
  const { temperature, external_fraction } = pointAtPixel(view, at.x, at.y);
  return readAt(field, temperature, external_fraction);
}

/** @param {PhaseMap.Instance} instance @param {PhaseMap.Reading | null} reading */
function setHover(instance, reading) {
  if (!reading && !instance.hover) return;
  instance.hover = reading;
  wake(instance);
}

/** @param {PhaseMap.Instance} instance @param {Position} at */
function dragTo(instance, at) {
  const { drag } = instance;
  if (!drag) return;
  const point = pressedPoint(instance.view, drag.panel, at);
  drag.point = point;
  movePoint(instance, point);
  sendSoon(instance, SEND_EVERY, () => send(instance, false));
}

/** @param {PhaseMap.View} view @param {PhaseMap.Panel["kind"] | undefined} panel @param {Position} at */
const pressedPoint = (view, panel, at) => (panel && view[panel] ? pointOnPanel(view, view[panel], at) : pointAtPixel(view, at.x, at.y));

/** @param {PhaseMap.Instance} instance */
function endDrag(instance) {
  instance.drag = null;
  instance.hover = null;
  send(instance, true);
}

/** Move the dot at once; the server follows. @param {PhaseMap.Instance} instance @param {PhaseMap.Place} point */
function movePoint(instance, point) {
  instance.point = point;
  instance.moved = point;
  clearTimeout(instance.timers.trust);
  wake(instance);
}

/** @param {PhaseMap.Instance} instance */
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
    instance.point = pointAt(instance.header, instance.generation);
    wake(instance);
  }, TRUST_OWN_MOVE);
}

const KEY_STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

/** @param {PhaseMap.Instance} instance @param {KeyboardEvent} event */
function onKey(instance, event) {
  const step = KEY_STEPS[event.key];
  if (!step || isCommand(event) || !instance.view) return;
  event.preventDefault();
  event.stopPropagation();
  movePoint(instance, nudged(instance.view, instance.point, step, event.shiftKey ? 5 : 1));
  instance.hover = null;
  clearTimeout(instance.timers.quiet);
  instance.timers.quiet = setTimeout(() => send(instance, true), QUIET);
}

/**
 * 1/100 of the log range, 1 per cent; never past 1 without stopping there.
 * @param {PhaseMap.View} view @param {PhaseMap.Place} point
 */
function nudged(view, point, [across, up], times) {
  const log = Math.log(point.temperature);
  let next = log + (across * times * (view.to - view.from)) / 100;
  if (across && log * next < 0 && Math.abs(log) > 1e-9) next = 0;
  next = Math.min(Math.max(view.to, log), Math.max(Math.min(view.from, log), next));
  const temperature = across ? Number(Math.exp(next).toPrecision(3)) : point.temperature;
  const share = Math.round(100 * point.external_fraction + up * times) / 100;
  return { temperature, external_fraction: up ? clamp(share, 0, 1) : point.external_fraction };
}
