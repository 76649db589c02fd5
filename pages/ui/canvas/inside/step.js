// One generation as the drawing needs it: arrays by bar, fixed axes, and what each stage starts from and ends at.

const STAGES = 6;
const LAWS = ["dataset", "learned", "tempered", null, null, "new_dataset"]; // by stage; the draws have none
const STARTS = [null, "dataset", "learned", null, null, "dataset"]; // what a stage grows from

function makeStep(data) {
  const { arrays } = data;
  const names = data.others ? [...data.labels, `${grouped(data.others)} others`] : data.labels;
  const step = { ...data, arrays, names, count: names.length };
  step.leader = leaderOf(arrays.learned, data.labels.length);
  step.expected = arrays.tempered.map((share) => (1 - data.external_fraction) * share);
  step.image = step.expected.map((share, i) => share + data.external_fraction * arrays.source[i]);
  const batch = arrays.synthetic.map((items, i) => (items + arrays.external[i]) / data.batch_size);
  const laws = [arrays.source, arrays.dataset, arrays.learned, arrays.tempered, arrays.new_dataset, step.image, batch];
  step.peaks = names.map((_, i) => Math.max(...laws.map((law) => law[i])));
  // The bar of all others may be cut: the bars that have a name decide the axis.
  step.top = roundTop(Math.max(...step.peaks.slice(0, data.labels.length)));
  step.kept = data.replaces ? 0 : data.dataset_size;
  step.mostItems = Math.max(data.dataset_size, data.new_dataset_size);
  return step;
}

function leaderOf(law, count) {
  let best = 0;
  for (let i = 1; i < count; i += 1) if (law[i] > law[best]) best = i;
  return best;
}

/** The shares that a law's panel shows at a moment (0 to 1) of its coming. */
function sharesAt(step, stage, moment, before) {
  const goal = step.arrays[LAWS[stage]];
  const name = STARTS[stage];
  const from = name ? step.arrays[name] : before;
  if (moment >= 1 || from?.length !== goal.length) return goal.map((share) => share * moment);
  return goal.map((share, i) => lerp(from[i], share, moment));
}

const isExtinct = (step, stage, i) => step.noise && step.arrays[LAWS[stage]][i] === 0 && step.arrays.source[i] > 0;

/** Where each item of a draw comes down, in units of items: [{ i, at, turn }], turn (0 to 1) is when it falls. */
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
