// The legend of the bars: what outline, coloured area, dashes and crosses mean, with the live number.
// It sits in the corner over the small bars; where luck could lift a bar into it, it moves above the plot.

/** @param {Player.Measures} measures */
const legendLine = (measures) => measures.legend * 1.6;

/**
 * The state the legend tells: leader and its share, the share of probability moved, and how many are extinct.
 * @param {Player.View} view @returns {Player.LegendState}
 */
function legendState({ run, frame, leader, phase }) {
  const isLuck = run.twin_phases && phaseAt(run.twin_phases, run.frames[frame]) !== phase;
  return {
    leader, share: percent(run.probabilities[frame * run.n + leader]), moved: percent(run.distance[frame]),
    extinct: extinctCount(run, frame), twinMoved: isLuck && run.twinDistance ? percent(run.twinDistance[frame]) : null,
  };
}

/** The state that needs most room in the whole run. @param {Player.View} view */
function widestState(view) {
  const { run, measures } = view;
  const leaders = [...new Set(run.leaders)];
  const widths = leaders.map((leader) => textWidth(view, legendName(run, leader), measures.legend, 700));
  const leader = leaders[widths.indexOf(Math.max(...widths))];
  const twinMoved = run.twin ? "100" : null;
  return { leader, share: "100", moved: "100", extinct: run.mostExtinct, twinMoved };
}

const LONGEST_LEGEND_NAME = 20;
/** @param {Player.Run} run */
const legendName = (run, i) => (run.labels ? shortened(run.labels[i], LONGEST_LEGEND_NAME) : `outcome ${i + 1}`);

const LEGEND_WORDS = [
  {
    rest: " of all probability has moved here", returns: ", until external data brings it back",
    log: "log axis: compare heights, not areas",
  },
  { rest: "", returns: "", log: "log axis: heights, not areas" },
];

/**
 * The rows, for a state; `brief` 0 is the full text, 1 shorter, 2 a few words each.
 * @param {Player.View} view @param {Player.LegendState} state @returns {Player.LegendRow[]}
 */
function legendRows(view, { leader, share, moved, extinct, twinMoved }, brief) {
  const { run } = view;
  const words = LEGEND_WORDS[Math.min(brief, 1)];
  const few = brief === 2;
  const rows = [
    { mark: "leads", text: "leads: ", number: `${legendName(run, leader)}, ${share} %` },
    { mark: "source", text: few ? "source" : `source: ${run.word_source ?? "the source law"}` },
    { mark: "excess", text: few ? "more: " : "more than in the source: ", number: `${moved} %`, rest: words.rest },
  ];
  // Where luck has made another class of it than temperature does, both distances are told.
  const told = twinMoved === null ? "" : few ? `: ${twinMoved} %` : `: ${twinMoved} % has moved`;
  if (run.twin) rows.push({ mark: "twin", text: `${few ? "no noise" : "same loop without sampling noise"}${told}` });
  if (view.scale === "log") rows.push({ mark: "log", text: words.log });
  if (extinct > 0) {
    const fate = few ? "" : run.external_fraction > 0 ? words.returns : ", for good";
    rows.push({ mark: "cross", text: `extinct: ${grouped(extinct)} of ${grouped(run.n)}${fate}` });
  }
  return rows;
}

/** @param {Player.View} view @param {Player.LegendRow} row */
function legendRowWidth(view, row) {
  const size = view.measures.legend;
  const number = row.number ? textWidth(view, row.number, size, 700) : 0;
  return size * 1.95 + textWidth(view, row.text + (row.rest ?? ""), size) + number;
}

/**
 * Where the legend goes. `taken` are the spans { left, right, top } of the bars at their highest in the whole run,
 * numbers included, so that the legend never moves while playing.
 * @param {Player.View} view @param {Player.Span[]} taken @returns {Player.Legend}
 */
function layoutLegend(view, taken) {
  const { measures, width } = view;
  const state = widestState(view);
  const phone = measures.name === "phone";
  for (const brief of phone ? [1] : [0, 1]) {
    const rows = legendRows(view, state, brief);
    const needed = Math.max(...rows.map((row) => legendRowWidth(view, row)));
    const bottom = measures.legend * 0.6 + rows.length * legendLine(measures);
    const x = freePlace(taken, needed, bottom, width);
    if (x !== null) return { place: "corner", x, brief, room: 0 };
  }
  const linesOf = (brief) => flowRows(view, legendRows(view, state, brief)).length;
  const brief = phone || linesOf(1) > 2 ? 2 : 1;
  return { place: "above", x: 0, brief, room: linesOf(brief) * legendLine(measures) };
}

