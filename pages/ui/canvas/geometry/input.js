// Pointer and keyboard: read the triangle, drop starts, clear them.

const CURSOR_STEP = 0.02;
const PENDING_FOR = 6000; // ms until a start that nobody answers is taken away
// Left and right move between A and B, up towards C.
const CURSOR_MOVES = {
  ArrowLeft: [1, -1, 0], ArrowRight: [-1, 1, 0], ArrowUp: [-0.5, -0.5, 1], ArrowDown: [0.5, 0.5, -1],
};

/** @param {Geometry.Instance} triangle @param {On} on */
function listen(triangle, on) {
  const { parts } = triangle;
  on(parts.canvas, "pointermove", (event) => onPoint(triangle, event));
  on(parts.canvas, "pointerleave", () => setHover(triangle, null));
  on(parts.canvas, "click", (event) => onClick(triangle, event));
  on(parts.stage, "pointerdown", () => parts.stage.classList.add("by-pointer"));
  on(parts.stage, "keydown", (event) => onKey(triangle, event));
  on(parts.stage, "blur", () => {
    parts.stage.classList.remove("by-pointer");
    setCursor(triangle, null);
  });
  on(parts.clear, "click", () => clearStarts(triangle));
  on(parts.save, "click", () => saveTriangle(triangle));
  listenToClock(triangle.clock, parts, on);
  tellClock(triangle.clock, "hello");
  resumeClock(triangle.clock);
}

/** @param {Geometry.Instance} triangle @param {Geometry.Mix | null} p */
function setHover(triangle, p) {
  if (!p && !triangle.hover) return;
  triangle.hover = p;
  triangle.parts.stage.classList.toggle("over", p !== null);
  wake(triangle);
}

/** @param {Geometry.Instance} triangle @param {PointerEvent} event */
function onPoint(triangle, event) {
  const { view } = triangle;
  if (!view || event.pointerType === "touch") return;
  const { x, y } = pointerOn(triangle.parts.canvas, event);
  setHover(triangle, isInside(view, x, y, 4) ? insideMix(view.mix(x, y)) : null);
}

/** @param {Geometry.Instance} triangle @param {MouseEvent} event */
function onClick(triangle, event) {
  const { view } = triangle;
  const { x, y } = pointerOn(triangle.parts.canvas, event);
  if (view && isInside(view, x, y, 6)) drop(triangle, insideMix(view.mix(x, y)));
}

/** Show the start at once; its path comes with the next data. @param {Geometry.Instance} triangle @param {Geometry.Mix} p */
function drop(triangle, p) {
  const rounded = p.map((share) => Math.round(1e5 * share) / 1e5);
  triangle.pending.push(rounded);
  clearTimeout(triangle.timers.pending);
  triangle.timers.pending = setTimeout(() => {
    triangle.pending = [];
    wake(triangle);
  }, PENDING_FOR);
  triangle.setTriggerValue("started", { p: rounded });
  triangle.parts.clear.disabled = false;
  speak(triangle, `Start dropped. ${readoutLines(triangle, p).join(". ")}.`);
  wake(triangle);
}

/** @param {Geometry.Instance} triangle */
function clearStarts(triangle) {
  triangle.pending = [];
  triangle.cleared = true;
  triangle.setTriggerValue("cleared", true);
  refresh(triangle);
}

/** @param {Geometry.Instance} triangle @param {Geometry.Mix | null} p */
function setCursor(triangle, p) {
  if (!p && !triangle.cursor) return;
  triangle.cursor = p;
  wake(triangle);
}

/** @param {Geometry.Instance} triangle @param {KeyboardEvent} event */
function onKey(triangle, event) {
  if (isCommand(event) || !triangle.view) return;
  const move = CURSOR_MOVES[event.key];
  const isDrop = event.key === "Enter";
  if (event.key === "Escape") setCursor(triangle, null);
  if (!move && !isDrop) return;
  event.preventDefault();
  event.stopPropagation();
  if (isDrop && triangle.cursor) {
    drop(triangle, triangle.cursor);
    return;
  }
  const step = CURSOR_STEP * (event.shiftKey ? 5 : 1);
  const from = triangle.cursor ?? triangle.header.source;
  triangle.hover = null;
  // Enter without a cursor brings it up, at the source.
  const cursor = insideMix(from.map((share, i) => share + step * (move?.[i] ?? 0)));
  setCursor(triangle, cursor);
  speak(triangle, `${readoutLines(triangle, cursor).join(". ")}.`);
}
