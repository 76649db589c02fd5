// The coloured tracks: each is the slice of the map through the current point.

/**
 * A line of the map at a temperature, linear in log temperature.
 * @param {Dials.Header["arrays"]} arrays @param {Float32Array} line
 */
function lineAt({ contour_temperatures: temperatures }, line, temperature) {
  const last = line.length - 1;
  if (temperature <= temperatures[0]) return line[0];
  if (temperature >= temperatures[last]) return line[last];
  const i = temperatures.findIndex((t) => t > temperature) - 1;
  const weight = Math.log(temperature / temperatures[i]) / Math.log(temperatures[i + 1] / temperatures[i]);
  return weight === 0 ? line[i] : line[i] * (1 - weight) + line[i + 1] * weight;
}

/** @param {Dials.Header["arrays"]} arrays */
const contourAt = (arrays, temperature) => lineAt(arrays, arrays.contour, temperature);

/**
 * The least share for the current temperature: the server's exact number where it speaks of the same temperature.
 * @param {Dials.Header} header
 */
function leastShare(header, temperature) {
  const isSame = Math.abs(header.values.temperature - temperature) < 1e-9;
  if (isSame && typeof header.least_rescue === "number") return header.least_rescue;
  return contourAt(header.arrays, temperature);
}

const DIFFERENCE = 1e-6;

/**
 * The class at a temperature and a share, by the lines of the map: see class_of in the core.
 * @param {Dials.Header} header @returns {Dials.Stretch[2]}
 */
function trackClass(header, temperature, share, least = contourAt(header.arrays, temperature)) {
  if (share >= least - DIFFERENCE) return "faithful";
  const isSevere = share < lineAt(header.arrays, header.arrays.severe, temperature);
  if (temperature < 1) return isSevere ? "collapse" : "sharpened";
  return isSevere ? "heat" : "flattened";
}

/**
 * Where a line of the map crosses a share, as places 0..1 on the temperature track.
 * @param {Dials.Header["arrays"]} arrays @param {Float32Array} line @param {Ends} range
 */
function crossings({ contour_temperatures: temperatures }, line, share, range) {
  const isBelow = (i) => line[i] <= share + DIFFERENCE;
  /** @type {number[]} */
  const places = [];
  for (let i = 1; i < temperatures.length; i++) {
    if (isBelow(i) === isBelow(i - 1)) continue;
    const weight = (share - line[i - 1]) / (line[i] - line[i - 1]);
    const log = Math.log(temperatures[i - 1]) + clamp(weight, 0, 1) * Math.log(temperatures[i] / temperatures[i - 1]);
    places.push(clamp(logShare(Math.exp(log), range), 0, 1));
  }
  return places;
}

/**
 * Stretches [from, to, class] of the temperature track at a share; positions 0..1.
 * @param {Dials.Header} header @returns {Dials.Stretch[]}
 */
function temperatureStretches(header, share) {
  const { temperature_range: range, arrays } = header;
  const one = clamp(logShare(1, range), 0, 1);
  const cuts = [arrays.contour, arrays.severe].flatMap((line) => crossings(arrays, line, share, range));
  const all = [0, ...cuts, one, 1].sort((a, b) => a - b);
  /** @type {Dials.Stretch[]} */
  const stretches = [];
  for (let i = 1; i < all.length; i++) {
    if (all[i] - all[i - 1] < 1e-9) continue;
    const temperature = range[0] * (range[1] / range[0]) ** ((all[i] + all[i - 1]) / 2);
    stretches.push([all[i - 1], all[i], trackClass(header, temperature, share)]);
  }
  return withVisibleOne(stretches, one);
}

/**
 * At T = 1 nothing is distorted at any share: that point stays visible even where it has no width.
 * @param {Dials.Stretch[]} stretches @returns {Dials.Stretch[]}
 */
function withVisibleOne(stretches, one) {
  if (stretches.some(([from, to, name]) => name === "faithful" && from <= one + 1e-9 && to >= one - 1e-9 && to - from >= SNAP)) return stretches;
  const [left, right] = [one - SNAP / 2, one + SNAP / 2];
  /** @type {Dials.Stretch[]} */
  const cut = [[left, right, "faithful"]];
  for (const [from, to, name] of stretches) cut.push([from, Math.min(to, left), name], [Math.max(from, right), to, name]);
  return cut.filter(([from, to]) => to > from).sort((a, b) => a[0] - b[0]);
}

/** @param {Dials.Header} header @returns {Dials.Stretch[]} */
function shareStretches(header, temperature) {
  const least = leastShare(header, temperature);
  const severe = Math.min(least, lineAt(header.arrays, header.arrays.severe, temperature));
  const isCold = temperature < 1;
  /** @type {Dials.Stretch[]} */
  const all = [[0, severe, isCold ? "collapse" : "heat"], [severe, least, isCold ? "sharpened" : "flattened"], [least, 1, "faithful"]];
  return all.filter(([from, to]) => to > from);
}

/** Hard-edged stretches as one CSS background. @param {Dials.Stretch[]} stretches */
function gradientOf(stretches) {
  const per = (v) => `${(100 * v).toFixed(3)}%`;
  return `linear-gradient(90deg, ${stretches.map(([from, to, name]) => `var(--cl-${name}Track) ${per(from)} ${per(to)}`).join(", ")})`;
}

const leastCaption = (least) => (least > 0 ? `enough from ${leastText(least)} %` : "any share is enough");

/**
 * The words under each track: [text, class, where]; where is a position 0..1, or "end" for the right edge.
 * @param {Dials.Header} header @param {Dials.Values} values @returns {Record<Dials.Name, Dials.Caption[]>}
 */
function captionsOf(header, values, mode) {
  const least = leastShare(header, values.temperature);
  const isPhone = mode === "phone";
  /** @type {Dials.Caption[]} */
  const sizeWords = isPhone ? [] : [[values.noise ? "small: luck decides" : "no noise: luck is off", "", 0], ["1 million", "", "end"]];
  return {
    temperature: [
      ["colder: collapse", "collapse", 0],
      ["1", "one", logShare(1, header.temperature_range)],
      // Over an even source nothing is left to even out: heat stays within the tolerance.
      contourAt(header.arrays, header.temperature_range[1]) > 0.005 ? [header.captions?.hot ?? "hotter: heat death", "heat", "end"] : ["hotter: stays faithful", "faithful", "end"],
    ],
    external_fraction: [
      [mode === "projector" ? "share" : header.captions?.share ?? "share of new data", "", 0],
      [leastCaption(least), "faithful", least > 0 && least < 0.62 ? Math.max(0.42, least) : "end"],
    ],
    sample_size: header.sample_size_note ? [[header.sample_size_note, "", 0]] : sizeWords,
  };
}
