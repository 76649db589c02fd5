// The triangle's numbers: reading between lattice points, basins painted with exact borders, level lines of V.

/** Place of lattice point (i, j) in the arrays: rows of i, in each the j that fit. */
const latticeAt = (cells, i, j) => i * (cells + 1) - (i * (i - 1)) / 2 + j;

/** The three lattice points around a mix and their weights. @param {Geometry.Mix} p */
function cellAround(cells, p) {
  const [u, v] = [clamp(p[0] * cells, 0, cells), clamp(p[1] * cells, 0, cells)];
  const i = Math.min(Math.floor(u), cells - 1);
  const j = Math.max(0, Math.min(Math.floor(v), cells - 1 - i));
  const [du, dv] = [u - i, v - j];
  if (du + dv <= 1 || i + j + 2 > cells) {
    return { corners: [[i, j], [i + 1, j], [i, j + 1]], weights: [1 - du - dv, du, dv] };
  }
  return { corners: [[i + 1, j + 1], [i, j + 1], [i + 1, j]], weights: [du + dv - 1, 1 - du, 1 - dv] };
}

/** @param {Geometry.Header} header */
function makeField({ arrays, fixed_points: points }) {
  const cells = arrays.lattice_size[0];
  const borders = bordersOf(arrays.borders);
  return { cells, potential: arrays.potential, basin: arrays.basin, points, borders, near: nearBorders(cells, borders) };
}

/**
 * Borders as lists of mixes; a line that ended early repeats its last point, once is enough.
 * @param {Numbers | undefined} array
 */
function bordersOf(array) {
  if (!array) return [];
  const [lines, steps] = array.shape;
  return Array.from({ length: lines }, (_, line) => {
    const points = [];
    for (let step = 0; step < steps; step += 1) {
      const at = 3 * (line * steps + step);
      const p = [array[at], array[at + 1], array[at + 2]];
      const last = points[points.length - 1];
      if (!last || Math.abs(p[0] - last[0]) + Math.abs(p[1] - last[1]) > 1e-6) points.push(p);
    }
    return points;
  }).filter((points) => points.length > 1);
}

const cellKey = (i, j) => i * 1000 + j;

/** Border pieces by the lattice cells they may touch, in lattice units: [u1, v1, u2, v2]. @param {Geometry.Mix[][]} borders */
function nearBorders(cells, borders) {
  const near = new Map();
  for (const line of borders) {
    for (let k = 1; k < line.length; k += 1) {
      const [a, b] = [line[k - 1], line[k]];
      const piece = [a[0] * cells, a[1] * cells, b[0] * cells, b[1] * cells];
      const [i, j] = [Math.floor((piece[0] + piece[2]) / 2), Math.floor((piece[1] + piece[3]) / 2)];
      for (let di = -1; di <= 1; di += 1) {
        for (let dj = -1; dj <= 1; dj += 1) {
          const key = cellKey(i + di, j + dj);
          if (!near.has(key)) near.set(key, []);
          near.get(key).push(piece);
        }
      }
    }
  }
  return near;
}

const turn = (ax, ay, bx, by, cx, cy) => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);

/** @param {number} u @param {number} v @param {number} i @param {number} j @param {number[]} piece */
function isCut(u, v, i, j, [u1, v1, u2, v2]) {
  return turn(u, v, i, j, u1, v1) > 0 !== turn(u, v, i, j, u2, v2) > 0 && turn(u1, v1, u2, v2, u, v) > 0 !== turn(u1, v1, u2, v2, i, j) > 0;
}

/**
 * Which stable state a mix rolls to: the label of a lattice corner from which no border parts it.
 * @param {Geometry.Field} field @param {Geometry.Mix} p
 */
function basinAt(field, p) {
  const { cells, basin, near } = field;
  const { corners, weights } = cellAround(cells, p);
  const labels = corners.map(([i, j]) => basin[latticeAt(cells, i, j)]);
  if (labels[0] === labels[1] && labels[1] === labels[2]) return labels[0];
  const [u, v] = [p[0] * cells, p[1] * cells];
  const pieces = near.get(cellKey(Math.floor(u), Math.floor(v))) ?? [];
  const order = [0, 1, 2].sort((a, b) => weights[b] - weights[a]);
  for (const k of order) {
    const [i, j] = corners[k];
    if (labels[k] !== 255 && !pieces.some((piece) => isCut(u, v, i, j, piece))) return labels[k];
  }
  return labels[order[0]];
}

/** V between the lattice points. @param {Geometry.Field} field @param {Geometry.Mix} p */
function potentialAt({ cells, potential }, p) {
  const { corners, weights } = cellAround(cells, p);
  return corners.reduce((sum, [i, j], k) => sum + weights[k] * potential[latticeAt(cells, i, j)], 0);
}

// Basins are not classes: pale tints of their own, by the outcome that leads there.
const BASIN_TINTS = {
  light: ["#FBF3DA", "#ECEDF1", "#F6E6EF"],
  dark: ["#2B2518", "#1F242E", "#2E1F2B"],
};