/** The free x nearest to the usual place over the fourth bar of ten, or null. @param {Player.Span[]} taken */
function freePlace(taken, needed, bottom, width) {
  const usual = Math.round(width * 0.325);
  const places = [usual];
  for (let x = Math.round(width * 0.04); x + needed <= width; x += 8) places.push(x);
  places.sort((a, b) => Math.abs(a - usual) - Math.abs(b - usual));
  const tall = taken.filter((span) => span.top < bottom);
  const isFree = (x) => x + needed <= width + 1 && tall.every((span) => span.right < x - 12 || span.left > x + needed + 6);
  return places.find(isFree) ?? null;
}

/**
 * Break rows into lines of the width: [[{ row, x }, ...], ...].
 * @param {Player.View} view @param {Player.LegendRow[]} rows
 * @returns {{ row: Player.LegendRow, x: number }[][]}
 */
function flowRows(view, rows) {
  /** @type {{ row: Player.LegendRow, x: number }[][]} */
  const lines = [[]];
  let x = 0;
  for (const row of rows) {
    const width = legendRowWidth(view, row);
    if (x > 0 && x + width > view.width) {
      lines.push([]);
      x = 0;
    }
    lines[lines.length - 1].push({ row, x });
    x += width + view.measures.legend * 1.7;
  }
  return lines;
}

/** @param {Player.View} view @param {Player.Legend} legend */
function drawLegend(view, legend) {
  const { measures } = view;
  const rows = legendRows(view, legendState(view), legend.brief);
  let y = measures.legend * (measures.name === "phone" ? 1 : 1.2);
  const lines = legend.place === "above" ? flowRows(view, rows) : rows.map((row) => [{ row, x: legend.x }]);
  for (const line of lines) {
    for (const { row, x } of line) drawLegendRow(view, row, x, y);
    y += legendLine(measures);
  }
}

/** @param {Player.View} view @param {Player.LegendRow} row */
function drawLegendRow(view, row, x, y) {
  const { palette, measures } = view;
  const size = measures.legend;
  drawLegendMark(view, row.mark, x, y);
  let at = x + size * 1.95;
  const write = (text, weight, colour) => {
    drawText(view, text, at, y, { size, weight, colour });
    at += view.context.measureText(text).width;
  };
  write(row.number ? row.text : fitted(view, row.text, view.width - at, size), 400, palette.secondary);
  if (row.number) write(row.number, 700, row.mark === "leads" ? palette.ink : classColours(palette, view.phase).text);
  if (row.rest) write(row.rest, 400, palette.secondary);
}

/** @param {Player.View} view */
function drawLegendMark(view, mark, x, y) {
  const { context, palette, measures } = view;
  const [width, height] = [measures.legend * 1.3, measures.legend * 0.8];
  const [middle, line] = [y - height / 2, measures.outline];
  if (mark === "excess") {
    context.fillStyle = classColours(palette, view.phase).fill;
    context.fillRect(x, y - height, width, height);
  } else if (mark === "source") {
    context.strokeStyle = palette.outline;
    context.lineWidth = line;
    context.strokeRect(x + line / 2, y - height + line / 2, width - line, height - line);
  } else if (mark === "twin") {
    drawLine(view, x, middle + 1, x + width, middle + 1, palette.ink, measures.twin * 1.2, twinDash(measures));
  } else if (mark === "leads") {
    context.fillStyle = palette.ink;
    [0.45, 1, 0.3].forEach((share, i) => context.fillRect(x + width * (0.08 + i * 0.31), y - height * share, width * 0.22, height * share));
  } else if (mark === "log") {
    for (const share of [0, 0.55, 0.85, 1]) {
      drawLine(view, x, y - height * share, x + width, y - height * share, palette.secondary, line * 0.6);
    }
  } else drawCross(view, x + width / 2, middle, measures.legend * 0.3, line, palette.ink);
}
