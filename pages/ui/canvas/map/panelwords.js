// Words on a panel: notes, branch names, "1 lower" and "2 raise", arrows where the sweep jumps.

const NOTE_SIZE = 13.5;

/**
 * The first of several lines is bold; the rest explains.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Words} words
 */
function drawNoteText(context, view, { lines, x, y, tone, align }) {
  const size = NOTE_SIZE * view.m.unit;
  context.textAlign = /** @type {CanvasTextAlign} */ (align);
  lines.forEach((line, i) => {
    context.font = view.font(lines.length > 1 && i === 0 ? 600 : 400, size);
    const isQuiet = i > 0 && tone !== "collapse" && tone !== "faithful";
    const colour = isQuiet ? view.palette.secondary : toneText(view, tone ?? "ink");
    haloText(context, line, x, y + i * size * 1.2, { colour, halo: view.palette.page, width: 4 * view.m.unit });
  });
}

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Words} words */
function noteBox(context, view, { lines, x, y, align }) {
  const size = NOTE_SIZE * view.m.unit;
  context.font = view.font(600, size);
  const width = Math.max(...lines.map((line) => context.measureText(line).width));
  const left = align === "right" ? x - width : align === "center" ? x - width / 2 : x;
  return { left, right: left + width, top: y - size * 0.85, bottom: y + size * (1.2 * (lines.length - 1) + 0.3) };
}

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel */
function drawNotes(context, view, panel) {
  return (panel.notes || []).map(({ text, x, y, tone }) => {
    const [px, py] = panel.at(y, x);
    const note = { lines: String(text).split("\n"), x: x > 1 ? panel.right + 12 * view.m.unit : px, y: py, tone, align: "left" };
    const box = noteBox(context, view, note);
    // A note that would leave the picture moves in; one beside the panel belongs to the label column.
    const over = box.right - (x > 1 ? view.width : view.isBeside ? panel.right + panel.labels : panel.right);
    if (over > 0) note.x -= over;
    drawNoteText(context, view, note);
    return noteBox(context, view, note);
  });
}

/**
 * A branch's name beside it, where no branch and no other word runs.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel @param {Box[]} boxes
 */
function drawBranchLabels(context, view, panel, boxes) {
  const points = panel.branches.flatMap((branch) => branchPoints(panel, branch));
  for (const branch of panel.branches) {
    if (!branch.label) continue;
    const lines = branch.label.split("\n");
    const tone = branch.kind === "unstable" ? "other" : branch.tone;
    const spot = placeBeside(context, view, panel, branch, lines, points, boxes);
    if (!spot) continue;
    drawNoteText(context, view, { ...spot, tone });
    boxes.push(noteBox(context, view, spot));
  }
}

const LABEL_PARTS = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9];

/**
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel @param {PhaseMap.Branch} branch
 * @param {string[]} lines @param {Point[]} points @param {Box[]} boxes
 */
function placeBeside(context, view, panel, branch, lines, points, boxes) {
  const own = branchPoints(panel, branch);
  const lengths = arcLengths(own);
  const u = view.m.unit;
  const lying = panel.kind === "bifurcation";
  const height = NOTE_SIZE * u * 1.2 * lines.length;
  const places = LABEL_PARTS.flatMap((part) => {
    const { x, y } = pointOnLine(own, lengths, part * lengths[lengths.length - 1]);
    const around = [10, 20, 32, 46].flatMap((gap) => lying
      ? [{ x, y: y - gap * u - height + 12 * u, align: "center", gap }, { x, y: y + (gap + 6) * u, align: "center", gap }]
      : [{ x: x + gap * u, y, align: "left", gap }, { x: x - gap * u, y, align: "right", gap: gap + 2 }]);
    return around.map((place) => ({
      ...place, lines, box: noteBox(context, view, { ...place, lines }), cost: place.gap + 30 * Math.abs(part - 0.5),
    }));
  });
  const within = { left: panel.left + 2, right: panel.right + 4 * u, top: panel.top + 2, bottom: panel.bottom - 3 };
  const weigh = (box) => (passes(points, box, 5 * u) ? Infinity : 0);
  return placeLabel(places, { within, taken: boxes, weigh, must: true });
}

/**
 * Whether a chain of points runs through a box grown by `margin`; steps between points are filled in.
 * @param {Point[]} points @param {Box} box
 */
function passes(points, { left, right, top, bottom }, margin) {
  const grown = { left: left - margin, right: right + margin, top: top - margin, bottom: bottom + margin };
  return points.some(([x, y], i) => {
    if (crosses([[x, y]], grown)) return true;
    const [a, b] = points[i + 1] || [x, y];
    const length = Math.hypot(a - x, b - y);
    // A long step is a straight branch of two points, or the gap to the next branch; the former is checked.
    if (length < 6 || (Math.abs(a - x) > 40 && Math.abs(b - y) > 40)) return false;
    for (let k = 1; k < length / 6; k++) {
      if (crosses([[x + ((a - x) * k * 6) / length, y + ((b - y) * k * 6) / length]], grown)) return true;
    }
    return false;
  });
}

/** @param {Context} context @param {PhaseMap.View} view @param {Point} at @param {Point} at2 */
function drawArrow(context, view, [x0, y0], [x1, y1]) {
  const u = view.m.unit;
  const angle = Math.atan2(y1 - y0, x1 - x0);
  context.strokeStyle = context.fillStyle = view.palette.dark ? "#FFFFFF" : view.palette.ink;
  context.lineWidth = 1.5 * view.m.line;
  tracePath(context, [[x0, y0], [x1 - Math.cos(angle) * 8 * u, y1 - Math.sin(angle) * 8 * u]]);
  context.stroke();
  context.save();
  context.translate(x1, y1);
  context.rotate(angle);
  tracePath(context, [[-11 * u, -4.6 * u], [0, 0], [-11 * u, 4.6 * u]]);
  context.fill();
  context.restore();
}

