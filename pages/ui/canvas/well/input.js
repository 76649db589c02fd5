// The ball: drag it, press elsewhere, or move it with the keys; then it rolls.

const START_STEP = 0.01;
const REACH = 30; // px around the ball that count as the ball
const KEY_QUIET = 300; // ms
const TRUST_OWN = 4000; // ms until an unanswered start gives way to the server's
const START_KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

const roundedStart = (x) => Math.round(clamp(x, 0.01, 0.99) * 200) / 200;
/** Where the ball starts: what the visitor has just set, else what the server says. @param {Well.Instance} instance */
const startShown = ({ drag, sent, header }) => drag ?? sent ?? header.start;

/** @param {Well.Instance} well @param {On} on */
function listen(well, on) {
  const { parts } = well;
  on(parts.canvas, "pointerdown", (event) => onDown(well, event));
  on(parts.canvas, "pointermove", (event) => onMove(well, event));
  on(parts.canvas, "pointerup", (event) => onUp(well, event));
  on(parts.canvas, "pointercancel", () => endDrag(well, false));
  // A finger on the ball drags it; elsewhere it may be scrolling the page.
  on(parts.canvas, "touchstart", (event) => {
    const { x, y } = pointerOn(parts.canvas, event.touches[0]);
    if (event.touches.length === 1 && isNearBall(well, x, y)) event.preventDefault();
  }, { passive: false });
  on(parts.stage, "pointerdown", () => parts.stage.classList.add("by-pointer"));
  on(parts.stage, "blur", () => parts.stage.classList.remove("by-pointer"));
  on(parts.stage, "keydown", (event) => onKey(well, event));
  on(parts.save, "click", () => saveWell(well));
  listenToClock(well.clock, parts, on);
  tellClock(well.clock, "hello");
  resumeClock(well.clock);
}

/** @param {Well.Instance} instance */
const isNearBall = ({ place }, x, y) => place !== null && Math.hypot(x - place[0], y - place[1]) < REACH;

/** @param {Well.Instance} well @param {PointerEvent} event */
function onDown(well, event) {
  const { x, y } = pointerOn(well.parts.canvas, event);
  if (event.button !== 0 || !well.view || y > well.view.axis + 8) return;
  well.press = { x, y };
  if (isNearBall(well, x, y)) startDrag(well, event);
}

/** @param {Well.Instance} well @param {PointerEvent} event */
function startDrag(well, event) {
  well.parts.canvas.setPointerCapture(event.pointerId);
  well.parts.stage.classList.add("dragging");
  // Picked up where it is, not where the finger is: the ball must not jump.
  well.grip = well.shown - well.view.share(pointerOn(well.parts.canvas, event).x);
  if (clockRuns(well.clock)) setClock(well.clock, well.clock.position, false);
  moveDrag(well, well.shown);
}

/** @param {Well.Instance} well */
function moveDrag(well, x) {
  well.drag = roundedStart(x);
  showStart(well);
  wake(well);
}

/** @param {Well.Instance} well @param {PointerEvent} event */
function onMove(well, event) {
  const { x, y } = pointerOn(well.parts.canvas, event);
  if (well.drag !== null && well.press) {
    // A button let go outside the window never tells: end the drag at the next move.
    if (event.buttons === 0) endDrag(well, true);
    else moveDrag(well, well.view.share(x) + well.grip);
  } else well.parts.stage.classList.toggle("grab", isNearBall(well, x, y));
}

/** @param {Well.Instance} well @param {PointerEvent} event */
function onUp(well, event) {
  const { press } = well;
  if (!press) return;
  const { x, y } = pointerOn(well.parts.canvas, event);
  const isTap = Math.hypot(x - press.x, y - press.y) < 6;
  if (well.drag !== null && !isTap) endDrag(well, true);
  else if (isTap && !isNearBall(well, press.x, press.y)) {
    well.drag = roundedStart(well.view.share(x));
    endDrag(well, true);
  } else endDrag(well, false);
}

/** @param {Well.Instance} well */
function endDrag(well, counts) {
  const x = well.drag;
  well.press = well.drag = null;
  well.parts.stage.classList.remove("dragging");
  if (counts && x !== null) dropBall(well, x);
  showStart(well);
  wake(well);
}

/** The ball waits at its new start; when the server's run for it is there, it rolls. @param {Well.Instance} well */
function dropBall(well, x) {
  well.sent = x;
  clearTimeout(well.timers.trust);
  well.timers.trust = setTimeout(() => {
    well.sent = null;
    wake(well);
  }, TRUST_OWN);
  well.setTriggerValue("dropped", { x });
}

/** @param {Well.Instance} well @param {KeyboardEvent} event */
function onKey(well, event) {
  const steps = START_KEYS[event.key];
  const isEnd = event.key === "Home" || event.key === "End";
  if ((!steps && !isEnd) || isCommand(event) || !well.view) return;
  event.preventDefault();
  event.stopPropagation();
  const next = isEnd ? (event.key === "Home" ? 0.01 : 0.99) : startShown(well) + START_STEP * steps * (event.shiftKey ? 5 : 1);
  well.press = null;
  if (clockRuns(well.clock)) setClock(well.clock, well.clock.position, false);
  moveDrag(well, next);
  clearTimeout(well.timers.keys);
  well.timers.keys = setTimeout(() => endDrag(well, true), KEY_QUIET);
}
