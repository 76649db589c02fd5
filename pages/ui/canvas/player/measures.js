// Sizes per mode, and the small text helpers every drawing of the player uses.
// A drawing gets a "view" (player.js): the context, the run and its playhead, measures, palette, and what is shown now.

const MEASURES = {
  desk: {
    bars: 264, pairBars: 288, plot: 84, interventions: 20, titleRow: 28, panelGap: 20, left: 40, right: 88, labelGap: 10,
    word: 18, number: 15, tick: 13, legend: 14, title: 16, value: 18,
    outline: 1.75, run: 2.5, twin: 1.25, playhead: 1.25, track: 6, thumb: 9, barShare: 0.625, widestBar: 96, sample: 12,
  },
  projector: {
    bars: 368, pairBars: 416, plot: 84, interventions: 32, titleRow: 46, panelGap: 16, left: 64, right: 136, labelGap: 10,
    word: 36, number: 30, tick: 24, legend: 26, title: 28, value: 36,
    outline: 3.5, run: 6, twin: 3, playhead: 3, track: 12, thumb: 16, barShare: 0.625, widestBar: 160, sample: 12,
  },
  phone: {
    bars: 212, pairBars: 280, plot: 72, interventions: 44, titleRow: 26, panelGap: 26, left: 24, right: 64, labelGap: 6,
    word: 15, number: 13, tick: 12, legend: 13, title: 15, value: 17,
    outline: 1.5, run: 2.5, twin: 1.25, playhead: 1.25, track: 6, thumb: 10, barShare: 0.7, widestBar: 72, sample: 9,
  },
};
const PHONE_BELOW = 520;
const MOST_BARS = 60;

/** The measures for a container of this width; the narrow ones win over what the page asked for. Two runs are taller. */
function measuresFor(mode, width, pair = false) {
  const name = width < PHONE_BELOW ? "phone" : mode === "projector" ? "projector" : "desk";
  const measures = { name, ...MEASURES[name] };
  return pair ? { ...measures, bars: measures.pairBars } : measures;
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const mixed = (from, to, share) => from + (to - from) * share;
const grouped = (count) => count.toLocaleString("en");

/** A share as printed over a bar; a log axis shows what whole per cent would hide. */
function sharePrinted(view, share) {
  if (view.scale !== "log" || share === 0 || share >= 0.0095) return percent(share);
  return share < 1e-6 ? "<0.0001" : String(Number((100 * share).toPrecision(1)));
}

/** Effective outcomes as printed: "2.8", "1,234". */
const outcomesPrinted = (value) => (value < 99.95 ? value.toFixed(1) : grouped(Math.round(value)));

const natsPrinted = (value) => value.toFixed(2);

function setFont(view, size, weight = 400) {
  view.context.font = `${weight} ${size}px ${view.font}`;
}

function textWidth(view, text, size, weight = 400) {
  setFont(view, size, weight);
  return view.context.measureText(text).width;
}

/** `text`, cut with an ellipsis where it is wider than `room` pixels. */
function fitted(view, text, room, size, weight = 400) {
  if (textWidth(view, text, size, weight) <= room) return text;
  const letters = Array.from(text);
  let [fits, tooLong] = [0, letters.length];
  while (tooLong - fits > 1) {
    const half = (fits + tooLong) >> 1;
    const cut = letters.slice(0, half).join("").trimEnd() + "…";
    if (view.context.measureText(cut).width <= room) fits = half;
    else tooLong = half;
  }
  return letters.slice(0, fits).join("").trimEnd() + "…";
}

function drawText(view, text, x, y, { size, weight = 400, colour, align = "left", halo = null, haloWidth = 4 }) {
  setFont(view, size, weight);
  view.context.textAlign = align;
  view.context.textBaseline = "alphabetic";
  haloText(view.context, text, x, y, { colour, halo, width: haloWidth });
}

function drawLine(view, x1, y1, x2, y2, colour, width, dash = []) {
  const { context } = view;
  context.setLineDash(dash);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
  context.setLineDash([]);
}

/** The twin's dashes, the same in bars, curves and legend. */
const twinDash = (measures) => [measures.twin * 3.2, measures.twin * 2.2];

function drawCross(view, x, y, radius, width, colour) {
  drawLine(view, x - radius, y - radius, x + radius, y + radius, colour, width);
  drawLine(view, x - radius, y + radius, x + radius, y - radius, colour, width);
}

/** The class's colours: `fill` for areas and lines, `text` for small type. */
function classColours(palette, name) {
  const variable = CLASS_VARIABLE[name];
  return { fill: palette[variable], text: palette[`${variable}Text`] };
}
