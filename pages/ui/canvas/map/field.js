// The map's numbers: reading between grid points, level lines, and the field painted as one image.

/**
 * Log temperatures once, so that every look-up afterwards is a short search.
 * @param {PhaseMap.Header} header
 * @returns {PhaseMap.Field}
 */
function makeField({ arrays, lines }) {
  const edge = (lines || []).find((line) => line.bounds_hatch);
  return {
    logs: Float64Array.from(arrays.temperatures, Math.log),
    shares: Float64Array.from(arrays.external_fractions),
    shift: arrays.shift,
    distance: arrays.distance,
    effective: arrays.effective,
    lineLogs: Float64Array.from(arrays.contour_temperatures, Math.log),
    contour: arrays.contour,
    states: arrays.n_stable ?? null,
    statesEdge: (edge && arrays[edge.array]) ?? null,
    levels: new Map(),
  };
}

/** [index of the left neighbour, weight of the right one] of `value` in an ascending array. @param {ArrayLike<number>} sorted */
function bracket(sorted, value) {
  let low = 0;
  let high = sorted.length - 1;
  if (value <= sorted[low]) return [0, 0];
  if (value >= sorted[high]) return [high - 1, 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle;
    else high = middle;
  }
  return [low, (value - sorted[low]) / (sorted[high] - sorted[low])];
}

/**
 * Bilinear: the value of one of the three grids at log temperature and share.
 * @param {PhaseMap.Field} field @param {Numbers} grid
 */
function readGrid(field, grid, log, share) {
  const [t, u] = bracket(field.logs, log);
  const [c, v] = bracket(field.shares, share);
  const at = t * field.shares.length + c;
  const below = at + field.shares.length;
  return (grid[at] * (1 - v) + grid[at + 1] * v) * (1 - u) + (grid[below] * (1 - v) + grid[below + 1] * v) * u;
}

/**
 * A line given over the contour's temperatures, read at a log temperature; NaN where it does not exist.
 * @param {PhaseMap.Field} field @param {ArrayLike<number>} values
 */
function readLine(field, values, log) {
  const [i, u] = bracket(field.lineLogs, log);
  return u === 0 ? values[i] : u === 1 ? values[i + 1] : values[i] * (1 - u) + values[i + 1] * u;
}

/**
 * The class of the settled state (class_of in the core): by the exact boundary, beyond it by the shift.
 * @param {PhaseMap.Field} field @returns {Phase}
 */
function classAt(field, log, share) {
  if (share >= readLine(field, field.contour, log) - 1e-6) return "faithful";
  const isSevere = Math.abs(readGrid(field, field.shift, log, share)) > 0.5;
  if (log < 0) return isSevere ? "collapse" : "sharpened";
  return isSevere ? "heat death" : "flattened";
}

/** @param {PhaseMap.Field} field @returns {PhaseMap.Reading} */
function readAt(field, temperature, share) {
  const log = Math.log(temperature);
  return {
    temperature,
    external_fraction: share,
    class: classAt(field, log, share),
    shift: readGrid(field, field.shift, log, share),
    distance: readGrid(field, field.distance, log, share),
    effective: readGrid(field, field.effective, log, share),
    ...(field.states ? { states: statesAt(field, field.states, log, share) } : {}),
  };
}

/**
 * A count is not interpolated: the nearest grid point's, if possible one on the same side of the exact edge.
 * @param {PhaseMap.Field} field @param {Numbers} states
 */
function statesAt(field, states, log, share) {
  const [t, u] = bracket(field.logs, log);
  const [c, v] = bracket(field.shares, share);
  const isBelow = (l, a) => field.statesEdge !== null && a < readLine(field, field.statesEdge, l);
  const side = isBelow(log, share);
  let best = { cost: Infinity, count: 0 };
  for (const [i, j] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
    const isOther = isBelow(field.logs[t + i], field.shares[c + j]) !== side;
    const cost = Math.hypot(u - i, v - j) + (isOther ? 2 : 0);
    if (cost < best.cost) best = { cost, count: states[(t + i) * field.shares.length + c + j] };
  }
  return best.count;
}

/**
 * From a = 0 upward, the share where the shift first comes closer to 0 than `level`; null where it never goes beyond.
 * @param {PhaseMap.Field} field
 */
