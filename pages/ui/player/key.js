// The key of the bars: what outline, coloured area, dashes and crosses mean, with the live number.
// It sits in the corner over the small bars; where luck could lift a bar into it, it moves above the plot.

const keyLine = (measures) => measures.key * 1.6;

/** The rows, for `moved` (share of probability moved, printed) and `extinct` outcomes. */
function keyRows(run, moved, extinct, short) {
  const rows = [{ mark: "source", text: `source: ${run.word_source ?? "the source law"}` }];
  const rest = short ? "" : " of all probability has moved here";
  rows.push({ mark: "excess", text: "more than in the source: ", number: `${moved} %`, rest });
  if (run.twin) rows.push({ mark: "twin", text: "same loop without sampling noise" });
  if (extinct > 0) {
    const returns = short ? "" : ", until external data brings it back";
    const fate = run.external_fraction > 0 ? returns : ", for good";
    rows.push({ mark: "cross", text: `extinct: ${grouped(extinct)} of ${grouped(run.n)}${fate}` });
  }
  return rows;
}

function keyRowWidth(view, row) {
  const size = view.measures.key;
  const number = row.number ? textWidth(view, row.number, size, 700) : 0;
  return size * 1.95 + textWidth(view, row.text + (row.rest ?? ""), size) + number;
}

/**
 * Where the key goes. `taken` are the spans { left, right, top } of the bars at their highest in the whole run,
 * numbers included, so that the key never moves while playing.
 */
function layoutKey(view, taken) {
  const { run, measures, width } = view;
  const widest = (short) => keyRows(run, "100", run.mostExtinct, short);
  for (const short of measures.name === "phone" ? [true] : [false, true]) {
    const rows = widest(short);
    const needed = Math.max(...rows.map((row) => keyRowWidth(view, row)));
    const bottom = measures.key * 0.6 + rows.length * keyLine(measures);
    const x = freePlace(taken, needed, bottom, width);
    if (x !== null) return { place: "corner", x, short, room: 0 };
  }
  const lines = flowRows(view, widest(true));
  return { place: "above", x: 0, short: true, lines: lines.length, room: lines.length * keyLine(measures) };
}

/** The free x nearest to the usual place over the fourth bar of ten, or null. */
function freePlace(taken, needed, bottom, width) {
  const usual = Math.round(width * 0.325);
  const places = [usual];
  for (let x = Math.round(width * 0.04); x + needed <= width; x += 8) places.push(x);
  places.sort((a, b) => Math.abs(a - usual) - Math.abs(b - usual));
  const tall = taken.filter((span) => span.top < bottom);
  const isFree = (x) => x + needed <= width + 1 && tall.every((span) => span.right < x - 12 || span.left > x + needed + 6);
  return places.find(isFree) ?? null;
}

/** Break rows into lines of the width: [[{ row, x }, ...], ...]. */
function flowRows(view, rows) {
  const lines = [[]];
  let x = 0;
  for (const row of rows) {
    const width = keyRowWidth(view, row);
    if (x > 0 && x + width > view.width) {
      lines.push([]);
      x = 0;
    }
    lines.at(-1).push({ row, x });
    x += width + view.measures.key * 1.7;
  }
  return lines;
}

function drawKey(view, key) {
  const { run, measures, frame } = view;
  const rows = keyRows(run, percent(run.distance[frame]), extinctCount(run, frame), key.short);
  let y = measures.key * (measures.name === "phone" ? 1 : 1.2);
  const lines = key.place === "above" ? flowRows(view, rows) : rows.map((row) => [{ row, x: key.x }]);
  for (const line of lines) {
    for (const { row, x } of line) drawKeyRow(view, row, x, y);
    y += keyLine(measures);
  }
}

function drawKeyRow(view, row, x, y) {
  const { palette, measures } = view;
  const size = measures.key;
  drawKeyMark(view, row.mark, x, y);
  let at = x + size * 1.95;
  const write = (text, weight, colour) => {
    drawText(view, text, at, y, { size, weight, colour });
    at += view.context.measureText(text).width;
  };
  write(row.number ? row.text : fitted(view, row.text, view.width - at, size), 400, palette.secondary);
  if (row.number) write(row.number, 700, classColours(palette, view.run.class).text);
  if (row.rest) write(row.rest, 400, palette.secondary);
}

function drawKeyMark(view, mark, x, y) {
  const { context, palette, measures } = view;
  const [width, height] = [measures.key * 1.3, measures.key * 0.8];
  const [middle, line] = [y - height / 2, measures.outline];
  if (mark === "excess") {
    context.fillStyle = classColours(palette, view.run.class).fill;
    context.fillRect(x, y - height, width, height);
  } else if (mark === "source") {
    context.strokeStyle = palette.outline;
    context.lineWidth = line;
    context.strokeRect(x + line / 2, y - height + line / 2, width - line, height - line);
  } else if (mark === "twin") {
    drawLine(view, x, middle + 1, x + width, middle + 1, palette.ink, measures.twin * 1.2, twinDash(measures));
  } else drawCross(view, x + width / 2, middle, measures.key * 0.3, line, palette.ink);
}
