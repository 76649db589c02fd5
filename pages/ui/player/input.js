// Pointer, keyboard and buttons. Everything is attached with one AbortSignal, so cleaning up is one call.

const KEY_ACTIONS = { " ": "play", ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last" };
// Where Space and the arrows already mean something else.
const BUSY = "input, textarea, select, button, summary, a[href], [contenteditable]:not([contenteditable=false]), "
  + ["slider", "button", "combobox", "listbox", "option", "tab", "radio", "menuitem", "switch", "spinbutton",
    "textbox", "dialog", "application"].map((role) => `[role=${role}]`).join(", ");
const TOUCH_SLACK = 6; // px
const TOUCH_TIP = 2500; // ms

function act(player, action) {
  const { head } = player;
  if (action === "play") togglePlay(head);
  if (action === "back") stepBy(head, -1);
  if (action === "forward") stepBy(head, 1);
  if (action === "first") goTo(head, 0);
  if (action === "last") goTo(head, lastFrame(head));
  player.speakNow = true;
  writeControls(player);
  wake(player);
}

/** What a key press asks of this player, or null. One listener serves the component and the page: it never fires twice. */
function keyAction(player, event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return null;
  const path = event.composedPath();
  const action = KEY_ACTIONS[event.key] ?? null;
  const inside = path.includes(player.root);
  if (inside) return action === "play" && path[0].closest?.("button") ? null : action;
  if (action === "first" || action === "last") return null;
  return path[0].closest?.(BUSY) ? null : action;
}

function onKey(player, event) {
  const action = keyAction(player, event);
  if (!action) return;
  event.preventDefault();
  if (!(event.repeat && action === "play")) act(player, action);
}

function listen(player, signal) {
  const { parts } = player;
  const on = (target, type, handler) => target.addEventListener(type, handler, { signal });
  on(window, "keydown", (event) => onKey(player, event));
  // The frame around the whole player is for those who came by Tab, not for a click followed by a key.
  on(player.root, "pointerdown", () => player.root.classList.add("by-pointer"));
  on(player.root, "blur", () => player.root.classList.remove("by-pointer"));
  on(window, "closedloop:ask", () => tellPlayhead(player, true));
  on(document.fonts, "loadingdone", () => relayout(player));
  for (const action of ["play", "back", "forward"]) on(parts[action], "click", () => act(player, action));
  on(parts.save, "click", () => savePlayerPicture(player));
  for (const button of parts.speeds) on(button, "click", () => chooseSpeed(player, Number(button.dataset.speed)));
  for (const button of parts.views) on(button, "click", () => chooseView(player, button.dataset.view, button.dataset.value));
  on(parts.scrubber, "input", () => {
    goTo(player.head, Number(parts.scrubber.value));
    player.speakNow = true;
    wake(player);
  });
  for (const type of ["focus", "blur"]) on(parts.scrubber, type, () => wake(player));
  listenToBars(player, on);
  listenToCurves(player, on);
}

function chooseSpeed(player, speed) {
  player.head.speed = speed;
  writeControls(player);
}

function listenToBars(player, on) {
  const canvas = player.parts.bars;
  const point = (event) => {
    clearTimeout(player.tipTimer);
    const outcome = player.barsLayout?.outcomeAt(event.offsetX);
    player.tip = outcome === undefined ? null : { outcome, x: event.offsetX };
    wake(player);
  };
  on(canvas, "pointermove", point);
  on(canvas, "pointerdown", point);
  on(canvas, "pointerleave", (event) => {
    // A finger leaves at once: give it time to read.
    if (event.pointerType === "touch") player.tipTimer = setTimeout(() => clearTip(player), TOUCH_TIP);
    else clearTip(player);
  });
}

function clearTip(player) {
  clearTimeout(player.tipTimer);
  player.tip = null;
  player.hover = null;
  wake(player);
}

/** The frame nearest to a place on the curves. */
function frameUnder(player, x) {
  const { left, right } = player.curvesLayout;
  return Math.round(frameAt(player.head.axis, clamp((x - left) / (right - left), 0, 1)));
}

/**
 * Press or drag anywhere on the curves moves the playhead. A finger on the plots may also be scrolling the page:
 * there the playhead waits for a sideways move or a tap; on the scrubber it follows at once.
 */
function listenToCurves(player, on) {
  const canvas = player.parts.curves;
  let press = null;
  const follow = (event) => {
    goTo(player.head, frameUnder(player, event.offsetX));
    player.speakNow = true;
    wake(player);
  };
  const release = (event, counts) => {
    if (!press) return;
    if (counts && press.waiting) follow(event);
    press = null;
    player.head.held = false;
    wake(player);
  };
  on(canvas, "pointerdown", (event) => {
    if (event.button !== 0 || !player.curvesLayout) return;
    const onScrubber = event.offsetY > player.curvesLayout.bottom;
    press = { x: event.clientX, waiting: event.pointerType === "touch" && !onScrubber };
    clearTip(player);
    if (press.waiting) return;
    canvas.setPointerCapture(event.pointerId);
    player.head.held = true;
    follow(event);
  });
  on(canvas, "pointermove", (event) => {
    if (press?.waiting && Math.abs(event.clientX - press.x) > TOUCH_SLACK) {
      press.waiting = false;
      player.head.held = true;
      canvas.setPointerCapture(event.pointerId);
    }
    if (press && !press.waiting) follow(event);
    else if (!press && event.pointerType !== "touch" && player.curvesLayout) hoverCurves(player, event);
  });
  on(canvas, "pointerup", (event) => release(event, true));
  on(canvas, "pointercancel", (event) => release(event, false));
  on(canvas, "lostpointercapture", (event) => release(event, false));
  on(canvas, "pointerleave", () => { if (!press) clearTip(player); });
}

function hoverCurves(player, event) {
  const { left, right, bottom } = player.curvesLayout;
  const inside = event.offsetX >= left - 8 && event.offsetX <= right + 8 && event.offsetY < bottom + 4;
  player.hover = inside ? frameUnder(player, event.offsetX) : null;
  player.tip = inside ? { frame: player.hover, x: event.offsetX, y: event.offsetY } : null;
  wake(player);
}
