// Sizes per mode, and the small text helpers every drawing of the player uses.
// A drawing gets a "view" (player.js): the context, the run and its playhead, measures, palette, and what is shown now.

const MEASURES = {
  desk: {
    bars: 264, pairBars: 288, plot: 84, interventions: 20, titleRow: 28, panelGap: 20, left: 40, right: 88, labelGap: 10,
    word: 18, number: 15, tick: 13, legend: 14, title: 16, value: 18,
    outline: 1.75, run: 2.5, twin: 1.25, playhead: 1.25, track: 6, thumb: 9, barShare: 0.625, widestBar: 96, sample: 12,
  },
  projector: {
    bars: 368, pairBars: 416, plot: 84, interventions: 32, titleRow: 42, panelGap: 14, left: 64, right: 136, labelGap: 10,
    word: 36, number: 30, tick: 24, legend: 26, title: 28, value: 36,
    outline: 3.5, run: 6, twin: 3, playhead: 3, track: 12, thumb: 16, barShare: 0.625, widestBar: 160, sample: 12,
  },
  phone: {
    bars: 212, pairBars: 280, plot: 72, interventions: 44, titleRow: 26, panelGap: 26, left: 24, right: 64, labelGap: 6,
    word: 15, number: 13, tick: 12, legend: 13, title: 15, value: 17,
    outline: 1.5, run: 2.5, twin: 1.25, playhead: 1.25, track: 6, thumb: 10, barShare: 0.7, widestBar: 72, sample: 9,
  },
};
const MOST_BARS = 60;

/** The measures for a container of this width. Two runs are taller. */
function measuresFor(mode, width, pair = false) {
  const name = sizeName(mode, width);
  const measures = { name, ...MEASURES[name] };
  return pair ? { ...measures, bars: measures.pairBars } : measures;
}

/** A share as printed over a bar; a log axis shows what whole per cent would hide. @param {Player.View} view */
function sharePrinted(view, share) {
  if (view.scale !== "log" || share === 0 || share >= 0.0095) return percent(share);
  return share < 1e-6 ? "<0.0001" : String(Number((100 * share).toPrecision(1)));
}

const natsPrinted = (value) => value.toFixed(2);

/** @param {Player.View} view */
const textWidth = (view, text, size, weight = 400) => widthIn(view.context, view.palette, text, size, weight);
/** @param {Player.View} view @param {TextStyle} style */
const drawText = (view, text, x, y, style) => writeText(view.context, view.palette, text, x, y, style);

/** `text`, cut with an ellipsis where it is wider than `room` pixels. @param {Player.View} view */
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

/** The first of the texts that fits, else the last. @param {Player.View} view @param {string[]} texts @returns {string} */
const fittingText = (view, texts, room, size) => texts.find((text) => textWidth(view, text, size) <= room) ?? texts[texts.length - 1];

/** @param {Player.View} view */
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

/** The twin's dashes, the same in bars, curves and legend. @param {Player.Measures} measures */
const twinDash = (measures) => [measures.twin * 3.2, measures.twin * 2.2];

/** @param {Player.View} view */
function drawCross(view, x, y, radius, width, colour) {
  drawLine(view, x - radius, y - radius, x + radius, y + radius, colour, width);
  drawLine(view, x - radius, y + radius, x + radius, y - radius, colour, width);
}
