// Inside one generation: six panels, one press a stage. This file holds the instance and its frames; measures.js has
// the places, step.js the numbers, bars.js and arrows.js the drawing, words.js the words, input.js buttons and keys.

const insides = new WeakMap(); // By parent element: Streamlit calls again at every change of data or theme.
const COMING_MS = [500, 500, 900, 1100, 900, 1000];
let lastOpening = null; // Scroll once per opening, not whenever the page is drawn anew.

function makeInside(root) {
  const find = (selector) => root.querySelector(selector);
  const parts = {
    title: find(".title"), settings: find(".settings"), check: find(".check"), caption: find(".caption"), luck: find(".for-luck"), body: find(".body"), arrows: find(".arrows"),
    now: find(".count b"), total: find(".count span"), said: find(".said"),
  };
  for (const action of ["next", "back", "all", "earlier", "later", "close"]) parts[action] = find(`.${action}`);
  return {
    root, parts, panels: makePanels(root), arrows: makeArrows(parts.arrows), lease: 0, step: null, stage: 1,
    coming: null, before: null, pointed: null, wanted: null, view: null, request: 0, connection: null,
  };
}

/** Another generation starts again at its first stage; other settings keep the stage. */
function receiveStep(inside, data) {
  const earlier = inside.step;
  inside.step = makeStep(data);
  inside.view = null;
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

/** Keep the newest stage in sight where six panels are higher than the window. */
function follow({ panels, stage }) {
  panels[stage - 1].item.scrollIntoView({ block: "nearest", behavior: reducedMotion() ? "auto" : "smooth" });
}

/** Show the stages up to `stage`; the last of them comes in motion where that is wanted. */
function showStage(inside, stage, moves) {
  const jumps = stage > inside.stage + 1;
  inside.stage = stage;
  inside.coming = moves && !reducedMotion() ? { started: null, length: COMING_MS[stage - 1] } : null;
  writeStage(inside);
  speak(inside, jumps);
  wakeInside(inside);
}

/** How far the newest stage has come, 0 to 1; falling items keep their own pace. */
function momentOf(inside, now) {
  const { coming, stage, step } = inside;
  if (!coming) return 1;
  coming.started ??= now;
  const time = limited((now - coming.started) / coming.length, 0, 1);
  if (time === 1) inside.coming = null;
  const falls = step.dots && (stage === 4 || stage === 5);
  return falls ? time : 1 - (1 - time) ** 3;
}

function drawInside(inside, now) {
  const { root, step, stage, panels, palette } = inside;
  if (!step || root.clientWidth < 60) return;
  if (inside.view?.width !== Math.floor(root.clientWidth)) layoutInside(inside);
  const moment = momentOf(inside, now);
  const focus = inside.pointed ?? step.leader;
  panels.forEach(({ canvas }, k) => {
    const state = { shown: k < stage, moment: k === stage - 1 ? moment : 1, before: inside.before, focus };
    drawPanel(inside.view, canvas, k, state);
  });
}

function layoutInside(inside) {
  const { root } = inside;
  inside.view = makeView(inside);
  root.dataset.mode = inside.view.sizes.name;
  root.style.setProperty("--excess", inside.view.excess.fill);
  root.style.setProperty("--excess-text", inside.view.excess.text);
  for (const { canvas } of inside.panels) sharpen(canvas, inside.view.panel, inside.view.height);
  inside.parts.luck.hidden = !inside.view.averages;
  placeArrows(inside);
}

/** Ask for one frame; they go on by themselves only while a stage is coming. */
function wakeInside(inside, anew = false) {
  if (anew) inside.view = null;
  if (inside.request || !inside.connection) return;
  inside.request = requestAnimationFrame((now) => {
    inside.request = 0;
    drawInside(inside, now);
    if (inside.coming) wakeInside(inside);
  });
}

function connectInside(inside) {
  if (inside.connection) return;
  const connection = new AbortController();
  inside.connection = connection;
  listenInside(inside, connection.signal);
  const observer = new ResizeObserver(() => {
    if (Math.floor(inside.root.clientWidth) !== inside.view?.width) wakeInside(inside);
  });
  observer.observe(inside.root);
  connection.signal.addEventListener("abort", () => observer.disconnect());
}

function disconnectInside(inside) {
  inside.connection?.abort();
  inside.connection = null;
  cancelAnimationFrame(inside.request);
  inside.request = 0;
}

/** A press has opened the panel: bring it into sight, and hand it the keys. */
function welcome({ root, step }) {
  if (step.opened === lastOpening) return;
  lastOpening = step.opened;
  root.focus({ preventScroll: true });
  if (!root.matches(":focus-visible")) root.classList.add("by-pointer");
  root.scrollIntoView({ block: "start", behavior: reducedMotion() ? "auto" : "smooth" });
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".inside");
  let inside = insides.get(parentElement);
  if (inside?.root !== root) {
    if (inside) disconnectInside(inside);
    inside = makeInside(root);
    insides.set(parentElement, inside);
  }
  const lease = (inside.lease += 1);
  inside.setTriggerValue = setTriggerValue;
  inside.palette = applyTheme(root);
  if (data !== inside.data) receiveStep(inside, unpack(data));
  inside.data = data;
  inside.view = null;
  connectInside(inside);
  drawInside(inside, performance.now());
  wakeInside(inside);
  welcome(inside);
  // Streamlit may clean up an outdated call after a newer one: only the newest may let go.
  return () => {
    if (lease === inside.lease) disconnectInside(inside);
  };
}
