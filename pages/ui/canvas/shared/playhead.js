// The playhead of whatever plays a run: where it is, whether it moves, and what a new run does to it. Knows nothing of drawing.
// position: frame number, fractional between two frames. goal: the whole frame it glides to, or null.
// speed: 1 plays the run in RUN_SECONDS; INSTANT keeps the playhead at the end whenever a run arrives.

const RUN_SECONDS = 8; // The whole run at 1x, whatever its length: a scene shows its moral within ten seconds.
const GLIDE_SECONDS = 0.09;
const REST_SECONDS = 1; // At the end, before a loop starts over: time to read the last number.
const INSTANT = Infinity;

/** @template {Timed} R @param {R} run @param {Clock} clock @returns {Playhead<R>} */
function makePlayhead(run, clock, calm) {
  /** @type {Playhead<R>} */
  const playhead = {
    run, clock, axis: timeAxis(run, clock), position: 0, goal: null,
    playing: false, held: false, speed: 1, loop: false, rested: 0, calm,
  };
  startOver(playhead);
  return playhead;
}

/** @param {Playhead} playhead */
const lastFrame = (playhead) => playhead.run.count - 1;
/** @param {Playhead} playhead */
const isAtEnd = (playhead) => (playhead.goal ?? playhead.position) >= lastFrame(playhead);

/**
 * The whole frame that every printed number belongs to: numbers are facts of a generation, only the picture glides.
 * @param {Playhead} playhead
 */
const frameShown = (playhead) => clamp(playhead.goal ?? Math.round(playhead.position), 0, lastFrame(playhead));

/**
 * From generation 0, playing; for visitors who want no motion, or the end at once, the last frame, paused.
 * @param {Playhead} playhead
 */
function startOver(playhead) {
  if (playhead.calm || playhead.speed === INSTANT) return stayAtEnd(playhead);
  playhead.position = 0;
  playhead.goal = null;
  playhead.playing = playhead.run.count > 1;
  playhead.rested = 0;
}

/** @param {Playhead} playhead */
function stayAtEnd(playhead) {
  playhead.position = lastFrame(playhead);
  playhead.goal = null;
  playhead.playing = false;
}

/**
 * Take a new run: keep playing, keep the generation, keep the end if it was at the end.
 * @param {Playhead} playhead @param {Timed} run
 */
function adoptRun(playhead, run) {
  const ended = isAtEnd(playhead);
  const generation = valueAt(playhead.run.frames, playhead.position);
  const sameRun = run.run === playhead.run.run && run.count === playhead.run.count;
  const restarts = run.restart !== playhead.run.restart;
  playhead.run = run;
  playhead.axis = timeAxis(run, playhead.clock);
  if (restarts) {
    startOver(playhead);
    if (run.waits) Object.assign(playhead, { position: 0, playing: false }); // A new source: Play is the visitor's.
    return;
  }
  if (sameRun) return;
  if (playhead.speed === INSTANT) return stayAtEnd(playhead);
  const place = frameAt(run.frames, generation);
  playhead.goal = null;
  playhead.position = ended ? lastFrame(playhead) : playhead.playing ? place : Math.round(place);
}

/** @param {Playhead} playhead */
function setClock(playhead, clock) {
  playhead.clock = clock;
  playhead.axis = timeAxis(playhead.run, clock);
}

/** Instant goes to the end now and stays there; another speed leaves play and pause alone. @param {Playhead} playhead */
function setSpeed(playhead, speed) {
  playhead.speed = speed;
  if (speed === INSTANT) stayAtEnd(playhead);
}

/** @param {Playhead} playhead */
function togglePlay(playhead) {
  if (playhead.playing) {
    pause(playhead);
    return;
  }
  if (playhead.speed === INSTANT) playhead.speed = 1; // Who presses Play wants to see it play.
  if (isAtEnd(playhead)) playhead.position = 0;
  playhead.goal = null;
  playhead.rested = 0;
  playhead.playing = playhead.run.count > 1;
}

