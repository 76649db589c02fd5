// Buttons, keys and pointer.

// PageDown and PageUp, which a presentation clicker sends, go from scene to scene, here too.
const KEYS = { ArrowRight: "next", " ": "next", ArrowLeft: "back", Escape: "close" };

/** @param {Inside.Instance} inside */
function actInside(inside, action) {
  const { step, stage } = inside;
  if (!step) return;
  if (action === "next" && stage < STAGES) {
    showStage(inside, stage + 1, true);
    follow(inside);
  } else if (action === "next" || action === "later") askFor(inside, 1);
  else if (action === "earlier") askFor(inside, -1);
  else if (action === "back") showStage(inside, Math.max(1, stage - 1), false);
  else if (action === "all") showStage(inside, STAGES, false);
  else if (action === "close") inside.setTriggerValue("closed", true);
}

/** Ask the server for another generation; quick presses add up. @param {Inside.Instance} inside */
function askFor(inside, change) {
  const { step } = inside;
  const wanted = clamp((inside.wanted ?? step.generation) + change, 1, step.generations);
  if (wanted === (inside.wanted ?? step.generation)) return;
  inside.wanted = wanted;
  inside.setTriggerValue("generation", wanted);
}

/** @param {Inside.Instance} inside @param {KeyboardEvent} event */
function onInsideKey(inside, event) {
  if (isCommand(event) || event.shiftKey) return;
  const action = KEYS[event.key];
  const pressesButton = event.key === " " && /** @type {Element} */ (event.composedPath()[0]).closest("button");
  if (!action || pressesButton) return;
  // The player listens to the same keys on the whole page.
  event.preventDefault();
  event.stopPropagation();
  if (!event.repeat) actInside(inside, action);
}

/** @param {Inside.Instance} inside @param {On} on */
function listenInside(inside, on) {
  const { root, parts, panels } = inside;
  for (const action of ["next", "back", "all", "earlier", "later", "close"]) on(parts[action], "click", () => actInside(inside, action));
  on(root, "keydown", (event) => onInsideKey(inside, event));
  // The frame around everything is for those who came by Tab, not for a click followed by a key.
  on(root, "pointerdown", () => root.classList.add("by-pointer"));
  on(root, "blur", () => root.classList.remove("by-pointer"));
  for (const { canvas } of panels) {
    const point = (event) => pointAt(inside, Math.floor(pointerOn(canvas, event).x / inside.view.slot));
    on(canvas, "pointermove", point);
    on(canvas, "pointerdown", point);
    on(canvas, "pointerleave", () => pointAt(inside, null));
  }
}

/** Tell another outcome's numbers, in all panels at once. @param {Inside.Instance} inside */
function pointAt(inside, outcome) {
  const pointed = outcome === null ? null : clamp(outcome, 0, inside.step.count - 1);
  if (pointed === inside.pointed) return;
  inside.pointed = pointed;
  wake(inside);
}