const JUMP = 0.08;

/**
 * Where one step of the sweep leaps to another state: an arrow, at the exact threshold if there is one nearby.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel
 */
function drawJumps(context, view, panel) {
  if (!panel.swept) return [];
  const { shares, distances, turn } = panel.swept;
  const boxes = [];
  const exact = (panel.thresholds || []).filter(({ tone }) => tone !== "bound");
  for (let i = 1; i < shares.length; i++) {
    const leap = distances[i] - distances[i - 1];
    // The fall may take a step or two more: the arrow points at where it ends.
    let end = i;
    while (end + 1 < shares.length && end + 1 !== turn && (distances[end + 1] - distances[end]) * Math.sign(leap) > 0.02) end++;
    if (Math.abs(leap) < JUMP || i === turn || Math.abs(shares[i] - shares[i - 1]) > 0.05) continue;
    const middle = (shares[i] + shares[i - 1]) / 2;
    const near = exact.find(({ value }) => Math.abs(value - middle) < 0.03);
    const [from, y] = panel.at(near ? near.value : middle, distances[i - 1]);
    const [to] = panel.at(middle, distances[end]);
    const inset = 8 * view.m.unit * Math.sign(to - from);
    if (Math.abs(to - from) <= 34 * view.m.unit) continue;
    drawArrow(context, view, [from + inset, y], [to - inset, y]);
    boxes.push({ left: Math.min(from, to), right: Math.max(from, to), top: y - 6 * view.m.unit, bottom: y + 6 * view.m.unit });
    i = end;
  }
  return boxes;
}

/**
 * "1 lower" beside the way down, "2 raise" beside the way up.
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel @param {Box[]} boxes
 */
function drawArrows(context, view, panel, boxes) {
  if (!panel.swept) return [];
  const { shares, distances, turn } = panel.swept;
  const words = sweepWords(view);
  const down = { shares: shares.subarray(0, turn), distances: distances.subarray(0, turn), text: words[0], way: -1, sides: [1, -1], wishes: [0.8, 0.86, 0.72, 0.66] };
  const up = { shares: shares.subarray(turn), distances: distances.subarray(turn), text: words[1], way: 1, sides: [-1, 1], wishes: [0.24, 0.2, 0.16, 0.28, 0.32] };
  const points = panel.branches.flatMap((branch) => branchPoints(panel, branch));
  const placed = [];
  for (const leg of [down, up]) {
    // Where the words do not fit, their number still does.
    const spots = [leg.text, leg.text.slice(0, 1)].map((text) => placeArrow(context, view, panel, { ...leg, text }, points, [...boxes, ...placed]));
    const spot = spots.find(Boolean);
    if (!spot) continue;
    drawArrow(context, view, spot.line[0], spot.line[1]);
    drawNoteText(context, view, { ...spot.note, tone: "ink" });
    placed.push(spot.box);
  }
  return placed;
}

/** @param {PhaseMap.View} view */
const sweepWords = ({ header }) => (header.cut?.sweep?.words ?? ["lower", "raise"]).map((word, i) => `${i + 1}  ${word}`);

/**
 * @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Panel} panel @param {PhaseMap.Leg} leg
 * @param {Point[]} points @param {Box[]} boxes
 */
function placeArrow(context, view, panel, leg, points, boxes) {
  const u = view.m.unit;
  const half = 20 * u;
  for (const [side, share] of leg.sides.flatMap((one) => leg.wishes.map((wish) => [one, wish]))) {
    const i = leg.shares.findIndex((value, k) => k > 0 && (value - share) * (leg.shares[k - 1] - share) <= 0);
    if (i < 0) continue;
    const [x, y] = panel.at(leg.shares[i], leg.distances[i]);
    for (const gap of [16, 26]) {
      // The arrow runs along the branch, so it leans as the branch does.
      const [near, far] = [share - half / panel.height, share + half / panel.height].map((value) => {
        const k = leg.shares.findIndex((other, n) => n > 0 && (other - value) * (leg.shares[n - 1] - value) <= 0);
        return k < 0 ? x : panel.at(0, leg.distances[k])[0];
      });
      const at = side * gap * u;
      const ends = [[far + at, y - half], [near + at, y + half]];
      const line = leg.way < 0 ? ends : ends.reverse();
      /** @type {PhaseMap.Words} */
      const note = { lines: leg.text.split("\n"), x: x + at + side * 9 * u, y: y + 5 * u, align: side > 0 ? "left" : "right" };
      const text = noteBox(context, view, note);
      const box = { left: Math.min(text.left, x + at - 6 * u), right: Math.max(text.right, x + at + 6 * u), top: Math.min(text.top, y - half), bottom: Math.max(text.bottom, y + half) };
      const isIn = text.left > panel.left && text.right < panel.right + (view.isBeside ? panel.labels * 0.4 : 0);
      if (isIn && !boxes.some((other) => overlaps(other, box)) && !passes(points, text, 4 * u) && !passes(points, { ...box, left: x + at - 4 * u, right: x + at + 4 * u }, 0)) return { line, note, box };
    }
  }
  return null;
}