/** @param {Playhead} playhead */
function pause(playhead) {
  if (playhead.playing) playhead.goal = Math.round(playhead.position);
  playhead.playing = false;
}

/** Back to generation 0, paused. @param {Playhead} playhead */
function rewind(playhead) {
  playhead.playing = false;
  goTo(playhead, 0);
}

/** One frame on or back; a step pauses and never un-pauses. @param {Playhead} playhead */
function stepBy(playhead, change) {
  playhead.playing = false;
  goTo(playhead, frameShown(playhead) + change);
}

/**
 * Move to a whole frame: near ones by a short glide, far ones at once. Leaves play and pause alone.
 * @param {Playhead} playhead
 */
function goTo(playhead, frame) {
  const goal = clamp(Math.round(frame), 0, lastFrame(playhead));
  playhead.rested = 0;
  if (playhead.playing || playhead.calm || Math.abs(goal - playhead.position) > 1.6) {
    playhead.position = goal;
    playhead.goal = null;
  } else playhead.goal = goal;
}

/** @param {Playhead} playhead */
const isMoving = (playhead) => (playhead.playing && !playhead.held) || playhead.goal !== null;

/** Let `seconds` go by. @param {Playhead} playhead */
function advance(playhead, seconds) {
  if (playhead.goal !== null) glide(playhead, playhead.goal, seconds);
  else if (playhead.playing && !playhead.held) play(playhead, seconds);
}

/** @param {Playhead} playhead */
function play(playhead, seconds) {
  if (isAtEnd(playhead)) {
    rest(playhead, seconds);
    return;
  }
  const share = shareAt(playhead.axis, playhead.position) + (seconds * playhead.speed) / RUN_SECONDS;
  playhead.position = frameAt(playhead.axis, Math.min(1, share));
  if (isAtEnd(playhead) && !playhead.loop) playhead.playing = false;
}

/** @param {Playhead} playhead */
function glide(playhead, goal, seconds) {
  const left = goal - playhead.position;
  const reach = (seconds / GLIDE_SECONDS) * Math.max(1, Math.abs(left));
  playhead.position += clamp(left, -reach, reach);
  if (Math.abs(goal - playhead.position) < 1e-3) {
    playhead.position = goal;
    playhead.goal = null;
  }
}

/** Playing at the end: a loop rests and starts over, anything else stops. @param {Playhead} playhead */
function rest(playhead, seconds) {
  playhead.rested += seconds;
  if (!playhead.loop) playhead.playing = false;
  else if (playhead.rested >= REST_SECONDS) {
    playhead.position = 0;
    playhead.rested = 0;
  }
}

/**
 * Where each frame (or each point) of a run lies on the time axis, from 0 to 1, by the chosen clock.
 * @param {Timed} run @param {{ doublings?: Curve, frames: Curve }} [times]
 */
function timeAxis(run, clock, times = run) {
  const values = clock === "doublings" && run.can_double && times.doublings ? times.doublings : times.frames;
  const [first, last] = [values[0], values[values.length - 1]];
  const span = last - first;
  return Float64Array.from(values, (value) => (span > 0 ? (value - first) / span : 0));
}

/** The (fractional) frame at the place `share` of a time axis. @param {Curve} axis */
function frameAt(axis, share) {
  let [low, high] = [0, axis.length - 1];
  if (share >= axis[high]) return high;
  while (high - low > 1) {
    const half = (low + high) >> 1;
    if (axis[half] <= share) low = half;
    else high = half;
  }
  const step = axis[high] - axis[low];
  return low + (step > 0 ? clamp((share - axis[low]) / step, 0, 1) : 0);
}

/** The inverse of frameAt. @param {Curve} axis */
function shareAt(axis, position) {
  const low = Math.floor(position);
  const high = Math.min(low + 1, axis.length - 1);
  return lerp(axis[low], axis[high], position - low);
}

/** @param {Curve} curve */
function valueAt(curve, position) {
  const low = Math.floor(position);
  return lerp(curve[low], curve[Math.min(low + 1, curve.length - 1)], position - low);
}
