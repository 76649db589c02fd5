// The player: bars, two curves, one clock. This file holds the instance and its frame loop; the drawing is in
// bars.js, profile.js, pair.js, legend.js, curves.js, scrubber.js and interventions.js, the playhead in playhead.js, pointers
// and keys in input.js, words in words.js.

const FADE_MS = 150;
const FIRST_STEP_MS = 30; // Into the fade at its first frame: what the hand does shows at once.
const LONGEST_STEP = 0.1; // s: after a stall or a hidden tab the playhead goes on, it does not leap.

function makePlayer(root) {
  const find = (selector) => root.querySelector(selector);
  const parts = {
    title: find(".title"), sample: find(".sample"), bars: find(".bars canvas"), curves: find(".curves canvas"),
    flag: find(".flag"), now: find(".count b"), total: find(".count .total"), tip: find(".tip"), ...findControls(root),
  };
  return {
    parts, run: null, playhead: null, tip: null, hover: null, fade: null,
    scale: "linear", entropy: "effective", futureShown: "shown", // How probabilities and the diversity are measured out.
    interventions: makeInterventions(), asked: 0, ahead: null, scene: null,
    lastTime: null, spokenAt: -Infinity, timers: { speak: 0, tip: 0 },
  };
}

/** @param {Player.Instance} player @param {Player.Header} data */
function receive(player, data) {
  const run = caughtUp(player, makeRun(data));
  const before = player.run;
  for (const name of ["axis", "entropy", "ahead"]) if (data[name] && data[name] !== before?.[name]) setView(player, name, data[name]);
  if (!before) player.playhead = makePlayhead(run, data.clock ?? "generations", reducedMotion());
  else {
    if (run.run !== before.run && run.n === before.n && !player.playhead.calm) beginFade(player);
    if (data.clock && data.clock !== before.clock) player.playhead.clock = data.clock;
    adoptRun(player.playhead, run);
  }
  player.run = run;
  // What a screen reader was told of another run goes at once.
  if (run.isLocked) {
    Object.assign(player.playhead, { position: 0, goal: null, playing: false });
    player.speakNow = true;
  }
  if (player.law?.length !== run.n) {
    player.law = new Float32Array(run.n);
    player.twinBuffer = new Float32Array(run.n);
  }
  player.keptLaw = run.kept ? new Float32Array(run.kept.n) : null;
  player.keptTwin = run.kept?.twin ? new Float32Array(run.kept.n) : null;
  player.speakNow ||= !before;
}

/**
 * The choice of a view now: "clock", "axis" (of the probabilities), "entropy", or whether what lies "ahead" is shown.
 * @param {Player.Instance} player
 */
function viewValue(player, name) {
  return { clock: player.playhead.clock, axis: player.scale, entropy: player.entropy, ahead: player.futureShown }[name];
}

/** Whether what lies ahead is hidden: by choice, or until a question is answered. @param {Player.Instance} instance */
const aheadIsHidden = ({ run, futureShown }) => futureShown === "hidden" || Boolean(run.isLocked);

/** @param {Player.Instance} player */
function setView(player, name, value) {
  if (name === "clock") setClock(player.playhead, value);
  if (name === "axis") player.scale = value;
  if (name === "entropy") player.entropy = value;
  if (name === "ahead") player.futureShown = value;
}

/** Take the visitor's choice of a view: it shows at once, and the page keeps it for the link. @param {Player.Instance} player */
function chooseView(player, name, value) {
  if (viewValue(player, name) === value) return;
  setView(player, name, value);
  player.setTriggerValue("view", { [name]: value });
  player.speakNow = true;
  writeControls(player);
  relayout(player);
}

/** Keep what is on screen, so that the bars of the next run grow out of it. @param {Player.Instance} player */
function beginFade(player) {
  if (!player.top) return;
  player.fade = { law: player.law.slice(), twin: player.twinLaw?.slice() ?? null, top: player.top, low: player.low, started: null };
}

/**
 * The laws to draw now: between two frames, and while a new run fades in, between two runs.
 * @param {Player.Instance} player
 * @param {number} now
 */
function updateShown(player, now) {
  const { run, playhead, law, fade } = player;
  lawAt(run.probabilities, run.n, run.count, playhead.position, law);
  player.twinLaw = run.twin ? player.twinBuffer : null;
  if (run.twin) lawAt(run.twin, run.n, run.count, playhead.position, player.twinBuffer);
  showKept(player);
  [player.top, player.low] = [run.top, run.low];
  if (!fade) return;
  fade.started ??= now - FIRST_STEP_MS;
  const time = clamp((now - fade.started) / FADE_MS, 0, 1);
  const share = 1 - (1 - time) ** 2;
  blend(law, fade.law, share);
  if (player.twinLaw && fade.twin) blend(player.twinLaw, fade.twin, share);
  player.top = lerp(fade.top, run.top, share);
  player.low = fade.low * (run.low / fade.low) ** share;
  if (time === 1) player.fade = null;
}

