// One run as the player needs it: typed arrays by frame, fixed axes, and what is shown between two frames.

// Twelve fixed uniforms through the inverse CDF: as the law changes, the words change one at a time.
const UNIFORMS = [0.62, 0.08, 0.31, 0.87, 0.45, 0.19, 0.71, 0.03, 0.54, 0.95, 0.26, 0.39];

const LONGEST_NAME = 48;
const LONGEST_SAMPLE_WORD = 16;

/**
 * A run from what pack_run of run.py sends. Laws are codes, decoded once; `frames` are the generations whose laws were sent,
 * and every curve of the run is by frame. `points` are all generations whose curve values were sent: what is drawn.
 * The run kept for comparison, A, lies in `kept`; what is played is B. Both share the axes.
 * @param {Player.Header} data @returns {Player.Run}
 */
function makeRun(data) {
  const run = decodedRun(data, data.arrays);
  if (data.kept) {
    const kept = decodedRun(data.kept, keptArrays(data.arrays));
    const beside = (name) => besideFrames(run, kept, name);
    Object.assign(run, { kept, beside: { effective: beside("effective"), distance: beside("distance") } });
  }
  return withAxes(run);
}

/**
 * Write where the axes of a run end, and of the kept one beside it: from the largest and least values of both.
 * @param {Player.Run} run
 */
function withAxes(run) {
  const runs = run.kept ? [run, run.kept] : [run];
  const most = (value) => Math.max(...runs.map(value));
  run.top = roundTop(most(({ peaks }) => peaks.reduce((top, peak) => Math.max(top, peak), 0)));
  run.low = barsLow(Math.min(...runs.map(({ least }) => least)), run.top);
  run.distanceTop = distanceTop(runs);
  if (run.kept) Object.assign(run.kept, { top: run.top, low: run.low });
  return run;
}

const keptArrays = (arrays) => Object.fromEntries(Object.entries(arrays)
  .filter(([name]) => name.startsWith("kept_")).map(([name, array]) => [name.slice("kept_".length), array]));

/** @param {Player.Header} data @returns {Player.Run} */
function decodedRun(data, arrays) {
  const { frames, generations = frames } = arrays;
  const [count, n] = arrays.probabilities.shape;
  const hasTwin = data.noise && arrays.twin !== undefined;
  const points = {
    frames: generations, doublings: arrays.doublings ?? doublingsOf(/** @type {Player.Loop} */ (data.loop), generations),
    effective: arrays.effective, distance: arrays.distance,
    twinEffective: hasTwin ? arrays.twin_effective : null, twinDistance: hasTwin ? arrays.twin_distance : null,
  };
  const at = Array.from(frames, (generation) => frameAt(generations, generation)); // Whole: all frames are points.
  const atFrames = (curve) => (curve ? Float32Array.from(at, (point) => curve[point]) : null);
  /** @type {any} */
  const run = {
    ...data, kept: null, count, n, points, frames,
    probabilities: decoded(arrays.probabilities), reference: decoded(arrays.reference),
    twin: hasTwin ? decoded(glided(arrays.twin, arrays.twin_frames, frames, n)) : null,
  };
  for (const name of Object.keys(points)) if (name !== "frames") run[name] = atFrames(points[name]);
  run.label = (i) => (run.labels ? shortened(run.labels[i], LONGEST_NAME) : String(i + 1));
  run.leaders = Array.from({ length: count }, (_, frame) => leaderAt(run, frame));
  run.peaks = peaksOf(run);
  run.least = Math.min(leastOf(run.probabilities), leastOf(run.reference));
  run.mostExtinct = 0;
  for (let frame = 0; frame < count; frame += 1) run.mostExtinct = Math.max(run.mostExtinct, extinctCount(run, frame));
  return run;
}

/**
 * How often a dataset has doubled by each of some generations, while no setting changes (see dataset_sizes in params.py).
 * @param {Player.Loop} loop
 */
function doublingsOf(loop, generations) {
  const doublings = new Float32Array(generations.length);
  let [size, at] = [loop.initial_size, 0];
  for (let t = 0; at < generations.length; t += 1) {
    for (; generations[at] === t; at += 1) doublings[at] = Math.log2(size / loop.initial_size);
    size = sizeAfter(loop, size);
  }
  return doublings;
}

/** The size of the next dataset. @param {Player.Loop} loop */
function sizeAfter({ regime, growth, sample_size: added }, size) {
  if (regime === "replace") return added;
  return size + (growth ? roundedEven(growth * size) : added);
}

/** As Python rounds: a half goes to the even number. */
function roundedEven(value) {
  const whole = Math.round(value);
  return whole - value === 0.5 && whole % 2 ? whole - 1 : whole;
}

