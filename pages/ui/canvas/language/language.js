// Texts of a language model, generation by generation, on the player's clock. The rows are in rows.js, the curves in curves.js,
// the playhead in playhead.js.

const TEXT_KEYS = { " ": "play", ArrowLeft: "back", ArrowRight: "forward", Home: "reset", End: "last", l: "loop" };
const TEXT_REPEATED = ["back", "forward"];
const TEXT_BUSY = "input, textarea, select, button, summary, a[href], [contenteditable]:not([contenteditable=false]), "
  + ["slider", "button", "combobox", "listbox", "option", "tab", "radio", "menuitem", "switch", "spinbutton", "textbox", "dialog"]
    .map((role) => `[role=${role}]`).join(", ");
const LONGEST_TEXT_STEP = 0.1; // s

/** @type {Record<string, (instance: Language.Instance) => void>} */
const TEXT_ACTIONS = {
  play: ({ playhead }) => togglePlay(playhead),
  reset: ({ playhead }) => rewind(playhead),
  back: ({ playhead }) => stepBy(playhead, -1),
  forward: ({ playhead }) => stepBy(playhead, 1),
  last: ({ playhead }) => goTo(playhead, lastFrame(playhead)),
  loop: ({ playhead }) => { playhead.loop = !playhead.loop; },
  leave: leaveIntro,
  stop: (instance) => {
    instance.stopping = true;
    instance.setTriggerValue("stop", instance.run.header.state === "stopped" ? "go on" : "stop");
  },
};

/** @param {HTMLElement} root */
function makeLanguage(root) {
  const find = (selector) => root.querySelector(selector);
  const parts = {
    note: find(".note"), rows: find(".rows"), beside: find(".beside"), curves: find(".curves canvas"), scrubber: find(".scrubber"),
    play: find(".play"), now: find(".count b"), total: find(".total"), progress: find(".progress"), written: find(".written"),
    stop: find(".stop"), intro: find(".intro"), columns: find(".columns"), save: find(".save"), actions: [...root.querySelectorAll("[data-act]")],
  };
  return { parts, run: null, playhead: null, layout: null, lastTime: null, spokenAt: -Infinity, told: "", rowKeys: [], stopping: false, hasLeft: false, timers: { speak: 0, intro: 0 } };
}

/** @param {Language.Instance} instance @param {Language.Header} header */
function receiveTexts(instance, header) {
  /** @type {Language.Run} */
  const run = {
    header, run: header.run, count: Math.max(1, header.says.length), restart: header.restart, can_double: false,
    frames: Float64Array.from({ length: header.generations + 1 }, (_, frame) => frame),
  };
  instance.stopping = false;
  if (!instance.run) instance.playhead = makePlayhead(run, "generations", reducedMotion());
  else adoptRun(instance.playhead, run);
  instance.run = run;
}

/** @param {Language.Instance} instance */
function showTexts(instance) {
  const { root, run, parts } = instance;
  const { header } = run;
  root.dataset.mode = sizeName(header.mode, root.clientWidth);
  root.classList.toggle("live", header.live);
  instance.layout = null;
  instance.rowKeys.length = 0;
  instance.told = "";
  const both = header.kept ? `A (left): ${header.kept.words}. B: ${header.words}` : "same beginning, same luck, every generation";
  setText(parts.note, header.live ? "follows the dial" : both);
  parts.scrubber.max = String(header.generations);
  showIntro(instance);
  drawTexts(instance);
  wake(instance);
}

/** @param {Language.Instance} instance */
function drawTexts(instance) {
  const { root, parts, run } = instance;
  if (!run || root.clientWidth === 0) return;
  const mode = sizeName(run.header.mode, root.clientWidth);
  if (root.dataset.mode !== mode) {
    root.dataset.mode = mode;
    instance.layout = null;
    instance.rowKeys.length = 0;
  }
  writeRows(instance);
  instance.layout ??= layoutCurves(instance);
  const { layout } = instance;
  const context = sharpen(parts.curves, layout.width, layout.height);
  context.clearRect(0, 0, layout.width, layout.height);
  if (run.header.says.length) drawCurves(instance, context, layout);
  Object.assign(parts.scrubber.style, { left: `${layout.left}px`, width: `${layout.right - layout.left}px`, top: `${layout.trackY - 22}px` });
  writeStrip(instance);
  tellMoment(instance);
}

/** @param {Language.Instance} instance */
function writeStrip(instance) {
  const { parts, run, playhead } = instance;
  const { header } = run;
  const shown = frameShown(playhead);
  if (Number(parts.scrubber.value) !== shown) parts.scrubber.value = String(shown);
  parts.play.classList.toggle("playing", playhead.playing);
  parts.play.setAttribute("aria-label", playhead.playing ? "Pause" : "Play");
  setText(parts.now, String(shown));
  setText(parts.total, String(header.generations));
  setText(parts.beside, header.live ? "" : header.beside[shown] ?? "");
  parts.progress.hidden = header.state === "done" || Boolean(header.offline);
  const written = `${run.header.says.length} of ${header.generations + 1} generations written`;
  setText(parts.written, header.refusal || (instance.stopping ? "one moment …" : written));
  setText(parts.stop, header.state === "stopped" ? "Go on" : "Stop");
  parts.stop.hidden = Boolean(header.refusal);
}

