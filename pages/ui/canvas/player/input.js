// Pointer, keyboard, buttons, and what other components say.

const KEY_ACTIONS = {
  " ": "play", ArrowLeft: "back", ArrowRight: "forward", Home: "reset", End: "last", l: "loop", f: "screen",
};
const REPEATED = ["back", "forward"]; // A key held down does these again and again.
// Where Space and the arrows already mean something else.
const BUSY = "input, textarea, select, button, summary, a[href], [contenteditable]:not([contenteditable=false]), "
  + ["slider", "button", "combobox", "listbox", "option", "tab", "radio", "menuitem", "switch", "spinbutton",
    "textbox", "dialog", "application"].map((role) => `[role=${role}]`).join(", ");
const TOUCH_SLACK = 6; // px
const TOUCH_TIP = 2500; // ms

const ACTIONS = {
  play: ({ playhead }) => togglePlay(playhead),
  reset: ({ playhead }) => rewind(playhead),
  back: ({ playhead }) => stepBy(playhead, -1),
  forward: ({ playhead }) => stepBy(playhead, 1),
  last: ({ playhead }) => goTo(playhead, lastFrame(playhead)),
  loop: ({ playhead }) => { playhead.loop = !playhead.loop; },
  screen: toggleFullScreen,
  inside: askInside,
  intervene: (player) => askPage(player, "intervene", { generation: changeAt(player.run, generationShown(player)) }),
};

function findControls(root) {
  const find = (selector) => root.querySelector(selector);
  const all = (selector) => [...root.querySelectorAll(selector)];
  return {
    stage: root.parentElement, remedy: root.parentElement.querySelector(".remedy"), headline: [...root.parentElement.querySelectorAll(".headline > *")],
    strip: find(".strip"), play: find(".play"), screen: find(".screen"), here: find(".here"), interventions: find(".interventions"), scrubber: find(".scrubber"),
    actions: all("[data-act]"), speeds: all("[data-speed]"), views: all("[data-view]"), saves: all("[data-save]"),
    menus: all(".menu"), terms: all(".term"), clockGroup: find(".clocks"),
  };
}

/** @param {Player.Instance} player */
function act(player, action) {
  if (player.run.isLocked && action !== "screen") return;
  ACTIONS[action](player);
  player.speakNow = true;
  writeControls(player);
  wake(player);
}

/** @param {Player.Instance} instance */
const generationShown = ({ run, playhead }) => run.frames[frameShown(playhead)];

/**
 * Ask the page to open up the generation shown; the start was not made by a model, so the first one stands in for it.
 * @param {Player.Instance} player
 */
function askInside(player) {
  askPage(player, "inside", { generation: Math.max(1, generationShown(player)) });
}

/** The state of the buttons: at every frame, and at once when one is pressed. @param {Player.Instance} player */
function writeControls(player) {
  const { parts, playhead, run } = player;
  const press = (button, state) => button.setAttribute("aria-pressed", String(state));
  writeHeadline(player);
  parts.play.classList.toggle("playing", playhead.playing);
  parts.play.setAttribute("aria-label", playhead.playing ? "Pause" : "Play");
  for (const button of parts.speeds) press(button, Number(button.dataset.speed) === playhead.speed);
  for (const button of parts.views) press(button, viewValue(player, button.dataset.view) === button.dataset.value);
  const full = isFullScreen(player) || document.fullscreenElement === document.documentElement;
  parts.screen.classList.toggle("full", full);
  parts.screen.setAttribute("aria-label", full ? "Leave full screen" : "Full screen");
  parts.screen.title = full ? "Leave full screen (Esc)" : "Full screen (F)";
  parts.screen.hidden = !document.fullscreenEnabled;
  const at = playhead.playing ? "this generation" : `generation ${grouped(generationShown(player))}`;
  const names = { inside: `look inside ${at}`, intervene: `change something at ${at}` };
  for (const button of parts.actions) {
    const { act: action } = button.dataset;
    if (action === "loop") press(button, playhead.loop);
    if (names[action]) button.setAttribute("aria-label", names[action]);
    if (action === "intervene") button.hidden = !canIntervene(run);
  }
  parts.here.hidden = Boolean(run.offline || run.isLocked);
  for (const control of [parts.play, parts.scrubber, ...parts.actions]) control.disabled = Boolean(run.isLocked);
  parts.clockGroup.hidden = !run.can_double;
}