function levelShare(field, level, log) {
  const [t, u] = bracket(field.logs, log);
  const count = field.shares.length;
  const side = Math.sign(level);
  const value = (c) => side * (field.shift[t * count + c] * (1 - u) + field.shift[(t + 1) * count + c] * u);
  const target = Math.abs(level);
  let before = value(0);
  if (before < target) return null;
  for (let c = 1; c < count; c++) {
    const now = value(c);
    if (now < target) {
      const weight = (before - target) / (before - now);
      return field.shares[c - 1] + weight * (field.shares[c] - field.shares[c - 1]);
    }
    before = now;
  }
  return 1;
}

/** levelShare, remembered: placing words asks for the same few columns thousands of times. @param {PhaseMap.Field} field */
function cachedLevelShare(field, level, log) {
  const key = `${level} ${Math.round(log * 400)}`;
  if (!field.levels.has(key)) field.levels.set(key, levelShare(field, level, log));
  return field.levels.get(key);
}

// The two arms run straight through OKLab from a neutral middle, so equal shifts look equally far apart.
const RAMP_ENDS = {
  light: { middle: "#F6F5F2", collapse: "#D55E00", heat: "#0072B2" },
  dark: { middle: "#1A1F28", collapse: "#E66B14", heat: "#2C93DB" },
};
const RAMP_STEPS = 500;
const ramps = {};

const toLinear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const toDisplay = (v) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);

/** @returns {number[]} */
function toOklab(colour) {
  const [r, g, b] = rgb(colour).map((v) => toLinear(v / 255));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @param {number[]} lab */
function fromOklab([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((v) => Math.round(255 * clamp(toDisplay(Math.max(0, v)), 0, 1)));
}

/** 2 x RAMP_STEPS + 1 colours from s = -1 to s = +1, as [r, g, b]. @returns {number[][]} */
function rampOf(dark) {
  const name = dark ? "dark" : "light";
  if (ramps[name]) return ramps[name];
  const ends = RAMP_ENDS[name];
  const [middle, collapse, heat] = [ends.middle, ends.collapse, ends.heat].map(toOklab);
  const ramp = [];
  for (let i = -RAMP_STEPS; i <= RAMP_STEPS; i++) {
    const end = i < 0 ? collapse : heat;
    const share = Math.abs(i) / RAMP_STEPS;
    ramp.push(fromOklab(middle.map((v, axis) => v + (end[axis] - v) * share)));
  }
  ramps[name] = ramp;
  return ramp;
}

function rampColour(dark, shift) {
  return rampOf(dark)[Math.round((clamp(shift, -1, 1) + 1) * RAMP_STEPS)];
}

/** @param {number[]} rgb */
const css = ([r, g, b]) => `rgb(${r} ${g} ${b})`;

const MAX_PAINTED_PIXELS = 2e6;

/**
 * The shift over the whole plot as one image, a pixel of it for a pixel of the screen where that is affordable.
 * @param {PhaseMap.Field} field @param {Ends} range
 */
function paintField(field, dark, range, cssWidth, cssHeight, ratio) {
  const scale = Math.min(ratio, Math.sqrt(MAX_PAINTED_PIXELS / (cssWidth * cssHeight)));
  const canvas = document.createElement("canvas");
  const width = (canvas.width = Math.max(1, Math.round(cssWidth * scale)));
  const height = (canvas.height = Math.max(1, Math.round(cssHeight * scale)));
  const [from, to] = range.map(Math.log);
  const across = Array.from({ length: width }, (_, i) => bracket(field.logs, from + ((i + 0.5) / width) * (to - from)));
  const ramp = rampOf(dark);
  const count = field.shares.length;
  const context = contextOf(canvas);
  const image = context.createImageData(width, height);
  let out = 0;
  for (let j = 0; j < height; j++) {
    const [c, v] = bracket(field.shares, 1 - (j + 0.5) / height);
    for (let i = 0; i < width; i++, out += 4) {
      const [t, u] = across[i];
      const at = t * count + c;
      const near = field.shift[at] * (1 - v) + field.shift[at + 1] * v;
      const far = field.shift[at + count] * (1 - v) + field.shift[at + count + 1] * v;
      const shift = near + (far - near) * u;
      const colour = ramp[shift <= -1 ? 0 : shift >= 1 ? 2 * RAMP_STEPS : ((shift + 1) * RAMP_STEPS + 0.5) | 0];
      image.data[out] = colour[0];
      image.data[out + 1] = colour[1];
      image.data[out + 2] = colour[2];
      image.data[out + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