/** One tint per fixed point; two states with the same leader get different ones. @param {Geometry.FixedPoint[]} points */
function tintsOf(points, dark) {
  const tints = BASIN_TINTS[dark ? "dark" : "light"];
  const free = [0, 1, 2];
  return points.map(({ p, kind }) => {
    if (kind !== "stable") return null;
    const leader = p.indexOf(Math.max(...p));
    const choice = free.includes(leader) ? leader : free[0] ?? leader;
    if (free.includes(choice)) free.splice(free.indexOf(choice), 1);
    return tints[choice];
  });
}

const BASIN_GRAIN = 2; // CSS pixels to a painted pixel: the tints are pale and their soft edges lie under the dashes.
const basinCanvas = document.createElement("canvas"); // one for all, a new one at every change would be garbage

/** The basins as an image. @param {Geometry.View} view @param {Geometry.Field} field */
function paintBasins(view, field) {
  const [across, up] = [view.side / BASIN_GRAIN, (view.side * TALL) / BASIN_GRAIN];
  const [width, height] = [Math.ceil(across), Math.ceil(up)];
  basinCanvas.width = width;
  basinCanvas.height = height;
  const context = contextOf(basinCanvas);
  const plain = BASIN_TINTS[view.palette.dark ? "dark" : "light"][1];
  const tints = tintsOf(field.points, view.palette.dark);
  const first = field.basin[0];
  if (field.basin.every((label) => label === first)) {
    context.fillStyle = tints[first] ?? plain;
    context.fillRect(0, 0, width, height);
    return basinCanvas;
  }
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const packed = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  const inks = tints.map((tint) => packed(rgb(tint ?? plain)));
  const p = [0, 0, 0];
  for (let row = 0; row < height; row += 1) {
    p[2] = clamp(1 - (row + 0.5) / up, 0, 1);
    // A pixel more on both sides, so that the clipped edge has no gap.
    const from = Math.max(0, Math.floor((p[2] / 2) * across) - 1);
    const to = Math.min(width, Math.ceil((1 - p[2] / 2) * across) + 1);
    for (let column = from; column < to; column += 1) {
      p[1] = clamp((column + 0.5) / across - p[2] / 2, 0, 1 - p[2]);
      p[0] = 1 - p[1] - p[2];
      pixels[row * width + column] = inks[basinAtFast(field, p)] ?? inks[0];
    }
  }
  context.putImageData(image, 0, 0);
  return basinCanvas;
}

/**
 * basinAt without its small arrays where all three corners agree: nearly everywhere.
 * @param {Geometry.Field} field @param {Geometry.Mix} p
 */
function basinAtFast(field, p) {
  const { cells, basin } = field;
  const [u, v] = [p[0] * cells, p[1] * cells];
  const i = Math.min(u | 0, cells - 1);
  const j = Math.max(0, Math.min(v | 0, cells - 1 - i));
  const near = latticeAt(cells, i, j);
  const next = near + cells - i + 1; // (i + 1, j)
  const label = basin[near];
  if (label === basin[next] && label === basin[near + 1]) {
    if (u - i + v - j <= 1 || i + j + 2 > cells || basin[next + 1] === label) return label;
  }
  return basinAt(field, p);
}

const CONTOURS_BELOW = 7;
const MOST_CONTOURS = 18;

/**
 * Levels of V: even steps up to where most of the triangle lies, then wider ones towards the walls.
 * @param {Geometry.Field} field
 */
function contourLevels({ potential }) {
  const sorted = Float32Array.from(potential).sort();
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))];
  const [low, high, top] = [sorted[0], at(0.6), at(0.96)];
  if (!(high - low > 1e-6)) return [];
  const levels = [];
  let step = (high - low) / CONTOURS_BELOW;
  for (let level = low + 0.4 * step; level < top && levels.length < MOST_CONTOURS; level += step) {
    levels.push(level);
    if (level > high) step *= 1.55;
  }
  return levels;
}

/**
 * Marching triangles, all levels in one pass: straight pieces handed to `draw` as lattice places (i1, j1, i2, j2).
 * @param {Geometry.Field} field @param {number[]} levels
 */
function traceLevels({ cells, potential }, levels, draw) {
  const ends = [0, 0, 0, 0];
  const triangle = (ia, ja, ib, jb, ic, jc) => {
    const a = potential[latticeAt(cells, ia, ja)];
    const b = potential[latticeAt(cells, ib, jb)];
    const c = potential[latticeAt(cells, ic, jc)];
    const [low, high] = [Math.min(a, b, c), Math.max(a, b, c)];
    for (const level of levels) {
      if (level >= high) break;
      if (level < low) continue;
      let found = 0;
      const side = (i, j, from, k, l, to) => {
        if (from > level === to > level) return;
        const share = (level - from) / (to - from);
        ends[found] = lerp(i, k, share);
        ends[found + 1] = lerp(j, l, share);
        found += 2;
      };
      side(ia, ja, a, ib, jb, b);
      side(ib, jb, b, ic, jc, c);
      side(ic, jc, c, ia, ja, a);
      if (found === 4) draw(...ends);
    }
  };
  for (let i = 0; i < cells; i += 1) {
    for (let j = 0; i + j < cells; j += 1) {
      triangle(i, j, i + 1, j, i, j + 1);
      if (i + j + 2 <= cells) triangle(i + 1, j + 1, i, j + 1, i + 1, j);
    }
  }
}