/** The kept run has frames of its own: it is shown at the generation of the playhead. @param {Player.Instance} instance */
function showKept({ run, playhead, keptLaw, keptTwin }) {
  const { kept } = run;
  if (!kept || !keptLaw) return;
  const position = frameAt(kept.frames, valueAt(run.frames, playhead.position));
  lawAt(kept.probabilities, kept.n, kept.count, position, keptLaw);
  if (kept.twin && keptTwin) lawAt(kept.twin, kept.n, kept.count, position, keptTwin);
}

function blend(into, from, share) {
  for (let i = 0; i < into.length; i += 1) into[i] = lerp(from[i], into[i], share);
}

/**
 * What a drawing needs to know; `kept` is what differs for the kept run.
 * @param {Player.Instance} player @param {Context} context
 */
function viewOf(player, context) {
  const { run, playhead, measures, palette, width, law, twinLaw, top, low, scale, entropy, hover, interventions, parts } = player;
  const isAheadHidden = aheadIsHidden(player);
  const frame = frameShown(playhead);
  /** @type {Player.View} */
  const view = {
    context, run, playhead, measures, palette, width, law, twinLaw, top, low, scale, entropy, frame, interventions, isAheadHidden,
    phase: phaseAt(run.phases, run.frames[frame]), leader: run.leaders[frame], hover: hover === null ? null : Math.min(hover, run.count - 1), kept: null,
    sliderFocused: parts.scrubber.matches(":focus-visible"),
  };
  if (run.kept && player.keptLaw) {
    const at = keptFrame(run, run.kept, frame);
    const phase = phaseAt(run.kept.phases, run.kept.frames[at]);
    view.kept = { run: run.kept, law: player.keptLaw, twinLaw: player.keptTwin, frame: at, leader: run.kept.leaders[at], phase };
  }
  return view;
}

/** Work out what does not change while playing: once per run, size, clock and font. @param {Player.Instance} player */
function layout(player) {
  const { root, parts, run } = player;
  player.width = root.clientWidth;
  root.style.minHeight = "0"; // Until now it kept the place of what is drawn.
  player.measures = measuresOf(player);
  Object.assign(root.dataset, { mode: player.measures.name, run: run.run });
  const view = viewOf(player, contextOf(parts.bars));
  const barsLayout = layoutBars(view);
  player.barsLayout = barsLayout;
  player.curvesLayout = layoutCurves(view);
  const { left, right, trackY } = player.curvesLayout;
  Object.assign(parts.scrubber.style, { left: `${left}px`, width: `${right - left}px`, top: `${trackY - 22}px` });
  placeInterventions(player);
  placeTerms(player, view);
  fitStrip(player);
  return barsLayout;
}

/** Lay the terms of the panels' titles over them. @param {Player.Instance} player @param {Player.View} view */
function placeTerms({ parts, run, curvesLayout, entropy }, view) {
  const { measures } = view;
  for (const { name, title, aside, titleY } of curvesLayout.panels) {
    const term = parts.terms.find((element) => element.dataset.term === name);
    const wide = textWidth(view, title, measures.title, 600) + (measures.name === "desk" ? textWidth(view, aside, measures.tick + 1) + 10 : 0);
    Object.assign(term.style, { top: `${titleY - measures.title}px`, width: `${wide}px`, height: `${measures.title * 1.3}px` });
    explain(term, run.terms?.[name === "effective" && entropy === "nats" ? "nats" : name]);
  }
  explain(parts.clockGroup, run.terms?.doublings);
}

/** @param {Player.Instance} player */
function draw(player, now) {
  const { root, parts } = player;
  if (!player.run || root.clientWidth === 0) return;
  updateShown(player, now);
  const barsLayout = player.width === root.clientWidth && player.barsLayout ? player.barsLayout : layout(player);
  const { curvesLayout, width } = player;
  const view = viewOf(player, sharpen(parts.bars, width, barsLayout.height));
  view.context.clearRect(0, 0, width, barsLayout.height);
  drawBars(view, barsLayout);
  view.context = sharpen(parts.curves, width, curvesLayout.height);
  view.context.clearRect(0, 0, width, curvesLayout.height);
  drawCurves(view, curvesLayout);
  writeWords(player, view);
  tellPlayhead(player);
}

/** @param {Player.Instance} player @param {number} now */
function tick(player, now) {
  const seconds = player.lastTime === null ? 0 : clamp((now - player.lastTime) / 1000, 0, LONGEST_STEP);
  advance(player.playhead, seconds);
  draw(player, now);
  const goesOn = isMoving(player.playhead) || player.fade !== null;
  player.lastTime = goesOn ? now : null;
  return goesOn;
}

/** @param {Player.Instance} player */
function relayout(player) {
  player.barsLayout = null;
  wake(player);
}

/** @param {Player.Instance} player */
function showPlayer(player) {
  player.barsLayout = null;
  draw(player, performance.now());
  wake(player);
}

/** @param {Player.Instance} player */
function stopPlayer(player) {
  dropScene(player);
  player.lastTime = null;
}

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, {
    fits: true, make: makePlayer, receive: hearPage, connect: listen, show: showPlayer, frame: tick, refresh: relayout, stop: stopPlayer,
  });
}
