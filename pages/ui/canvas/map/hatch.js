// Hatching where two or more states are stable: there the past decides.

const HATCH_GAP = 7;

/**
 * The region's path, kept until the numbers or the size change; recorded anew for a drawing.
 * @param {PhaseMap.View} view @param {Context} context
 */
function bistableRegion(view, context) {
  const { field, plot } = view;
  if (context instanceof SvgContext) return bistablePath(view, newPath({ context }));
  const key = [plot.left, plot.top, plot.width, plot.height, view.from, view.to].join();
  if (field.bistable?.key !== key) field.bistable = { key, path: bistablePath(view, newPath({ context })) };
  return field.bistable.path;
}

/**
 * The region as one path: under the exact edge where it is known, elsewhere from the grid, smoothed.
 * @param {PhaseMap.View} view @param {Path2D} path
 */
function bistablePath(view, path) {
  const { field, plot } = view;
  const edge = field.statesEdge;
  if (edge) {
    for (const run of lineRuns(view, edge)) {
      path.moveTo(run[0][0], plot.bottom);
      for (const [x, y] of run) path.lineTo(x, y);
      path.lineTo(run[run.length - 1][0], plot.bottom);
      path.closePath();
    }
  }
  const corner = (t, c) => [plot.left + ((field.logs[t] - view.from) / (view.to - view.from)) * plot.width, view.y(field.shares[c])];
  addLevelCells(path, smoothIndicator(field, edge), field.logs.length, field.shares.length, corner);
  return path;
}

/**
 * 1 where two states or more, softened twice, so that its level 1/2 is a smooth line through a grid of steps.
 * @param {PhaseMap.Field} field @param {Numbers | null} edge
 */
function smoothIndicator(field, edge) {
  const [rows, columns] = [field.logs.length, field.shares.length];
  const states = field.states ?? [];
  let grid = new Float32Array(rows * columns);
  for (let t = 0; t < rows; t++) {
    const known = edge ? readLine(field, edge, field.logs[t]) : NaN;
    const from = Number.isFinite(known) ? known + 1.5 / columns : -1;
    for (let c = 0; c < columns; c++) grid[t * columns + c] = states[t * columns + c] >= 2 && field.shares[c] > from ? 1 : 0;
  }
  for (let pass = 0; pass < 2; pass++) grid = softened(grid, rows, columns);
  return grid;
}

/** @param {Float32Array} grid */
function softened(grid, rows, columns) {
  const out = new Float32Array(grid.length);
  for (let t = 0; t < rows; t++) {
    for (let c = 0; c < columns; c++) {
      let sum = 0;
      for (let i = -1; i <= 1; i++) {
        for (let j = -1; j <= 1; j++) {
          const [near, far] = [clamp(t + i, 0, rows - 1), clamp(c + j, 0, columns - 1)];
          sum += grid[near * columns + far];
        }
      }
      out[t * columns + c] = sum / 9;
    }
  }
  return out;
}

/** The part of each cell above 1/2. @param {Path2D} path @param {Float32Array} grid */
function addLevelCells(path, grid, rows, columns, corner) {
  const level = 0.5;
  for (let t = 0; t + 1 < rows; t++) {
    for (let c = 0; c + 1 < columns; c++) {
      const corners = [[t, c], [t, c + 1], [t + 1, c + 1], [t + 1, c]];
      const values = corners.map(([i, j]) => grid[i * columns + j]);
      if (values.every((value) => value < level)) continue;
      const points = corners.map(([i, j]) => corner(i, j));
      const shape = [];
      for (let k = 0; k < 4; k++) {
        const [a, b] = [values[k], values[(k + 1) % 4]];
        if (a >= level) shape.push(points[k]);
        if (a >= level !== b >= level) {
          const w = (level - a) / (b - a);
          shape.push(points[k].map((v, axis) => v + w * (points[(k + 1) % 4][axis] - v)));
        }
      }
      shape.forEach(([x, y], k) => (k ? path.lineTo(x, y) : path.moveTo(x, y)));
      path.closePath();
    }
  }
}

/** @param {Context} context @param {PhaseMap.View} view */
function drawBistable(context, view) {
  const { field, plot, palette, m, header } = view;
  if (!field.states || !view.isShown("bistable")) return;
  context.save();
  context.clip(bistableRegion(view, context));
  context.strokeStyle = palette.dark ? "#FFFFFF" : palette.ink;
  context.globalAlpha = header.uniform ? (palette.dark ? 0.34 : 0.3) : 0.24;
  context.lineWidth = m.line;
  const step = HATCH_GAP * m.line * Math.SQRT2;
  context.beginPath();
  for (let x = plot.left - plot.height; x < plot.right; x += step) {
    context.moveTo(x, plot.bottom);
    context.lineTo(x + plot.height, plot.top);
  }
  context.stroke();
  context.restore();
}
