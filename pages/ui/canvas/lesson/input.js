// Buttons, clicker, keys, swipes, and the speaker's window.

const CLICKER = { PageDown: 1, PageUp: -1 };
const NEXT_ANSWER = [".", "b", "B"]; // what the third button of presenters sends
const TYPED = "textarea, input:not([type=range], [type=radio]), select, [contenteditable]:not([contenteditable=false])";
// A finger that moves sideways here means something else.
const DRAGGED = "canvas, input, select, textarea, [role=slider], [role=application], table, pre, code";
const SWIPE = 60; // px

/** @param {Lesson.Instance} lesson @param {KeyboardEvent} event */
function onKey(lesson, event) {
  const { header } = lesson;
  if (event.defaultPrevented || isCommand(event)) return;
  const path = /** @type {Partial<Element>[]} */ (event.composedPath());
  const isTyped = path.some((element) => element.matches?.(TYPED));
  const by = CLICKER[event.key];
  if (by && !path.some((element) => element.matches?.("textarea"))) {
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) turn(lesson, by);
    return;
  }
  if (isTyped || !header.isOpen || !header.question) return;
  const at = Number(event.key) - 1;
  if (NEXT_ANSWER.includes(event.key)) chooseNext(lesson);
  else if (answeredBy(header.question) === "options" && at >= 0 && at < header.question.options.length) choose(lesson, at);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** @param {Lesson.Instance} lesson @param {TouchEvent} event */
function onTouchStart(lesson, event) {
  const path = /** @type {Partial<Element>[]} */ (event.composedPath());
  const isFree = event.touches.length === 1 && !path.some((element) => element.matches?.(DRAGGED));
  lesson.touch = isFree ? { x: event.touches[0].clientX, y: event.touches[0].clientY } : null;
}

/** @param {Lesson.Instance} lesson @param {TouchEvent} event */
function onTouchEnd(lesson, event) {
  const { touch } = lesson;
  lesson.touch = null;
  if (!touch) return;
  const [x, y] = [event.changedTouches[0].clientX - touch.x, event.changedTouches[0].clientY - touch.y];
  if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) turn(lesson, x < 0 ? 1 : -1);
}

/** @param {Lesson.Instance} lesson @param {On} on */
function listenToCurve(lesson, on) {
  const canvas = lesson.parts.draw;
  let before = /** @type {{ at: number, value: number } | null} */ (null);
  const follow = (event) => {
    if (lesson.header.question) before = drawTo(lesson, lesson.header.question, pointerOn(canvas, event), before);
  };
  on(canvas, "pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    before = null;
    follow(event);
  });
  on(canvas, "pointermove", (event) => { if (before) follow(event); });
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) on(canvas, type, () => { before = null; });
  on(canvas, "keydown", (event) => { if (lesson.header.question) onDrawKey(lesson, lesson.header.question, event); });
  for (const type of ["focus", "blur"]) on(canvas, type, () => { if (lesson.header.question) drawGuess(lesson, lesson.header.question); });
}

/** The speaker's window asks where we are, or turns a step from there. @param {Lesson.Instance} lesson */
function hearSpeaker(lesson, { hello, by, lesson: name }) {
  if (name !== lesson.header.lesson) return;
  if (hello) lesson.line?.say(whereOf(lesson));
  if (by === 1 || by === -1) turn(lesson, by);
}

/** @param {Lesson.Instance} lesson @param {On} on */
function listen(lesson, on) {
  const { parts } = lesson;
  lesson.line = openLine((message) => hearSpeaker(lesson, message));
  lesson.line.say(whereOf(lesson));
  on(window, "keydown", (event) => onKey(lesson, event), { capture: true }); // Before what has the focus hears it.
  on(window, "touchstart", (event) => onTouchStart(lesson, event), { passive: true });
  on(window, "touchend", (event) => onTouchEnd(lesson, event), { passive: true });
  on(parts.back, "click", () => turn(lesson, -1));
  on(parts.on, "click", () => turn(lesson, 1));
  for (const name of ["restore", "again", "leave"]) on(parts[name], "click", () => ask(lesson, name, true));
  on(parts.question, "submit", (event) => {
    event.preventDefault();
    reveal(lesson);
  });
  on(parts.range, "input", () => choose(lesson, Number(parts.range.value)));
  listenToCurve(lesson, on);
}
