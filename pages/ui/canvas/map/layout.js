// Measures per mode, scales between data and pixels, and numbers as words.

// Small map, px. From the mock-up: tick labels, words, curve weights, the dot.
const SMALL_MEASURES = {
  desk: { tick: 13, word: 15, glyph: 16, run: 2.5, thin: 1.25, dot: 9, aspect: 1.147, highest: 340 },
  phone: { tick: 12, word: 14, glyph: 15, run: 2.5, thin: 1.25, dot: 10, aspect: 0.782, highest: 300 },
  projector: { tick: 24, word: 27, glyph: 32, run: 6, thin: 3, dot: 16, aspect: 0.826, highest: 560 },
};

// Page map: one unit for type, one for line weights (a projector needs 1.5 and 1.6).
const PAGE_MEASURES = {
  desk: { unit: 1, line: 1, left: 54, right: 14, top: 10, bottom: 64, highest: 620, aspect: 0.71 },
  phone: { unit: 0.93, line: 0.9, left: 30, right: 8, top: 30, bottom: 46, lowest: 380, highest: 460, aspect: 1, strip: 124 },
  projector: { unit: 1.5, line: 1.6, left: 82, right: 20, top: 16, bottom: 98, highest: 880, aspect: 0.71 },
};
const PHONE_WINDOW = 640;
const STRIP_BELOW = 780;
const LEAST_MAP = 240; // px: below it a map says nothing, and the page scrolls

// The small map's column is narrow on a desk too, so there the window says whether this is a phone.
/** @returns {SizeName} */
function modeOf(kind, mode, width) {
  if (mode === "projector" && width >= 420) return "projector";
  // Below that the card would hide what is written on the map: its facts stand under the axis.
  if (kind === "page") return width < STRIP_BELOW ? "phone" : "desk";
  return window.innerWidth < PHONE_WINDOW ? "phone" : "desk";
}

/** @param {PhaseMap.Measures} m */
function plotOfSmall(m, width, room) {
  const height = Math.round(Math.min(m.highest, width * m.aspect, Math.max(LEAST_MAP, room)));
  const box = { left: m.tick * 2.7, right: width - 2, top: m.dot + 2, bottom: height - m.tick * 3.4 };
  return { height, box };
}

/** @param {PhaseMap.Measures} m */
function plotOfPage(m, width, beside, head, room) {
  if (beside) return plotBeside(m, width, beside, head, room);
  const wanted = Math.min(m.highest, Math.max(m.lowest || 0, width * m.aspect), Math.max(LEAST_MAP, room - (m.strip || 0)));
  const height = Math.round(wanted) + (m.strip || 0);
  const box = { left: m.left, right: width - m.right, top: m.top, bottom: Math.round(wanted) - m.bottom };
  return { height, box };
}

/**
 * Everything a drawing function needs to know about size, scale and colour.
 * @param {PhaseMap.Instance & { width: number, chips?: number, room?: number }} instance @returns {PhaseMap.View}
 */
function makeView({ header, field, curves, hidden, palette, width, chips = 0, room = Infinity }) {
  const kind = header.kind === "page" ? "page" : "small";
  const mode = modeOf(kind, header.mode, width);
  const m = (kind === "page" ? PAGE_MEASURES : SMALL_MEASURES)[mode];
  const beside = kind === "page" && header.cut ? besideMeasures(mode, width) : null;
  const head = { chips, highest: header.plot_height };
  const { height, box } = kind === "page" ? plotOfPage(m, width, beside, head, room) : plotOfSmall(m, width, room);
  const plot = { ...box, width: box.right - box.left, height: box.bottom - box.top };
  const [from, to] = header.temperature_range.map(Math.log);
  const view = /** @type {PhaseMap.View} */ ({
    header, field, palette, width, height, kind, mode, m, plot, from, to, isBeside: Boolean(beside),
    stripTop: height - (m.strip || 0) + 14,
    isShown: (group) => !group || !hidden || !hidden.has(group),
    x: (temperature) => plot.left + ((Math.log(temperature) - from) / (to - from)) * plot.width,
    y: (share) => plot.bottom - share * plot.height,
    log: (x) => from + ((x - plot.left) / plot.width) * (to - from),
    share: (y) => (plot.bottom - y) / plot.height,
    font: (weight, size) => fontOf(palette, size, weight),
  });
  if (kind === "page") addPanels(view, curves || {}, beside);
  return view;
}

/** @param {PhaseMap.View} view */
const classAtPixel = (view, x, y) => classAt(view.field, view.log(x), view.share(y));

/**
 * A line over the contour's temperatures as runs of pixels; gaps where it is not finite or stays on the floor.
 * @param {PhaseMap.View} view @param {ArrayLike<number>} values @returns {Point[][]}
 */
function lineRuns(view, values, fromLog = view.from, toLog = view.to) {
  const { lineLogs } = view.field;
  const inner = Array.from(lineLogs).filter((log) => log > fromLog && log < toLog);
  const runs = [];
  let run = [];
  const end = () => {
    if (run.some(([, y]) => y < view.plot.bottom - 0.5) && run.length > 1) runs.push(run);
    run = [];
  };
  for (const log of [fromLog, ...inner, toLog]) {
    const value = readLine(view.field, values, log);
    if (!Number.isFinite(value)) {
      end();
      continue;
    }
    // A stretch at zero is the axis itself: the line ends where it meets the floor.
    const onFloor = value <= 1e-6;
    const wasOnFloor = run.length > 0 && run[run.length - 1][1] >= view.plot.bottom;
    if (onFloor && wasOnFloor) end();
    run.push([view.x(Math.exp(log)), view.y(clamp(value, 0, 1))]);
  }
  end();
  return runs;
}

/** Snap to 1 within 1.2 % of the width, three significant digits, whole per cent. @param {PhaseMap.View} view */
function pointAtPixel(view, x, y) {
  const { plot } = view;
  const px = clamp(x, plot.left, plot.right);
  const near = Math.abs(px - view.x(1)) <= 0.012 * plot.width;
  const temperature = near ? 1 : Number(Math.exp(view.log(px)).toPrecision(3));
  return { temperature, external_fraction: Math.round(100 * clamp(view.share(y), 0, 1)) / 100 };
}

/**
 * The least share at a reading: the server's exact number for its own point, the line's for any other.
 * @param {PhaseMap.View} view @param {PhaseMap.Reading} reading
 */
const leastOf = (view, reading, log) => reading.least_external ?? readLine(view.field, view.field.contour, log);

const countText = (value) => String(Number(value.toFixed(value < 100 ? 1 : 0)));

/** @param {PhaseMap.View} view @param {PhaseMap.Reading} reading */
function readoutText(view, reading) {
  const { temperature, external_fraction } = reading;
  const least = leastOf(view, reading, Math.log(temperature));
  return (
    `Temperature ${temperatureText(temperature)}, external data ${percentFine(external_fraction)} per cent: ${reading.class}. ` +
    `Shift ${signedText(reading.shift)}, distance to the source ${reading.distance.toFixed(2)}, ` +
    `${reading.effective.toFixed(1)} of ${countText(view.header.effective_source)} effective outcomes. ` +
    (least > 0 ? `Faithful from ${leastText(least)} per cent.` : "Faithful at any share.")
  );
}