/**
 * Room for the longest count, so that nothing moves while it grows; where the strip would break, it says less.
 * @param {Player.Instance} instance
 */
function fitStrip({ root, parts, run }) {
  const total = grouped(run.generations);
  setText(parts.total, total);
  parts.now.style.minWidth = `${total.length}ch`;
  root.classList.remove("tight");
  root.classList.toggle("tight", parts.strip.offsetHeight > 1.6 * parts.play.offsetHeight);
}

/**
 * What a key press asks of this player, or null. One listener serves the component and the page: it never fires twice.
 * @param {Player.Instance} player @param {KeyboardEvent} event
 */
function keyAction(player, event) {
  if (event.defaultPrevented || isCommand(event) || event.shiftKey) return null;
  const path = /** @type {Element[]} */ (event.composedPath());
  const action = KEY_ACTIONS[event.key] ?? null;
  if (path.includes(player.parts.stage)) return action === "play" && path[0].closest?.("button, summary") ? null : action;
  if (event.key === "Home" || event.key === "End") return null;
  return path[0].closest?.(BUSY) ? null : action;
}

/** @param {Player.Instance} player @param {KeyboardEvent} event */
function onKey(player, event) {
  const action = keyAction(player, event);
  if (!action) return;
  event.preventDefault();
  if (!event.repeat || REPEATED.includes(action)) act(player, action);
}

/** @param {Player.Instance} player @param {On} on */
function listen(player, on) {
  const { parts } = player;
  on(window, "keydown", (event) => onKey(player, event));
  // The frame around the whole player is for those who came by Tab, not for a click followed by a key.
  on(player.root, "pointerdown", () => player.root.classList.add("by-pointer"));
  on(player.root, "blur", () => player.root.classList.remove("by-pointer"));
  on(window, "closedloop:ask", () => tellPlayhead(player, true));
  on(window, "closedloop:dials", ({ detail }) => followDials(player, detail));
  on(window, "closedloop:scene", ({ detail }) => {
    if (player.playhead?.speed === INSTANT) player.playhead.speed = 1; // A scene is there to be seen playing.
    playScene(player, detail);
  });
  on(parts.play, "click", () => act(player, "play"));
  on(parts.screen, "click", () => act(player, "screen"));
  on(document, "fullscreenchange", () => relayout(player));
  on(window, "resize", () => { if (isFullScreen(player)) relayout(player); });
  for (const button of parts.actions) on(button, "click", () => act(player, button.dataset.act));
  for (const button of parts.speeds) on(button, "click", () => chooseSpeed(player, Number(button.dataset.speed)));
  for (const button of parts.views) on(button, "click", () => chooseView(player, button.dataset.view, button.dataset.value));
  for (const button of parts.saves) on(button, "click", () => saveView(player, button));
  listenToMenus(player, on);
  on(parts.scrubber, "input", () => {
    goTo(player.playhead, Number(parts.scrubber.value));
    player.speakNow = true;
    wake(player);
  });
  for (const type of ["focus", "blur"]) on(parts.scrubber, type, () => wake(player));
  listenToBars(player, on);
  listenToCurves(player, on);
  listenToInterventions(player, on);
}

/** @param {Player.Instance} player */
function chooseSpeed(player, speed) {
  setSpeed(player.playhead, speed);
  writeControls(player);
  wake(player);
}

/** @param {Player.Instance} player @param {HTMLButtonElement} button */
function saveView(player, button) {
  const menu = button.closest("details");
  if (menu) menu.open = false;
  if (button.dataset.save === "svg") savePlayerDrawing(player);
  else savePlayerPicture(player);
}

/**
 * A menu closes by Escape, which gives the focus back, and by a press anywhere else.
 * @param {Player.Instance} player @param {On} on
 */
