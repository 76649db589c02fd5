// Where labels go, in every picture: the cheapest of the places offered, over no other label and inside its picture.
// files.py puts it after text.js for the components that write on curves, maps and landscapes.

/** Whether two boxes { left, right, top, bottom } touch, or come nearer than `gap`. @param {Box} a @param {Box} b */
const overlaps = (a, b, gap = 0) => a.left < b.right + gap && b.left < a.right + gap && a.top < b.bottom + gap && b.top < a.bottom + gap;

const boxAround = (x, y, width, height) => ({ left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 });

/** The box of a line of text at its baseline. @returns {Box} */
function lineBox(x, baseline, width, size, align = "left") {
  const left = x - (align === "right" ? width : align === "center" ? width / 2 : 0);
  return { left, right: left + width, top: baseline - size * 0.8, bottom: baseline + size * 0.24 };
}

/** @param {Box} box @param {Box} within */
const isWithin = (box, within) => box.left >= within.left && box.right <= within.right && box.top >= within.top && box.bottom <= within.bottom;

const EVERYWHERE = { left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity };
const TOUCHES = 1e3; // what it costs to stand over something; out of the picture is worse still
const LEAVES = 1e4;

/**
 * The cheapest of `places`, each with its `box` and its own `cost`, that is `within` the picture and over none of the boxes
 * `taken`; `weigh` says what else a box hides. Where every place touches something the least of it, or, where the label
 * `must` be clear, null. The places may be worked out while they are looked at.
 * @template {{ box: Box, cost: number }} Place
 * @param {Iterable<Place>} places
 * @param {{ within?: Box, taken?: Box[], gap?: number, weigh?: (box: Box) => number, must?: boolean }} [options]
 * @returns {Place | null}
 */
function placeLabel(places, { within = EVERYWHERE, taken = [], gap = 0, weigh = () => 0, must = false } = {}) {
  let [best, least] = [/** @type {Place | null} */ (null), Infinity];
  for (const place of places) {
    const { box, cost } = place;
    if (cost >= least) continue;
    const touched = taken.filter((other) => overlaps(other, box, gap)).length;
    const leaves = isWithin(box, within) ? 0 : 1;
    if (must && (touched || leaves)) continue;
    const whole = cost + TOUCHES * touched + LEAVES * leaves + weigh(box);
    if (whole < least) [best, least] = [place, whole];
  }
  return best;
}

/** How many of a curve's points lie in a box grown by `reach`. @param {Iterable<Point>} points @param {Box} box */
function pointsIn(points, { left, right, top, bottom }, reach = 0) {
  let count = 0;
  for (const [x, y] of points) if (x > left - reach && x < right + reach && y > top - reach && y < bottom + reach) count += 1;
  return count;
}
