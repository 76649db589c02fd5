// The playhead: where it is, whether it moves, and what a new run does to it. Knows nothing of drawing.
// position: frame number, fractional between two frames. goal: the whole frame it glides to, or null.
// speed: 1 plays the run in RUN_SECONDS; INSTANT keeps the playhead at the end whenever a run arrives.

const RUN_SECONDS = 8; // The whole run at 1x, whatever its length: a scene shows its moral within ten seconds.
const GLIDE_SECONDS = 0.09;
const REST_SECONDS = 1; // At the end, before a loop starts over: time to read the last number.
const INSTANT = Infinity;

function makePlayhead(run, clock, calm) {
  const playhead = {
    run, clock, axis: timeAxis(run, clock), position: 0, goal: null,
    playing: false, held: false, speed: 1, loop: false, rested: 0, calm,
  };
  startOver(playhead);
  return playhead;
}

const lastFrame = (playhead) => playhead.run.count - 1;
const isAtEnd = (playhead) => (playhead.goal ?? playhead.position) >= lastFrame(playhead);

/** The whole frame that every printed number belongs to: numbers are facts of a generation, only the picture glides. */
const frameShown = (playhead) => clamp(playhead.goal ?? Math.round(playhead.position), 0, lastFrame(playhead));

/** From generation 0, playing; for visitors who want no motion, or the end at once, the last frame, paused. */
function startOver(playhead) {
  if (playhead.calm || playhead.speed === INSTANT) return stayAtEnd(playhead);
  playhead.position = 0;
  playhead.goal = null;
  playhead.playing = playhead.run.count > 1;
  playhead.rested = 0;
}

function stayAtEnd(playhead) {
  playhead.position = lastFrame(playhead);
  playhead.goal = null;
  playhead.playing = false;
}

/** Take a new run: keep playing, keep the generation, keep the end if it was at the end. */
function adoptRun(playhead, run) {
  const ended = isAtEnd(playhead);
  const generation = valueAt(playhead.run.frames, playhead.position);
  const sameRun = run.run === playhead.run.run && run.count === playhead.run.count;
  const restarts = run.restart !== playhead.run.restart;
  playhead.run = run;
  playhead.axis = timeAxis(run, playhead.clock);
  if (restarts) return startOver(playhead);
  if (sameRun) return;
  if (playhead.speed === INSTANT) return stayAtEnd(playhead);
  const place = frameAt(run.frames, generation);
  playhead.goal = null;
  playhead.position = ended ? lastFrame(playhead) : playhead.playing ? place : Math.round(place);
}

function setClock(playhead, clock) {
  playhead.clock = clock;
  playhead.axis = timeAxis(playhead.run, clock);
}

/** Instant goes to the end now and stays there; another speed leaves play and pause alone. */
function setSpeed(playhead, speed) {
  playhead.speed = speed;
  if (speed === INSTANT) stayAtEnd(playhead);
}

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

function pause(playhead) {
  if (playhead.playing) playhead.goal = Math.round(playhead.position);
  playhead.playing = false;
}

/** Back to generation 0, paused. */
function rewind(playhead) {
  playhead.playing = false;
  goTo(playhead, 0);
}

/** One frame on or back; a step pauses and never un-pauses. */
function stepBy(playhead, change) {
  playhead.playing = false;
  goTo(playhead, frameShown(playhead) + change);
}

/** Move to a whole frame: near ones by a short glide, far ones at once. Leaves play and pause alone. */
function goTo(playhead, frame) {
  const goal = clamp(Math.round(frame), 0, lastFrame(playhead));
  playhead.rested = 0;
  if (playhead.playing || playhead.calm || Math.abs(goal - playhead.position) > 1.6) {
    playhead.position = goal;
    playhead.goal = null;
  } else playhead.goal = goal;
}

const isMoving = (playhead) => (playhead.playing && !playhead.held) || playhead.goal !== null;

/** Let `seconds` go by. */
function advance(playhead, seconds) {
  if (playhead.goal !== null) glide(playhead, seconds);
  else if (!playhead.playing || playhead.held) return;
  else if (isAtEnd(playhead)) rest(playhead, seconds);
  else {
    const share = shareAt(playhead.axis, playhead.position) + (seconds * playhead.speed) / RUN_SECONDS;
    playhead.position = frameAt(playhead.axis, Math.min(1, share));
    if (isAtEnd(playhead) && !playhead.loop) playhead.playing = false;
  }
}

function glide(playhead, seconds) {
  const left = playhead.goal - playhead.position;
  const reach = (seconds / GLIDE_SECONDS) * Math.max(1, Math.abs(left));
  playhead.position += clamp(left, -reach, reach);
  if (Math.abs(playhead.goal - playhead.position) < 1e-3) {
    playhead.position = playhead.goal;
    playhead.goal = null;
  }
}

/** Playing at the end: a loop rests and starts over, anything else stops. */
function rest(playhead, seconds) {
  playhead.rested += seconds;
  if (!playhead.loop) playhead.playing = false;
  else if (playhead.rested >= REST_SECONDS) {
    playhead.position = 0;
    playhead.rested = 0;
  }
}