function listenToMenus(player, on) {
  for (const menu of player.parts.menus) {
    on(menu, "keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      event.preventDefault();
      menu.open = false;
      menu.firstElementChild.focus();
    });
  }
  on(window, "pointerdown", (event) => {
    const path = event.composedPath();
    for (const menu of player.parts.menus) if (!path.includes(menu)) menu.open = false;
  });
}

/** @param {Player.Instance} player @param {On} on */
function listenToBars(player, on) {
  const canvas = player.parts.bars;
  const point = (event) => {
    clearTimeout(player.timers.tip);
    const { x, y } = pointerOn(canvas, event);
    const outcome = player.barsLayout?.outcomeAt(x, y);
    player.tip = outcome === undefined ? null : { outcome, x, y };
    wake(player);
  };
  on(canvas, "pointermove", point);
  on(canvas, "pointerdown", point);
  on(canvas, "pointerleave", (event) => {
    // A finger leaves at once: give it time to read.
    if (event.pointerType === "touch") player.timers.tip = setTimeout(() => clearTip(player), TOUCH_TIP);
    else clearTip(player);
  });
}

/** @param {Player.Instance} player */
function clearTip(player) {
  clearTimeout(player.timers.tip);
  player.tip = null;
  player.hover = null;
  wake(player);
}

/** The frame nearest to a place on the curves. @param {Player.Instance} player */
function frameUnder(player, x) {
  const { left, right } = player.curvesLayout;
  return Math.round(frameAt(player.playhead.axis, clamp((x - left) / (right - left), 0, 1)));
}

/**
 * Press or drag anywhere on the curves moves the playhead. A finger on the plots may also be scrolling the page:
 * there the playhead waits for a sideways move or a tap; on the scrubber it follows at once.
 * @param {Player.Instance} player @param {On} on
 */
function listenToCurves(player, on) {
  const canvas = player.parts.curves;
  let press = /** @type {{ x: number, waiting: boolean } | null} */ (null);
  const follow = (event) => {
    if (player.run.isLocked) return;
    goTo(player.playhead, frameUnder(player, pointerOn(canvas, event).x));
    player.speakNow = true;
    wake(player);
  };
  const release = (event, counts) => {
    if (!press) return;
    if (counts && press.waiting) follow(event);
    press = null;
    player.playhead.held = false;
    wake(player);
  };
  on(canvas, "pointerdown", (event) => {
    if (event.button !== 0 || !player.curvesLayout || isOnInterventions(player, event)) return;
    const onScrubber = pointerOn(canvas, event).y > player.curvesLayout.bottom;
    press = { x: event.clientX, waiting: event.pointerType === "touch" && !onScrubber };
    clearTip(player);
    if (press.waiting) return;
    canvas.setPointerCapture(event.pointerId);
    player.playhead.held = true;
    follow(event);
  });
  on(canvas, "pointermove", (event) => {
    if (press?.waiting && Math.abs(event.clientX - press.x) > TOUCH_SLACK) {
      press.waiting = false;
      player.playhead.held = true;
      canvas.setPointerCapture(event.pointerId);
    }
    if (press && !press.waiting) follow(event);
    else if (!press && event.pointerType !== "touch" && player.curvesLayout) hoverCurves(player, event);
    if (event.pointerType !== "touch") pointAtInterventions(player, press ? null : event);
  });
  on(canvas, "pointerup", (event) => release(event, true));
  on(canvas, "pointercancel", (event) => release(event, false));
  on(canvas, "lostpointercapture", (event) => release(event, false));
  on(canvas, "pointerleave", () => {
    if (!press) clearTip(player);
    pointAtInterventions(player, null);
  });
}

/** @param {Player.Instance} player @param {PointerEvent} event */
function hoverCurves(player, event) {
  const { left, right, bottom } = player.curvesLayout;
  const { x, y } = pointerOn(player.parts.curves, event);
  const inside = x >= left - 8 && x <= right + 8 && y < bottom + 4;
  const under = frameUnder(player, x);
  // What is hidden is not told by the tip either.
  const frame = aheadIsHidden(player) ? Math.min(under, frameShown(player.playhead)) : under;
  player.hover = inside ? frame : null;
  player.tip = inside ? { frame, x, y } : null;
  wake(player);
}
