// Words on the map: where they fit, and text that follows a line.

/** Whether a point lies in a box, or at most `slack` outside. @param {Box} box @param {Position} at */
const isInBox = (box, { x, y }, slack = 0) => x >= box.left - slack && x <= box.right + slack && y >= box.top - slack && y <= box.bottom + slack;

/** @param {Point[]} points @param {Box} box */
const crosses = (points, box) => points.some(([x, y]) => x > box.left && x < box.right && y > box.top && y < box.bottom);

/** Nine points of a box, corners first: enough to know that it lies within a region with a smooth edge. @param {Box} box */
function boxIsInside({ left, right, top, bottom }, isInside) {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return isInside(left, top) && isInside(right, top) && isInside(left, bottom) && isInside(right, bottom) &&
    isInside(x, y) && isInside(x, top) && isInside(x, bottom) && isInside(left, y) && isInside(right, y);
}

/**
 * The free spot nearest to `wish` for a box of `size` wholly inside a region; null where it does not fit.
 * @param {PhaseMap.Plot} plot @param {{ width: number, height: number }} size @param {Position} wish
 * @param {Box[]} obstacles
 */
function placeBox(plot, isInside, size, wish, obstacles) {
  const weigh = (box) => (boxIsInside(box, isInside) ? 0 : Infinity);
  return placeLabel(spotsOn(plot, size, wish), { taken: obstacles, weigh, must: true });
}

/** Places all over a plot; a coarse look first: whatever it finds spares the fine one most of its work. @returns {Iterable<PhaseMap.Spot>} */
function* spotsOn(plot, size, wish) {
  for (const step of [32, 4]) {
    for (let y = plot.top + size.height / 2 + 3; y <= plot.bottom - size.height / 2 - 3; y += step) {
      for (let x = plot.left + size.width / 2 + 3; x <= plot.right - size.width / 2 - 3; x += step) {
        yield { x, y, cost: Math.hypot(x - wish.x, y - wish.y), box: boxAround(x, y, size.width, size.height) };
      }
    }
  }
}

/** Cumulative arc lengths of a polyline. @param {Point[]} points */
function arcLengths(points) {
  const lengths = [0];
  for (let i = 1; i < points.length; i++) {
    lengths.push(lengths[i - 1] + Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]));
  }
  return lengths;
}

/** @param {Point[]} points @param {number[]} lengths */
function pointOnLine(points, lengths, at) {
  const [i, u] = bracket(lengths, at);
  const [a, b] = [points[i], points[i + 1]];
  return { x: a[0] + (b[0] - a[0]) * u, y: a[1] + (b[1] - a[1]) * u };
}

/**
 * Each letter of a text with its place on the line, `offset` px to its side (negative: above).
 * @param {Context} context @param {Point[]} points
 */
function lettersAlong(context, text, points, start, offset) {
  const lengths = arcLengths(points);
  const letters = [];
  let before = 0;
  for (let i = 0; i < text.length; i++) {
    // Widths of growing prefixes keep the font's kerning.
    const after = context.measureText(text.slice(0, i + 1)).width;
    const middle = start + (before + after) / 2;
    const reach = 5;
    const [back, here, ahead] = [middle - reach, middle, middle + reach].map((at) => pointOnLine(points, lengths, at));
    const angle = Math.atan2(ahead.y - back.y, ahead.x - back.x);
    letters.push({ letter: text[i], angle, x: here.x - Math.sin(angle) * offset, y: here.y + Math.cos(angle) * offset });
    before = after;
  }
  return letters;
}

/**
 * Draw letters of lettersAlong: every halo first, so that none eats its neighbour.
 * @param {Context} context @param {PhaseMap.Letter[]} letters
 * @param {{ colour: string, halo?: string, width?: number }} options
 */
function drawLetters(context, letters, { colour, halo, width = 3 }) {
  const each = (draw) => {
    for (const { letter, angle, x, y } of letters) {
      context.save();
      context.translate(x, y);
      context.rotate(angle);
      draw(letter);
      context.restore();
    }
  };
  context.textAlign = "center";
  context.lineJoin = "round";
  if (halo) {
    context.strokeStyle = halo;
    context.lineWidth = width;
    each((letter) => context.strokeText(letter, 0, 0));
  }
  context.fillStyle = colour;
  each((letter) => context.fillText(letter, 0, 0));
}

/** Small boxes that cover the letters, as obstacles for what is placed later. @param {PhaseMap.Letter[]} letters */
function lettersBoxes(letters, size) {
  return letters.map(({ x, y }) => boxAround(x, y - size * 0.3, size, size * 1.2));
}
