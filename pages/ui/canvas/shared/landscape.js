// What the triangle and the well share: sizes, small text, the glyphs of fixed points, and the clock of the balls.
// files.py puts it after common.js for the components that name it (components.py).

// One unit for type, one for line weights (a projector needs 1.5 and 1.6).
const SCALES = {
  desk: { unit: 1, line: 1 },
  projector: { unit: 1.5, line: 1.6 },
  phone: { unit: 0.93, line: 0.9 },
};
const NO_BREAK = "\u00a0";
const MINUS_SIGN = "\u2212";

/** The narrow measures win over what the page asked for. */
function scaleFor(mode, width, narrow) {
  const name = width < narrow ? "phone" : mode === "projector" ? "projector" : "desk";
  return { name, ...SCALES[name] };
}

const between = (value, low, high) => Math.min(high, Math.max(low, value));
const lerp = (from, to, share) => from + (to - from) * share;
const perCent = (share) => `${percent(share)}${NO_BREAK}%`;
/** A share as the dials print it: "28 %", "38.7 %". */
const perCentFine = (share) => `${Number((100 * share).toFixed(1))}${NO_BREAK}%`;
const signed = (value) => (value < -0.005 ? MINUS_SIGN : "") + Math.abs(value).toFixed(2);
const LONGEST_LABEL = 16;
/** A visitor's label, short enough for a sentence. */
const shortLabel = (label) => {
  const letters = Array.from(String(label));
  return letters.length > LONGEST_LABEL ? `${letters.slice(0, LONGEST_LABEL - 1).join("")}\u2026` : letters.join("");
};

function useFont(context, view, weight = 400, size = 14) {
  context.font = `${weight} ${size * view.unit}px ${view.palette.font}`;
}

function widthOf(context, view, text, weight = 400, size = 14) {
  useFont(context, view, weight, size);
  return context.measureText(text).width;
}

/** Text at its baseline; sizes are desk pixels. */
function write(context, view, text, x, y, { weight = 400, size = 14, colour = view.palette.ink, align = "left", halo = null } = {}) {
  useFont(context, view, weight, size);
  context.textAlign = align;
  context.textBaseline = "alphabetic";
  haloText(context, text, x, y, { colour, halo, width: 4 * view.unit });
}

function strokeLineTo(context, points) {
  context.beginPath();
  points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
}