/** Tell verdict and readers where the playhead is. @param {Language.Instance} instance */
function tellMoment(instance, always = false) {
  const { run, playhead, parts } = instance;
  if (!run) return;
  const { header } = run;
  const generation = frameShown(playhead);
  const key = `${header.run} ${generation} ${header.says.length}`;
  if (!always && key === instance.told) return;
  instance.told = key;
  const moment = header.moments[generation];
  const detail = { generation, phase: moment?.phase, effective: header.says[generation], distance: header.distance[generation], moment };
  if (moment) window.dispatchEvent(new CustomEvent("closedloop:playhead", { detail }));
  if (!maySpeak(instance, () => { instance.told = ""; wake(instance); })) return;
  const text = `generation ${generation} of ${header.generations}, ${moment ? `${moment.word}, ${effectiveText(header.says[generation])} next ${header.unit}s` : ""}`;
  parts.scrubber.setAttribute("aria-valuetext", text);
  parts.curves.setAttribute("aria-label", curvesWords(header, generation));
}

/** @param {Language.Header} header */
function curvesWords(header, generation) {
  const said = (at) => {
    const knows = header.knows[at];
    const next = header.says[at] === undefined ? "" : `${effectiveText(header.says[at])} next ${header.unit}s`;
    return `${next}${knows ? `, surprise ${effectiveText(knows)}` : ""}`;
  };
  return `Next ${header.unit}s to choose from and surprise at unread text over ${header.generations} generations. `
    + `At first ${said(0)}; generation ${generation}: ${said(generation)}; at the end so far: ${said(header.says.length - 1)}.`;
}

/** @param {Language.Instance} instance */
function tickTexts(instance, now) {
  const seconds = instance.lastTime === null ? 0 : clamp((now - instance.lastTime) / 1000, 0, LONGEST_TEXT_STEP);
  advance(instance.playhead, seconds);
  drawTexts(instance);
  const goesOn = isMoving(instance.playhead);
  instance.lastTime = goesOn ? now : null;
  return goesOn;
}

/** @param {Language.Instance} instance */
function actOnTexts(instance, action) {
  if (action !== "leave") leaveIntro(instance);
  TEXT_ACTIONS[action](instance);
  wake(instance);
}

/** @param {Language.Instance} instance @param {KeyboardEvent} event */
function onTextKey(instance, event) {
  if (event.defaultPrevented || isCommand(event) || event.shiftKey) return;
  const action = TEXT_KEYS[event.key];
  const path = /** @type {Element[]} */ (event.composedPath());
  const isInside = path.includes(instance.root);
  if (!action || (!isInside && ["Home", "End"].includes(event.key))) return;
  const isBusy = isInside ? action === "play" && path[0].closest?.("button") : path[0].closest?.(TEXT_BUSY);
  if (isBusy) return;
  event.preventDefault();
  if (!event.repeat || TEXT_REPEATED.includes(action)) actOnTexts(instance, action);
}

/** @param {Language.Instance} instance @param {On} on */
function listenToTexts(instance, on) {
  const { parts, root } = instance;
  on(window, "keydown", (event) => onTextKey(instance, event));
  on(root, "pointerdown", () => root.classList.add("by-pointer"));
  on(root, "blur", () => root.classList.remove("by-pointer"));
  on(window, "closedloop:dials", () => leaveIntro(instance));
  on(window, "closedloop:ask", () => tellMoment(instance, true));
  for (const button of parts.actions) on(button, "click", () => actOnTexts(instance, button.dataset.act));
  on(parts.save, "click", () => saveTexts(instance));
  on(parts.scrubber, "input", () => moveTo(instance, Number(parts.scrubber.value)));
  for (const type of ["focus", "blur"]) on(parts.scrubber, type, () => wake(instance));
  on(parts.curves, "pointerdown", (event) => {
    if (event.button !== 0 || !instance.layout) return;
    if (event.pointerType !== "touch") parts.curves.setPointerCapture(event.pointerId);
    moveTo(instance, frameUnderPointer(instance, event));
  });
  on(parts.curves, "pointermove", (event) => {
    if (event.buttons & 1 && event.pointerType !== "touch") moveTo(instance, frameUnderPointer(instance, event));
  });
  on(parts.rows, "click", (event) => {
    const row = [...parts.rows.children].findIndex((element) => element.contains(event.target));
    if (row >= 0) moveTo(instance, rowGenerations(instance)[row]);
  });
}

/** @param {Language.Instance} instance */
function frameUnderPointer({ layout, playhead, parts }, event) {
  if (!layout) return 0;
  const { x } = pointerOn(parts.curves, event);
  return Math.round(frameAt(playhead.axis, clamp((x - layout.left) / (layout.right - layout.left), 0, 1)));
}

/** @param {Language.Instance} instance */
function moveTo(instance, frame) {
  goTo(instance.playhead, frame);
  wake(instance);
}

/** @param {Language.Instance} instance */
function relayoutTexts(instance) {
  instance.layout = null;
  instance.rowKeys.length = 0;
  wake(instance);
}

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, {
    fits: true, make: makeLanguage, receive: receiveTexts, connect: listenToTexts, show: showTexts, frame: tickTexts, refresh: relayoutTexts,
  });
}
