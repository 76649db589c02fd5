// Ahead of the server: while a dial moves, its run is on its way, but the loop without sampling noise is a short formula.
// So the dashed twin follows the hand at once, and the run itself comes after. The formula is that of dynamics.py and
// simulate.py, and tested against them. The runs of the scenes need no formula: they were sent before any was chosen.

const MOST_AHEAD = 60_000; // Shares: more would take longer than the frame they are for.
const AHEAD_MS = 1500; // After the last move of the hand the page has the last word.
const MOST_LOOKS = 4; // A page that says nothing for so many times as long will not answer.

/** `loop` is missing where settings change during the run. @param {Player.Run} run */
const canLookAhead = ({ loop, frames, n }) => loop !== null && frames.length === loop.generations + 1 && frames.length * n <= MOST_AHEAD;

/**
 * The same run with the twin of other dials: temperature, external_fraction and sample_size.
 * @param {Player.Run} run @param {Player.Dials} dials
 */
function lookAhead(run, dials) {
  const values = /** @type {Player.Loop} */ ({ ...run.loop, ...dials });
  const { n, frames, reference } = run;
  const twin = new Float32Array(frames.length * n);
  const [twinEffective, twinDistance] = [new Float32Array(frames.length), new Float32Array(frames.length)];
  const p = Float64Array.from((run.twin ?? run.probabilities).subarray(0, n));
  const weights = new Float64Array(n);
  let size = values.initial_size;
  for (let t = 0; t < frames.length; t += 1) {
    twin.set(p, t * n);
    [twinEffective[t], twinDistance[t]] = measured(p, reference);
    const next = sizeAfter(values, size);
    const step = values.regime === "replace" ? 1 : (next - size) / next;
    size = next;
    applyTemperature(p, values.temperature, weights);
    for (let i = 0; i < n; i += 1) {
      const image = (1 - values.external_fraction) * weights[i] + values.external_fraction * reference[i];
      p[i] += step * (image - p[i]);
    }
  }
  const ahead = { ...run, twin, twinEffective, twinDistance, points: { ...run.points, twinEffective, twinDistance } };
  ahead.peaks = peaksOf(ahead);
  return withAxes(ahead);
}

/** Write E_T(p) into `weights`: in logs, relative to the largest entry. */
function applyTemperature(p, temperature, weights) {
  const top = Math.log(p.reduce((most, share) => Math.max(most, share), 0));
  let total = 0;
  for (let i = 0; i < p.length; i += 1) {
    weights[i] = p[i] > 0 ? Math.exp((Math.log(p[i]) - top) / temperature) : 0;
    total += weights[i];
  }
  for (let i = 0; i < p.length; i += 1) weights[i] /= total;
}

/** Effective outcomes, and total variation to the source. */
function measured(p, reference) {
  let [entropy, moved] = [0, 0];
  for (let i = 0; i < p.length; i += 1) {
    if (p[i] > 0) entropy -= p[i] * Math.log(p[i]);
    moved += Math.abs(p[i] - reference[i]);
  }
  return [Math.exp(entropy), moved / 2];
}

/**
 * Take what the hand has just set; the run of the page comes later.
 * @param {Player.Instance} player @param {Player.Dials} dials
 */
function followDials(player, dials) {
  if (player.scene) player.scene.dialled = true;
  player.ahead = { dials, until: performance.now() + AHEAD_MS };
  if (!player.run || !canLookAhead(player.run)) return;
  player.run = lookAhead(player.run, dials);
  player.barsLayout = null;
  draw(player, performance.now());
}

/**
 * A run that has just come, with the twin of where the hand is by now.
 * @param {Player.Instance} player @param {Player.Run} run
 */
function caughtUp(player, run) {
  const { ahead } = player;
  if (!ahead || performance.now() > ahead.until || !canLookAhead(run)) return run;
  const isThere = Object.entries(ahead.dials).every(([name, value]) => run.loop?.[name] === value);
  return isThere ? run : lookAhead(run, ahead.dials);
}

/** Play the scene that has just been chosen; the page's own words about it come later. @param {Player.Instance} player */
function playScene(player, name) {
  const sent = globalThis.closedLoopPayloads?.get("scenes");
  const bytes = sent && unpack(sent).arrays[name];
  if (!bytes || !player.run || player.run.isLocked) return;
  const heard = player.scene?.heard ?? player.run.restart;
  dropScene(player);
  player.ahead = null;
  const data = { ...unpack(bytes), mode: player.run.mode, restart: player.run.restart + 1 };
  receive(player, data);
  player.scene = { run: data.run, kept: data.kept?.run, heard, before: player.data, looks: 0, dialled: false, timer: 0 };
  lookLater(player);
  player.barsLayout = null;
  draw(player, performance.now());
  wake(player);
}

/** The page has the last word, whatever it was; a page that has not spoken yet is given time. @param {Player.Instance} player */
function lookLater(player) {
  const { scene } = player;
  if (!scene) return;
  scene.timer = setTimeout(() => {
    scene.looks += 1;
    if (player.data === scene.before && scene.looks < MOST_LOOKS) return lookLater(player);
    player.scene = null;
    receive(player, unpack(player.data));
    relayout(player);
  }, AHEAD_MS);
}

/** @param {Player.Instance} player */
function dropScene(player) {
  clearTimeout(player.scene?.timer);
  player.scene = null;
}

/**
 * Take what the page shows; while a scene is ahead of it, what was on its way before waits.
 * @param {Player.Instance} player @param {Player.Header} data
 */
function hearPage(player, data) {
  const { scene } = player;
  if (scene) {
    // Whatever starts a run anew raises `restart`: below that, the page has not heard of the scene.
    const isTheScene = data.run === scene.run && data.kept?.run === scene.kept;
    if (data.restart <= scene.heard || !(isTheScene || scene.dialled)) return;
    dropScene(player);
    player.run.restart = data.restart; // It plays already.
  }
  receive(player, data);
}