function disc(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/** A fixed point: stable = filled disc with a ring of the ground, saddle = half filled diamond, unstable = open ring. */
function drawFixedPoint(context, view, kind, x, y, size = 1) {
  const { ink, page } = view.palette;
  const r = 8.5 * size * view.line;
  context.lineJoin = "miter";
  if (kind === "saddle") drawDiamond(context, view, x, y, r + 0.5);
  else {
    disc(context, x, y, kind === "stable" ? r : r - 0.5);
    context.fillStyle = kind === "stable" ? ink : page;
    context.strokeStyle = kind === "stable" ? page : ink;
    context.lineWidth = 2.5 * view.line * Math.sqrt(size);
    context.fill();
    context.stroke();
  }
}

function drawDiamond(context, view, x, y, r) {
  const { ink, page } = view.palette;
  const half = () => strokeLineTo(context, [[x, y - r], [x, y + r], [x - r, y]]);
  strokeLineTo(context, [[x, y - r], [x + r, y], [x, y + r], [x - r, y]]);
  context.closePath();
  context.fillStyle = page;
  context.fill();
  context.strokeStyle = ink;
  context.lineWidth = 2 * view.line;
  context.stroke();
  half();
  context.fillStyle = ink;
  context.fill();
}

/** The source: an open square with a dark outline. */
function drawSource(context, view, x, y, side = 13) {
  const a = side * view.line;
  context.fillStyle = view.palette.page;
  context.strokeStyle = view.palette.ink;
  context.lineWidth = 2.4 * view.line * Math.min(1, Math.sqrt(side / 13));
  context.lineJoin = "miter";
  context.beginPath();
  context.rect(x - a / 2, y - a / 2, a, a);
  context.fill();
  context.stroke();
}

/** A class's colours: `fill` for areas and lines, `text` for small type. */
function classInk(palette, name) {
  const variable = CLASS_VARIABLE[name];
  return variable ? { fill: palette[variable], text: palette[`${variable}Text`] } : { fill: palette.ink, text: palette.ink };
}

const PICTURE_SCALE = 2; // Saved pictures are twice as dense as CSS pixels.

/** Break a sentence into lines; the context's font says how wide words are. */
function wrapped(context, text, width) {
  const lines = [];
  for (const word of text.split(/ +/).filter(Boolean)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

// The clock: doublings of the dataset. Whoever plays tells the others on the page, who follow; so a ball in the
// triangle and the ball in the well roll together. Infinity means: at rest, the whole run is over.

const CLOCK_EVENT = "closedloop:geometry-clock";
const RUN_SECONDS = 7;
const SPOKEN_EVERY = 1000; // ms: a screen reader is not told more often than it can read.
const LONGEST_FRAME = 0.1; // s: after a stall or a hidden tab the balls go on, they do not leap.

function makeClock(name, onMove) {
  return { name, onMove, position: Infinity, playing: false, follows: false, own: 1, other: 0, request: 0, last: null, spokenAt: -Infinity };
}

const clockLength = (clock) => Math.max(clock.own, clock.other);
/** The doublings to show of a run that lasts `end` of them. */
const clockAt = (clock, end) => Math.min(clock.position, end);
const clockRuns = (clock) => clock.playing || clock.follows;

/**
 * Tell the other clocks: "time" (where this one is), "end" (how long its runs are now) or "hello" (it has just come).
 * `doublings` is the time shown, `end` the length of the runs here, `length` that of the longest on the page.
 */
function tellClock(clock, kind = "time") {
  const length = clockLength(clock);
  const detail = { kind, from: clock.name, doublings: Math.min(clock.position, length), playing: clock.playing, end: clock.own, length };
  window.dispatchEvent(new CustomEvent(CLOCK_EVENT, { detail }));
}

function hearClock(clock, { kind, from, doublings, playing, end, length }) {
  if (from === clock.name) return;
  clock.other = Number(end) || 0;
  // A newcomer hears in return how long the runs here are; nothing moves for that.
  if (kind === "hello") {
    tellClock(clock, clock.playing ? "time" : "end");
    return;
  }
  if (kind === "end") return;
  stopFrames(clock);
  clock.playing = false;
  clock.follows = Boolean(playing);
  clock.position = doublings >= (length ?? clockLength(clock)) ? Infinity : Number(doublings) || 0;
  clock.onMove();
}

function stopFrames(clock) {
  cancelAnimationFrame(clock.request);
  clock.request = 0;
  clock.last = null;
}

function setClock(clock, position, playing) {
  stopFrames(clock);
  clock.follows = false;
  clock.position = position >= clockLength(clock) ? Infinity : Math.max(0, position);
  clock.playing = playing && clock.position !== Infinity && !reducedMotion();
  if (clock.playing) clock.request = requestAnimationFrame((now) => tickClock(clock, now));
  tellClock(clock);
  clock.onMove();
}

function togglePlaying(clock) {
  if (clockRuns(clock)) setClock(clock, clock.position, false);
  else setClock(clock, clock.position === Infinity ? 0 : clock.position, true);
}

function tickClock(clock, now) {
  const seconds = clock.last === null ? 0 : between((now - clock.last) / 1000, 0, LONGEST_FRAME);
  clock.last = now;
  const length = clockLength(clock);
  clock.position += (seconds * length) / RUN_SECONDS;
  if (clock.position >= length) {
    clock.position = Infinity;
    clock.playing = false;
    stopFrames(clock);
  } else clock.request = requestAnimationFrame((next) => tickClock(clock, next));
  tellClock(clock);
  clock.onMove();
}

/** Streamlit may disconnect and reconnect at new data: what was playing goes on. */
function resumeClock(clock) {
  if (clock.playing && !clock.request) clock.request = requestAnimationFrame((now) => tickClock(clock, now));
}

/** A place between the samples of a run: [index of the sample before, weight of the next]. */
function sampleAt(doublings, at) {
  const last = doublings.length - 1;
  const step = doublings[last] / last;
  const place = between(at / step, 0, last);
  const before = Math.min(last - 1, Math.floor(place));
  return [before, place - before];
}

/** Play, scrubber and the words beside them: the same row under the triangle and under the well. */
function listenToClock(clock, parts, signal) {
  const on = (target, type, handler) => target.addEventListener(type, handler, { signal });
  on(parts.play, "click", () => togglePlaying(clock));
  on(parts.scrubber, "input", () => setClock(clock, Number(parts.scrubber.value), false));
  on(window, CLOCK_EVENT, (event) => hearClock(clock, event.detail));
}

function showClock(clock, parts) {
  const length = clockLength(clock);
  const at = Math.min(clock.position, length);
  const runs = clockRuns(clock);
  // With reduced motion nothing rolls by itself: the scrubber moves the balls.
  parts.play.hidden = reducedMotion();
  parts.play.classList.toggle("playing", runs);
  parts.play.setAttribute("aria-label", runs ? "Pause" : "Play");
  parts.playWord.textContent = runs ? "Pause" : "Play";
  parts.scrubber.max = String(length);
  parts.scrubber.value = String(at);
  parts.scrubber.style.setProperty("--done", `${(100 * at) / length}%`);
  const words = `${at.toFixed(1)} of ${Math.round(length)}`;
  parts.count.textContent = words;
  if (runs && performance.now() - clock.spokenAt < SPOKEN_EVERY) return;
  clock.spokenAt = performance.now();
  parts.scrubber.setAttribute("aria-valuetext", `${words} doublings of the dataset`);
}