/** What sixteen-bit codes stand for: 0 is absent, 1 to 65,535 are geometric from 1e-12 to exactly 1 (codes.py). */
const CODE_VALUES = Float32Array.from({ length: 65536 }, (_, code) => (code ? 1e-12 ** ((65535 - code) / 65534) : 0));

/** @param {Uint16Array} codes */
function decoded(codes) {
  const values = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i += 1) values[i] = CODE_VALUES[codes[i]];
  return values;
}

/**
 * The codes of a smooth run at `frames`, from those at the few generations `knots` that were sent (codes.py).
 * @param {Uint16Array} codes @param {Numbers} frames
 */
function glided(codes, knots, frames, n) {
  const all = new Uint16Array(frames.length * n);
  let after = 1;
  frames.forEach((generation, frame) => {
    while (after < knots.length - 1 && knots[after] <= generation) after += 1;
    const share = (generation - knots[after - 1]) / (knots[after] - knots[after - 1]);
    const [low, high] = [(after - 1) * n, after * n];
    for (let i = 0; i < n; i += 1) all[frame * n + i] = Math.floor(lerp(codes[low + i], codes[high + i], share) + 0.5);
  });
  return all;
}

/** The class at a generation, from [generation, class] of each change. @param {Player.Phases} phases */
function phaseAt(phases, generation) {
  let found = phases[0][1];
  for (const [start, phase] of phases) if (start <= generation) found = phase;
  return found;
}

/** A curve of the kept run at the frames of the one that is played. @param {Player.Run} run @param {Player.Run} kept */
function besideFrames(run, { points }, name) {
  return Float32Array.from(run.frames, (generation) => valueAt(points[name], frameAt(points.frames, generation)));
}

/** The frame of the kept run that is nearest to the generation of a frame. @param {Player.Run} run @param {Player.Run} kept */
const keptFrame = (run, kept, frame) => Math.round(frameAt(kept.frames, run.frames[frame]));

/**
 * The largest value each outcome ever has, over run, twin and source: axes and labels stay put while playing.
 * @param {Player.Run} run
 */
function peaksOf(run) {
  const peaks = Float32Array.from(run.reference);
  for (const law of [run.probabilities, run.twin]) {
    if (!law) continue;
    for (let at = 0; at < law.length; at += run.n) {
      for (let i = 0; i < run.n; i += 1) if (law[at + i] > peaks[i]) peaks[i] = law[at + i];
    }
  }
  return peaks;
}

function leastOf(law) {
  let least = 1;
  for (const share of law) if (share > 0 && share < least) least = share;
  return least;
}

/** Where a log axis ends: the power of ten below what is seen, within two to six decades of the top. */
function barsLow(least, top) {
  const decade = (share) => 10 ** Math.floor(Math.log10(share) + 1e-9);
  return clamp(decade(least * 0.9), decade(top) * 1e-5, decade(top) * 1e-2);
}

/** @param {Player.Run[]} runs */
function distanceTop(runs) {
  let most = 0;
  for (const { points } of runs) {
    for (const curve of [points.distance, points.twinDistance]) if (curve) for (const value of curve) most = Math.max(most, value);
  }
  return most > 0.76 ? 1 : most > 0.35 ? 0.8 : 0.4;
}

/** Extinct: exactly 0 while the source has it, and only luck can do that. @param {Player.Run} run */
const isExtinct = (run, frame, i) => run.noise && run.probabilities[frame * run.n + i] === 0 && run.reference[i] > 0;

/** @param {Player.Run} run */
function extinctCount(run, frame) {
  let count = 0;
  if (run.noise) for (let i = 0; i < run.n; i += 1) if (isExtinct(run, frame, i)) count += 1;
  return count;
}

/** @param {Player.Run} run */
function leaderAt(run, frame) {
  let best = 0;
  const start = frame * run.n;
  for (let i = 1; i < run.n; i += 1) if (run.probabilities[start + i] > run.probabilities[start + best]) best = i;
  return best;
}

/** Write the law between two frames into `into`. @param {Float32Array} law @param {Float32Array} into */
function lawAt(law, n, count, position, into) {
  const low = Math.floor(position);
  const high = Math.min(low + 1, count - 1);
  for (let i = 0; i < n; i += 1) into[i] = lerp(law[low * n + i], law[high * n + i], position - low);
}

/** What the model says: the sample words for a law. @param {Player.Run} run */
function sampleWords(run, law, words) {
  return UNIFORMS.slice(0, words).map((uniform) => {
    let [i, left] = [0, uniform - law[0]];
    while (left > 0 && i < run.n - 1) {
      i += 1;
      left -= law[i];
    }
    return shortened(run.label(i), LONGEST_SAMPLE_WORD);
  }).join(" ");
}
