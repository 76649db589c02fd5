// One run as the player needs it: typed arrays by frame, fixed axes, and what is shown between two frames.

// Twelve fixed uniforms through the inverse CDF: as the law changes, the words change one at a time.
const UNIFORMS = [0.62, 0.08, 0.31, 0.87, 0.45, 0.19, 0.71, 0.03, 0.54, 0.95, 0.26, 0.39];

const LONGEST_NAME = 48;
const LONGEST_SAMPLE_WORD = 16;

function makeRun(data) {
  const { arrays } = data;
  const [count, n] = arrays.probabilities.shape;
  const run = {
    ...data, count, n,
    frames: arrays.frames, doublings: arrays.doublings ?? null,
    probabilities: arrays.probabilities, reference: arrays.reference,
    effective: arrays.effective, distance: arrays.distance,
    twin: data.noise ? arrays.twin ?? null : null,
    twinEffective: data.noise ? arrays.twin_effective ?? null : null,
    twinDistance: data.noise ? arrays.twin_distance ?? null : null,
  };
  run.label = (i) => (run.labels ? shortened(run.labels[i], LONGEST_NAME) : String(i + 1));
  run.peaks = peaksOf(run);
  run.top = barsTop(run.peaks.reduce((most, peak) => Math.max(most, peak), 0));
  run.distanceTop = distanceTop(run);
  run.mostExtinct = 0;
  for (let frame = 0; frame < count; frame += 1) run.mostExtinct = Math.max(run.mostExtinct, extinctCount(run, frame));
  return run;
}

/** The largest value each outcome ever has, over run, twin and source: axes and labels stay put while playing. */
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

/** The next tenth above `largest` (with a little air); below that, the next round number. */
function barsTop(largest) {
  if (largest > 0.08) return Math.min(1, Math.ceil(largest * 10 + 0.2) / 10);
  const unit = 10 ** Math.floor(Math.log10(Math.max(largest, 1e-9)));
  const step = [1.5, 2, 3, 4, 5, 6, 8, 10].find((value) => value * unit >= largest * 1.02);
  return (step ?? 10) * unit;
}

function distanceTop(run) {
  let most = 0;
  for (const curve of [run.distance, run.twinDistance]) if (curve) for (const value of curve) most = Math.max(most, value);
  return most > 0.76 ? 1 : most > 0.35 ? 0.8 : 0.4;
}

/** Extinct: exactly 0 while the source has it, and only luck can do that. */
const isExtinct = (run, frame, i) => run.noise && run.probabilities[frame * run.n + i] === 0 && run.reference[i] > 0;

function extinctCount(run, frame) {
  let count = 0;
  if (run.noise) for (let i = 0; i < run.n; i += 1) if (isExtinct(run, frame, i)) count += 1;
  return count;
}

function leaderAt(run, frame) {
  let best = 0;
  const start = frame * run.n;
  for (let i = 1; i < run.n; i += 1) if (run.probabilities[start + i] > run.probabilities[start + best]) best = i;
  return best;
}

/** Where each frame lies on the time axis, from 0 to 1, by the chosen clock. */
function timeAxis(run, clock) {
  const doublings = clock === "doublings" && run.can_double ? run.doublings : null;
  const values = doublings ?? run.frames;
  const [first, last] = [values[0], values[run.count - 1]];
  const span = last - first;
  return Float64Array.from(values, (value) => (span > 0 ? (value - first) / span : 0));
}

/** The (fractional) frame at the place `share` of a time axis. */
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

/** The inverse of frameAt. */
function shareAt(axis, position) {
  const low = Math.floor(position);
  const high = Math.min(low + 1, axis.length - 1);
  return mixed(axis[low], axis[high], position - low);
}

function valueAt(curve, position) {
  const low = Math.floor(position);
  return mixed(curve[low], curve[Math.min(low + 1, curve.length - 1)], position - low);
}

/** Write the law between two frames into `into`. */
function lawAt(law, n, count, position, into) {
  const low = Math.floor(position);
  const high = Math.min(low + 1, count - 1);
  for (let i = 0; i < n; i += 1) into[i] = mixed(law[low * n + i], law[high * n + i], position - low);
}

/** `text` with at most `most` letters; labels are visitors' text and may be anything. */
function shortened(text, most) {
  const letters = Array.from(text);
  return letters.length > most ? letters.slice(0, most - 1).join("") + "…" : text;
}

/** What the model says: the sample words for a law. */
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
