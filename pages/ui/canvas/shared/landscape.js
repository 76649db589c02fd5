// What the triangle and the well share: sizes, small text, the glyphs of fixed points, and the clock of the balls.
// files.py puts it after text.js for these two.

// One unit for type, one for line weights (a projector needs 1.5 and 1.6).
const SCALES = {
  desk: { unit: 1, line: 1 },
  projector: { unit: 1.5, line: 1.6 },
  phone: { unit: 0.93, line: 0.9 },
};
const perCent = (share) => `${percent(share)}${NBSP}%`;
const LONGEST_LABEL = 16;
/** A visitor's label, short enough for a sentence. */
const shortLabel = (label) => shortened(String(label), LONGEST_LABEL);

/** @returns {{ name: SizeName, unit: number, line: number }} */
function scaleFor(mode, width, narrow) {
  const name = sizeName(mode, width, narrow);
  return { name, ...SCALES[name] };
}

// Sizes of text are desk pixels.
/** @param {Context} context @param {Landscape.View} view @param {string} text */
const widthOf = (context, view, text, weight = 400, size = 14) => widthIn(context, view.palette, text, size * view.unit, weight);

/**
 * @param {Context} context @param {Landscape.View} view @param {string} text @param {number} x @param {number} y
 * @param {Partial<TextStyle>} [options]
 */
function write(context, view, text, x, y, { weight = 400, size = 14, colour = view.palette.ink, align = "left", halo = null } = {}) {
  const style = { size: size * view.unit, weight, colour, align, halo, haloWidth: 4 * view.unit };
  writeText(context, view.palette, text, x, y, style);
}

/** A sentence as lines of the picture's width. @param {Context} context @param {Landscape.View} view @param {string} text */
function linesOf(context, view, text, weight = 400, size = 14) {
  context.font = fontOf(view.palette, size * view.unit, weight);
  return wrapped(context, text, view.width);
}

/** @param {ArrayLike<number>} values @returns {number} */
const lastOf = (values) => values[values.length - 1];

/**
 * A curve read between its samples, at a place that sampleAt has found.
 * @param {ArrayLike<number>} values @param {Landscape.Place} place
 * @returns {number}
 */
const readCurve = (values, [before, weight]) => lerp(values[before], values[before + 1], weight);

/**
 * A fixed point: stable = filled disc with a ring of the ground, saddle = half filled diamond, unstable = open ring.
 * @param {Context} context @param {Landscape.View} view
 */
function drawFixedPoint(context, view, kind, x, y, size = 1) {
  const { ink, page } = view.palette;
  const r = 8.5 * size * view.line;
  context.lineJoin = "miter";
  if (kind === "saddle") drawDiamond(context, view, x, y, r + 0.5);
  else {
    const [fill, line] = kind === "stable" ? [ink, page] : [page, ink];
    drawDisc(context, x, y, kind === "stable" ? r : r - 0.5, { fill, line, width: 2.5 * view.line * Math.sqrt(size) });
  }
}

/** @param {Context} context @param {Landscape.View} view */
function drawDiamond(context, view, x, y, r) {
  const { ink, page } = view.palette;
  const half = () => tracePath(context, [[x, y - r], [x, y + r], [x - r, y]]);
  tracePath(context, [[x, y - r], [x + r, y], [x, y + r], [x - r, y]]);
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

/** The source: an open square with a dark outline. @param {Context} context @param {Landscape.View} view */
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

// The clock: doublings of the dataset. Whoever plays tells the others on the page, who follow; so a ball in the
// triangle and the ball in the well roll together. Infinity means: at rest, the whole run is over.

const CLOCK_EVENT = "closedloop:geometry-clock";
const RUN_SECONDS = 7;
const LONGEST_FRAME = 0.1; // s: after a stall or a hidden tab the balls go on, they do not leap.

function makeClock(name, onMove) {
  return { name, onMove, position: Infinity, playing: false, follows: false, own: 1, other: 0, request: 0, last: null, spokenAt: -Infinity };
}

/** @param {Landscape.Clock} clock */
const clockLength = (clock) => Math.max(clock.own, clock.other);
/** The doublings to show of a run that lasts `end` of them. @param {Landscape.Clock} clock */
const clockAt = (clock, end) => Math.min(clock.position, end);
/** @param {Landscape.Clock} clock */
const clockRuns = (clock) => clock.playing || clock.follows;

/**
 * Tell the other clocks: "time" (where this one is), "end" (how long its runs are now) or "hello" (it has just come).
 * `doublings` is the time shown, `end` the length of the runs here, `length` that of the longest on the page.
 * @param {Landscape.Clock} clock
 */
function tellClock(clock, kind = "time") {
  const length = clockLength(clock);
  const detail = { kind, from: clock.name, doublings: Math.min(clock.position, length), playing: clock.playing, end: clock.own, length };
  window.dispatchEvent(new CustomEvent(CLOCK_EVENT, { detail }));
}

/** @param {Landscape.Clock} clock */
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

/** @param {Landscape.Clock} clock */
function stopFrames(clock) {
  cancelAnimationFrame(clock.request);
  clock.request = 0;
  clock.last = null;
}

/** @param {Landscape.Clock} clock */
function setClock(clock, position, playing) {
  stopFrames(clock);
  clock.follows = false;
  clock.position = position >= clockLength(clock) ? Infinity : Math.max(0, position);
  clock.playing = playing && clock.position !== Infinity && !reducedMotion();
  if (clock.playing) clock.request = requestAnimationFrame((now) => tickClock(clock, now));
  tellClock(clock);
  clock.onMove();
}

/** @param {Landscape.Clock} clock */
function togglePlaying(clock) {
  if (clockRuns(clock)) setClock(clock, clock.position, false);
  else setClock(clock, clock.position === Infinity ? 0 : clock.position, true);
}

/** @param {Landscape.Clock} clock */
function tickClock(clock, now) {
  const seconds = clock.last === null ? 0 : clamp((now - clock.last) / 1000, 0, LONGEST_FRAME);
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

/** Streamlit may disconnect and reconnect at new data: what was playing goes on. @param {Landscape.Clock} clock */
function resumeClock(clock) {
  if (clock.playing && !clock.request) clock.request = requestAnimationFrame((now) => tickClock(clock, now));
}

/** A place between the samples of a run: [index of the sample before, weight of the next]. */
function sampleAt(doublings, at) {
  const last = doublings.length - 1;
  const step = doublings[last] / last;
  const place = clamp(at / step, 0, last);
  const before = Math.min(last - 1, Math.floor(place));
  return [before, place - before];
}

/**
 * Play, scrubber and the words beside them: the same row under the triangle and under the well.
 * @param {Landscape.Clock} clock @param {Landscape.ClockParts} parts @param {On} on
 */
function listenToClock(clock, parts, on) {
  on(parts.play, "click", () => togglePlaying(clock));
  on(parts.scrubber, "input", () => setClock(clock, Number(parts.scrubber.value), false));
  on(window, CLOCK_EVENT, (event) => hearClock(clock, event.detail));
}

/** @param {Landscape.Clock} clock @param {Landscape.ClockParts} parts */
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
