// What a dial's numbers mean: position on the track, steps, typing, words.

/** @param {number} value @param {Ends} range */
const logShare = (value, [low, high]) => Math.log(value / low) / Math.log(high / low);
const SNAP = 0.012;

const roundTemperature = (value) => (value < 0.1 ? Number(value.toPrecision(2)) : value < 10 ? Number(value.toFixed(2)) : Number(value.toPrecision(3)));
// As it was typed, to four digits: 0.7, 12.35, 0.004.
const showShare = (share) => String(Number((100 * share).toPrecision(4)));
const showCount = (value) => grouped(Math.round(value));

/** Two significant digits above 100: a track of 270 px cannot honestly give more. */
function roundCount(value) {
  const whole = Math.max(1, Math.round(value));
  return whole < 100 ? whole : Number(whole.toPrecision(2));
}

/** Step a value until its rounding really changes, so that an arrow key never does nothing. */
function stepped(value, direction, next, round, unit) {
  const wanted = round(next);
  return direction * (wanted - value) > 1e-12 ? wanted : round(value + direction * unit);
}

// The three dials. `range` is the track, `limits` what may be typed.
/** @type {Record<Dials.Name, Dials.Kind>} */
const DIALS = {
  temperature: {
    name: "Temperature", symbol: "T", spoken: "Temperature",
    range: (h) => h.temperature_range, limits: (h) => h.temperature_limits,
    toShare: logShare,
    fromShare: (share, range) => (Math.abs(share - logShare(1, range)) <= SNAP ? 1 : roundTemperature(range[0] * (range[1] / range[0]) ** share)),
    step: (value, direction, times, range) => {
      const next = value * (range[1] / range[0]) ** ((direction * times) / 200);
      // Passing 1 stops there: it is the one temperature with a meaning of its own.
      if (value !== 1 && (value - 1) * (next - 1) < 0) return 1;
      return stepped(value, direction, next, roundTemperature, value < 0.1 ? 0.001 : 0.01);
    },
    show: temperatureText,
    parse: (text, [low, high]) => readTyped("Temperature", text, { low, high }),
    valid: (value) => value > 0,
    complaint: "Type a number above 0, for example 0.7.", // Where it is none that is valid.
    limitText: temperatureText,
    speak: temperatureText,
  },
  external_fraction: {
    name: "External data", symbol: "", spoken: "External data",
    range: () => [0, 1], limits: () => [0, 1],
    toShare: (value) => value,
    fromShare: (share) => Math.round(100 * share) / 100,
    step: (value, direction, times) => Math.round(100 * value + direction * times) / 100,
    show: showShare,
    parse: (text) => readTypedPercent("External data", text),
    valid: () => true,
    limitText: (value) => `${showShare(value)} %`,
    speak: (value) => `${showShare(value)} per cent, mu ${value >= 1 ? "infinite" : ratioText(value)}`,
  },
  sample_size: {
    name: "Sample size", symbol: "k", spoken: "Sample size",
    range: (h) => h.sample_size_range, limits: (h) => h.sample_size_limits,
    toShare: logShare,
    fromShare: (share, range) => roundCount(range[0] * (range[1] / range[0]) ** share),
    step: (value, direction, times, range) =>
      Math.max(1, stepped(value, direction, value * (range[1] / range[0]) ** ((direction * times) / 200), roundCount, 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1))),
    show: showCount,
    parse: (text, limits) => readTypedCount("Sample size", text, limits),
    valid: () => true,
    limitText: showCount,
    speak: (value) => `${showCount(value)} items a generation`,
  },
};
const DIAL_NAMES = /** @type {Dials.Name[]} */ (Object.keys(DIALS));
