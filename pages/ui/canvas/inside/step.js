// One generation as the drawing needs it: arrays by bar, fixed axes, and what each stage starts from and ends at.

const STAGES = 6;
/** The law that a stage shows; the draws show none. @type {(Inside.Law | null)[]} */
const LAWS = ["dataset", "learned", "tempered", null, null, "new_dataset"];
/** The law of a stage that is no draw. @returns {Inside.Law} */
const lawOf = (stage) => LAWS[stage] ?? "dataset";
/** What a stage grows from. @type {(Inside.Law | null)[]} */
const STARTS = [null, "dataset", "learned", null, null, "dataset"];

/** @param {Inside.Header} data @returns {Inside.Step} */
function makeStep(data) {
  const { arrays } = data;
  const names = data.others ? [...data.labels, `${grouped(data.others)} others`] : data.labels;
  const expected = arrays.tempered.map((share) => (1 - data.external_fraction) * share);
  const image = expected.map((share, i) => share + data.external_fraction * arrays.source[i]);
  const batch = arrays.synthetic.map((items, i) => (items + arrays.external[i]) / data.batch_size);
  const laws = [arrays.source, arrays.dataset, arrays.learned, arrays.tempered, arrays.new_dataset, image, batch];
  const peaks = names.map((_, i) => Math.max(...laws.map((law) => law[i])));
  return {
    ...data, names, count: names.length, leader: leaderOf(arrays.learned, data.labels.length), expected, image, peaks,
    // The bar of all others may be cut: the bars that have a name decide the axis.
    top: roundTop(Math.max(...peaks.slice(0, data.labels.length))),
    kept: data.replaces ? 0 : data.dataset_size, mostItems: Math.max(data.dataset_size, data.new_dataset_size),
  };
}

function leaderOf(law, count) {
  let best = 0;
  for (let i = 1; i < count; i += 1) if (law[i] > law[best]) best = i;
  return best;
}

/**
 * The shares that a law's panel shows at a moment (0 to 1) of its coming.
 * @param {Inside.Step} step @param {number} stage
 * @returns {Float32Array}
 */
function sharesAt(step, stage, moment, before) {
  const goal = step.arrays[lawOf(stage)];
  const name = STARTS[stage];
  const from = name ? step.arrays[name] : before;
  if (moment >= 1 || from?.length !== goal.length) return goal.map((share) => share * moment);
  return goal.map((share, i) => lerp(from[i], share, moment));
}

/** @param {Inside.Step} step @param {number} stage */
const isExtinct = (step, stage, i) => step.noise && step.arrays[lawOf(stage)][i] === 0 && step.arrays.source[i] > 0;

/**
 * Where each item of a draw comes down, in units of items: [{ i, at, turn }], turn (0 to 1) is when it falls.
 * @param {Inside.Step} step @param {Inside.Batch} name
 */
function itemsOf(step, name) {
  const items = [];
  const below = name === "external" ? step.arrays.synthetic : null;
  step.arrays[name].forEach((count, i) => {
    for (let k = 0; k < count; k += 1) items.push({ i, at: k + (below ? below[i] : 0) });
  });
  // A fixed stride that shares no factor with the number walks through all of them: as mixed as a draw.
  const golden = 0.6180339887;
  items.forEach((item, k) => { item.turn = (k * golden) % 1; });
  return items;
}
