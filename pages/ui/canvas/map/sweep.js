// The swept, simulated points: all of them at rest, one after the other while the sweep plays.

const SWEEP_SECONDS = 9;

/** @param {Context} context @param {PhaseMap.View} view */
function drawSweptDot(context, { palette, m }, x, y) {
  drawDisc(context, x, y, 1.8 * m.unit, { fill: palette.page, line: palette.ink, width: 0.95 * m.line });
}

/**
 * Dots in time order, thinned so that they stay apart, also from those of the way down: [{ i, x, y }].
 * @param {PhaseMap.View} view @param {PhaseMap.Panel} panel @param {PhaseMap.Swept} swept
 */
function sweptDots(view, panel, { shares, distances }) {
  const apart = 10 * view.m.unit;
  const kept = [];
  for (let i = 0; i < shares.length; i++) {
    const [x, y] = panel.at(shares[i], distances[i]);
    if (!kept.some((other) => Math.abs(y - other.y) < apart && Math.hypot(x - other.x, y - other.y) < apart)) kept.push({ i, x, y });
  }
  return kept;
}

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Playing | null} playing */
function drawSweep(context, view, playing) {
  const panel = view.cut;
  if (!panel?.swept) return;
  const until = playing ? playing.at : Infinity;
  for (const { i, x, y } of sweptDots(view, panel, panel.swept)) if (i <= until) drawSweptDot(context, view, x, y);
  if (!playing) return;
  const { share, distance } = sweptAt(panel.swept, playing.at);
  const [x, y] = panel.at(share, distance);
  const { palette, m } = view;
  const colour = palette.dark ? "#FFFFFF" : palette.ink;
  const from = [cutX(view), view.y(share)];
  context.strokeStyle = colour;
  context.lineWidth = m.line;
  context.globalAlpha = 0.6;
  tracePath(context, view.isBeside ? [from, [x, y]] : [[panel.left, y], [x, y]]);
  context.stroke();
  context.globalAlpha = 1;
  for (const [px, py] of [from, [x, y]]) drawDisc(context, px, py, 5.5 * m.unit, { fill: colour, line: palette.page, width: 2 * m.line });
}

/** Between two steps the point glides, except where the way up starts from another state. @param {PhaseMap.Swept} swept */
function sweptAt({ shares, distances, turn }, at) {
  const i = Math.min(shares.length - 1, Math.floor(at));
  const next = Math.min(shares.length - 1, i + 1);
  const u = next === turn ? 0 : at - i;
  return { share: shares[i] + u * (shares[next] - shares[i]), distance: distances[i] + u * (distances[next] - distances[i]) };
}

/** Start, or stop: then all dots stand there again. @param {PhaseMap.Instance} instance */
function toggleSweep(instance) {
  instance.playing = instance.playing ? null : { start: null, at: 0 };
  wake(instance);
}

/** Called once a frame while the sweep plays; asks for the next frame until the end. @param {PhaseMap.Instance} instance */
function advanceSweep(instance) {
  const { playing, curves } = instance;
  const swept = curves?.cut?.swept;
  if (!playing) return;
  if (!swept || reducedMotion()) {
    instance.playing = null;
    return;
  }
  const now = performance.now();
  playing.start ??= now;
  const share = Math.max(0, now - playing.start) / (1000 * SWEEP_SECONDS);
  playing.at = share * (swept.shares.length - 1);
  if (share >= 1) instance.playing = null;
  else wake(instance);
}

/**
 * The button stands in the label column, at the height of the axis words.
 * @param {PhaseMap.Instance} instance @param {PhaseMap.View} view
 */
function placePlay({ play, playing }, view) {
  const panel = view.cut;
  play.hidden = !panel?.swept || reducedMotion();
  if (play.hidden || !panel) return;
  const words = playing ? "Stop" : "Play the sweep";
  setText(play, words);
  play.style.left = `${Math.round(panel.right + 12 * view.m.unit)}px`;
  play.style.top = `${Math.round(panel.bottom + 12 * view.m.unit)}px`;
}
