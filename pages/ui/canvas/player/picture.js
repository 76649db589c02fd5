// "Save picture": title, sample, bars and curves in one picture on the page's ground, as PNG or as SVG. Both are
// painted by the same code, on a canvas or on the recorder of svg.js.

const PICTURE_MARGIN = 32;
const SPARED = 0.84; // Of a drawing's width, for its long lines: the font that it is read with may be wider.

/** @param {Player.Run} run */
function verdictWords(run, frame) {
  const now = { generation: run.frames[frame], phase: phaseAt(run.phases, run.frames[frame]), effective: run.effective[frame] };
  const clause = nowClause(run.begins, now);
  return { ...clause, word: `${clause.word}. `, after: `${clause.after}.` };
}

/** @param {Player.View} view */
function drawPictureTitle(view, size) {
  const { palette, run, frame } = view;
  const { word, middle, number, after } = verdictWords(run, frame);
  const colour = classColours(palette, view.phase).fill;
  drawGlyph(view.context, view.phase, size * 0.76, 0, 0, colour);
  let x = size * 1.22;
  const pieces = [[word, 700, colour], [middle, 600, palette.ink], [number, 600, colour], [after, 600, palette.ink]];
  for (const [text, weight, ink] of pieces) {
    drawText(view, text, x, 0, { size, weight, colour: ink });
    x += view.context.measureText(text).width;
  }
  return x;
}

/** What is drawn, without what belongs to a pointer or a keyboard. @param {Player.Instance} player @param {Context} context */
const pictureView = (player, context) => ({ ...viewOf(player, context), hover: null, interventions: null, sliderFocused: false });

/**
 * Work out the rows of the picture from top to bottom, and its size with the margins; long lines take a share of its width.
 * @param {Player.Instance} player
 */
function planPicture(player, share = 1) {
  const { measures, run, width, curvesLayout } = player;
  const view = pictureView(player, makeRuler());
  const largest = measures.word * 1.6;
  const titleSize = Math.min(largest, (largest * width * share ** 2) / drawPictureTitle(view, largest)); // shrinks until it fits
  view.context.font = fontOf(view.palette, measures.tick);
  const told = wrapped(view.context, [run.alt, run.flag].filter(Boolean).join(" "), width * share);
  const caption = [...told, ...smallPrint(view.context, originOf(run), width * share)];
  const rows = { title: titleSize * 1.3, sample: measures.title * 2.2, bars: measures.bars + 16, curves: curvesLayout.height + 8 };
  const height = Object.values(rows).reduce((sum, row) => sum + row, 0) + caption.length * measures.tick * 1.45;
  return { titleSize, caption, rows, width: width + 2 * PICTURE_MARGIN, height: Math.ceil(height + 2 * PICTURE_MARGIN) };
}

/** @param {Player.Instance} player @param {Player.Picture} plan @param {Context} context */
function paintPicture(player, plan, context) {
  const { measures, palette, width } = player;
  const { titleSize, caption, rows } = plan;
  const view = pictureView(player, context);
  context.translate(PICTURE_MARGIN, PICTURE_MARGIN + titleSize);
  drawPictureTitle(view, titleSize);
  context.translate(0, rows.title - titleSize + measures.title);
  const sample = fitted(view, player.parts.sample.textContent, width, measures.title);
  drawText(view, sample, 0, 0, { size: measures.title, colour: palette.secondary });
  context.translate(0, rows.sample - measures.title);
  drawBars(view, layoutBars(view)); // laid out anew: paths belong to the context they were made for
  context.translate(0, rows.bars);
  drawCurves(view, layoutCurves(view));
  context.translate(0, rows.curves + measures.tick);
  const small = { size: measures.tick, colour: palette.secondary };
  caption.forEach((line, at) => drawText(view, line, 0, at * measures.tick * 1.45, small));
}

/** @param {Player.Instance} player */
function pictureName(player, ending) {
  const name = (player.run.csv_name || "closed-loop").replace(/\.csv$/i, "");
  return `${name}-generation-${generationShown(player)}.${ending}`;
}

/** @param {Player.Instance} player */
function savePlayerPicture(player) {
  if (!player.barsLayout) return;
  const plan = planPicture(player);
  const [canvas, context] = pictureCanvas(plan.width, plan.height, player.palette.page);
  paintPicture(player, plan, context);
  savePicture(canvas, pictureName(player, "png"), originOf(player.run));
}

/** @param {Player.Instance} player */
function savePlayerDrawing(player) {
  if (!player.barsLayout) return;
  const plan = planPicture(player, SPARED);
  const recorder = /** @type {any} */ (new SvgContext());
  recorder.fillStyle = player.palette.page;
  recorder.fillRect(0, 0, plan.width, plan.height);
  paintPicture(player, plan, recorder);
  const frame = frameShown(player.playhead);
  const { word, middle, number, after } = verdictWords(player.run, frame);
  const [title, words] = [`${word}${middle}${number}${after}`, `${barsSummary(player.run, frame)} ${curvesSummary(player.run, frame, player.entropy)}`];
  const text = recorder.document(plan.width, plan.height, { title, words, origin: originOf(player.run) });
  saveBytes(text, "image/svg+xml", pictureName(player, "svg"));
}
