// The playhead: where it is, whether it moves, and what a new run does to it. Knows nothing of drawing.
// position: frame number, fractional between two frames. goal: the whole frame it glides to, or null.
// speed: 1 plays the run in RUN_SECONDS; INSTANT keeps the playhead at the end whenever a run arrives.

const RUN_SECONDS = 8; // The whole run at 1x, whatever its length: a scene shows its moral within ten seconds.
const GLIDE_SECONDS = 0.09;
const REST_SECONDS = 1; // At the end, before a loop starts over: time to read the last number.
const INSTANT = Infinity;

function makeHead(run, clock, calm) {
  const head = {
    run, clock, axis: timeAxis(run, clock), position: 0, goal: null,
    playing: false, held: false, speed: 1, loop: false, rested: 0, calm,
  };
  startOver(head);
  return head;
}

const lastFrame = (head) => head.run.count - 1;
const isAtEnd = (head) => (head.goal ?? head.position) >= lastFrame(head);

/** The whole frame that every printed number belongs to: numbers are facts of a generation, only the picture glides. */
const frameShown = (head) => clamp(head.goal ?? Math.round(head.position), 0, lastFrame(head));

/** From generation 0, playing; for visitors who want no motion, or the end at once, the last frame, paused. */
function startOver(head) {
  if (head.calm || head.speed === INSTANT) return stayAtEnd(head);
  head.position = 0;
  head.goal = null;
  head.playing = head.run.count > 1;
  head.rested = 0;
}

function stayAtEnd(head) {
  head.position = lastFrame(head);
  head.goal = null;
  head.playing = false;
}

/** Take a new run: keep playing, keep the generation, keep the end if it was at the end. */
function adoptRun(head, run) {
  const ended = isAtEnd(head);
  const generation = valueAt(head.run.frames, head.position);
  const sameRun = run.run === head.run.run && run.count === head.run.count;
  const restarts = run.restart !== head.run.restart;
  head.run = run;
  head.axis = timeAxis(run, head.clock);
  if (restarts) {
    startOver(head);
    if (run.waits) Object.assign(head, { position: 0, playing: false }); // A new source: Play is the visitor's.
    return;
  }
  if (sameRun) return;
  if (head.speed === INSTANT) return stayAtEnd(head);
  const place = frameAt(run.frames, generation);
  head.goal = null;
  head.position = ended ? lastFrame(head) : head.playing ? place : Math.round(place);
}

function setClock(head, clock) {
  head.clock = clock;
  head.axis = timeAxis(head.run, clock);
}

/** Instant goes to the end now and stays there; another speed leaves play and pause alone. */
function setSpeed(head, speed) {
  head.speed = speed;
  if (speed === INSTANT) stayAtEnd(head);
}

function togglePlay(head) {
  if (head.playing) {
    pause(head);
    return;
  }
  if (head.speed === INSTANT) head.speed = 1; // Who presses Play wants to see it play.
  if (isAtEnd(head)) head.position = 0;
  head.goal = null;
  head.rested = 0;
  head.playing = head.run.count > 1;
}

function pause(head) {
  if (head.playing) head.goal = Math.round(head.position);
  head.playing = false;
}

/** Back to generation 0, paused. */
function rewind(head) {
  head.playing = false;
  goTo(head, 0);
}

/** One frame on or back; a step pauses and never un-pauses. */
function stepBy(head, change) {
  head.playing = false;
  goTo(head, frameShown(head) + change);
}

/** Move to a whole frame: near ones by a short glide, far ones at once. Leaves play and pause alone. */
function goTo(head, frame) {
  const goal = clamp(Math.round(frame), 0, lastFrame(head));
  head.rested = 0;
  if (head.playing || head.calm || Math.abs(goal - head.position) > 1.6) {
    head.position = goal;
    head.goal = null;
  } else head.goal = goal;
}

const isMoving = (head) => (head.playing && !head.held) || head.goal !== null;

/** Let `seconds` go by. */
function advance(head, seconds) {
  if (head.goal !== null) glide(head, seconds);
  else if (!head.playing || head.held) return;
  else if (isAtEnd(head)) rest(head, seconds);
  else {
    const share = shareAt(head.axis, head.position) + (seconds * head.speed) / RUN_SECONDS;
    head.position = frameAt(head.axis, Math.min(1, share));
    if (isAtEnd(head) && !head.loop) head.playing = false;
  }
}

function glide(head, seconds) {
  const left = head.goal - head.position;
  const reach = (seconds / GLIDE_SECONDS) * Math.max(1, Math.abs(left));
  head.position += clamp(left, -reach, reach);
  if (Math.abs(head.goal - head.position) < 1e-3) {
    head.position = head.goal;
    head.goal = null;
  }
}

/** Playing at the end: a loop rests and starts over, anything else stops. */
function rest(head, seconds) {
  head.rested += seconds;
  if (!head.loop) head.playing = false;
  else if (head.rested >= REST_SECONDS) {
    head.position = 0;
    head.rested = 0;
  }
}
