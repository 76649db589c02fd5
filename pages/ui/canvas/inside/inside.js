// Inside one generation: six panels, one press a stage. This file holds the instance and its frames; measures.js has
// the places, step.js the numbers, bars.js and arrows.js the drawing, words.js the words, input.js buttons and keys.

const COMING_MS = [500, 500, 900, 1100, 900, 1000];
/** Scroll once per opening, not whenever the page is drawn anew. @type {number | null} */
let lastOpening = null;

function makeInside(root) {
  const find = (selector) => root.querySelector(selector);
  const parts = {
    title: find(".title"), settings: find(".settings"), check: find(".check"), caption: find(".caption"), luck: find(".for-luck"), body: find(".body"), arrows: find(".arrows"),
    now: find(".count b"), total: find(".count span"), said: find(".said"),
  };
  for (const action of ["next", "back", "all", "earlier", "later", "close"]) parts[action] = find(`.${action}`);
  return {
    parts, panels: makePanels(root), arrows: makeArrows(parts.arrows), step: null, stage: 1,
    coming: null, before: null, pointed: null, wanted: null, stale: true,
  };
}

/**
 * Another generation starts again at its first stage; other settings keep the stage.
 * @param {Inside.Instance} inside @param {Inside.Header} data
 */
function receiveStep(inside, data) {
  const earlier = inside.step;
  inside.step = makeStep(data);
  inside.stale = true;
  inside.pointed = null;
  const asked = inside.wanted !== null;
  writeStep(inside);
  const sameGeneration = earlier?.generation === data.generation && earlier.opened === data.opened;
  if (sameGeneration) return writeStage(inside);
  const follows = earlier?.run === data.run && earlier.generation + 1 === data.generation && inside.stage === STAGES;
  inside.before = follows ? earlier.arrays.new_dataset : null;
  if (inside.wanted === data.generation) inside.wanted = null;
  showStage(inside, 1, true);
  if (asked) follow(inside);
}

/** Keep the newest stage in sight where six panels are higher than the window. @param {Inside.Instance} instance */
function follow({ panels, stage }) {
  panels[stage - 1].item.scrollIntoView({ block: "nearest", behavior: reducedMotion() ? "auto" : "smooth" });
}

/**
 * Show the stages up to `stage`; the last of them comes in motion where that is wanted.
 * @param {Inside.Instance} inside @param {number} stage
 */
function showStage(inside, stage, moves) {
  const jumps = stage > inside.stage + 1;
  inside.stage = stage;
  inside.coming = moves && !reducedMotion() ? { started: null, length: COMING_MS[stage - 1] } : null;
  writeStage(inside);
  speak(inside, jumps);
  wake(inside);
}

/**
 * How far the newest stage has come, 0 to 1; falling items keep their own pace.
 * @param {Inside.Instance} inside
 * @param {number} now
 */
function momentOf(inside, now) {
  const { coming, stage, step } = inside;
  if (!coming) return 1;
  coming.started ??= now;
  const time = clamp((now - coming.started) / coming.length, 0, 1);
  if (time === 1) inside.coming = null;
  const falls = step.dots && (stage === 4 || stage === 5);
  return falls ? time : 1 - (1 - time) ** 3;
}

/** @param {Inside.Instance} inside */
function drawInside(inside, now) {
  const { root, step, stage, panels } = inside;
  if (!step || root.clientWidth < 60) return;
  if (inside.stale || inside.view.width !== Math.floor(root.clientWidth)) layoutInside(inside);
  const moment = momentOf(inside, now);
  const focus = inside.pointed ?? step.leader;
  panels.forEach(({ canvas }, k) => {
    const state = { shown: k < stage, moment: k === stage - 1 ? moment : 1, before: inside.before, focus };
    drawPanel(inside.view, canvas, k, state);
  });
}

/** @param {Inside.Instance} inside */
function layoutInside(inside) {
  const { root } = inside;
  inside.view = makeView(inside);
  inside.stale = false;
  root.dataset.mode = inside.view.sizes.name;
  root.style.setProperty("--excess", inside.view.excess.fill);
  root.style.setProperty("--excess-text", inside.view.excess.text);
  for (const { canvas } of inside.panels) sharpen(canvas, inside.view.panel, inside.view.height);
  inside.parts.luck.hidden = !inside.view.averages;
  placeArrows(inside);
}

/** Frames go on by themselves only while a stage is coming. @param {Inside.Instance} inside */
function frame(inside, now) {
  drawInside(inside, now);
  return inside.coming !== null;
}

/** @param {Inside.Instance} inside */
function refresh(inside) {
  inside.stale = true;
  wake(inside);
}

/** A press has opened the panel: bring it into sight, and hand it the keys. @param {Inside.Instance} instance */
function bringIntoSight({ root, step }) {
  if (step.opened === lastOpening) return;
  lastOpening = step.opened;
  root.focus({ preventScroll: true });
  if (!root.matches(":focus-visible")) root.classList.add("by-pointer");
  root.scrollIntoView({ block: "start", behavior: reducedMotion() ? "auto" : "smooth" });
}

/** @param {Inside.Instance} inside */
function showInside(inside) {
  inside.stale = true;
  drawInside(inside, performance.now());
  wake(inside);
  bringIntoSight(inside);
}

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { make: makeInside, receive: receiveStep, connect: listenInside, show: showInside, frame, refresh });
}
