// "Save picture": title, sample, bars and curves on one canvas, on the page's ground.

const PICTURE_MARGIN = 32;
const PICTURE_RATIO = 2;

function verdictWords(run, frame) {
  const number = outcomesPrinted(run.effective[frame]);
  const generation = run.frames[frame];
  const after = `After ${grouped(generation)} generation${generation === 1 ? "" : "s"}`;
  const when = generation === 0 ? "Before the first generation" : after;
  return { word: `${CLASS_WORD[run.class]}. `, middle: `${when} ${grouped(run.n)} outcomes act like `, number };
}

/** Break `text` into lines of at most `room` pixels. */
function wrapped(view, text, room, size) {
  const lines = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && textWidth(view, longer, size) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function drawPictureTitle(view, size) {
  const { palette, run, frame } = view;
  const { word, middle, number } = verdictWords(run, frame);
  const colour = classColours(palette, run.class).fill;
  drawGlyph(view.context, run.class, size * 0.76, 0, 0, colour);
  let x = size * 1.22;
  const pieces = [[word, 700, colour], [middle, 600, palette.ink], [number, 600, colour], [".", 600, palette.ink]];
  for (const [text, weight, ink] of pieces) {
    drawText(view, text, x, 0, { size, weight, colour: ink });
    x += view.context.measureText(text).width;
  }
  return x;
}

/** Paint the whole picture; returns the canvas. */
function composePicture(player) {
  const { barsLayout, curvesLayout, measures, palette, run, width } = player;
  const canvas = document.createElement("canvas");
  const view = { ...viewOf(player, canvas.getContext("2d")), hover: null, sliderFocused: false };
  // Measured once on the empty canvas: the title shrinks until it fits.
  const largest = measures.word * 1.6;
  const titleSize = Math.min(largest, (largest * width) / drawPictureTitle(view, largest));
  const caption = wrapped(view, [run.alt, run.flag].filter(Boolean).join(" "), width, measures.tick);
  const rows = { title: titleSize * 1.3, sample: measures.title * 2.2, bars: measures.bars + 16, curves: curvesLayout.height + 8 };
  const height = Object.values(rows).reduce((sum, row) => sum + row, 0) + caption.length * measures.tick * 1.45;
  canvas.width = (width + 2 * PICTURE_MARGIN) * PICTURE_RATIO;
  canvas.height = Math.ceil((height + 2 * PICTURE_MARGIN) * PICTURE_RATIO);
  const { context } = view;
  context.scale(PICTURE_RATIO, PICTURE_RATIO);
  context.fillStyle = palette.page;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(PICTURE_MARGIN, PICTURE_MARGIN + titleSize);
  drawPictureTitle(view, titleSize);
  context.translate(0, rows.title - titleSize + measures.title);
  const sample = fitted(view, player.parts.sample.textContent, width, measures.title);
  drawText(view, sample, 0, 0, { size: measures.title, colour: palette.secondary });
  context.translate(0, rows.sample - measures.title);
  drawBars(view, barsLayout);
  context.translate(0, rows.bars);
  drawCurves(view, curvesLayout);
  context.translate(0, rows.curves + measures.tick);
  const small = { size: measures.tick, colour: palette.secondary };
  caption.forEach((line, at) => drawText(view, line, 0, at * measures.tick * 1.45, small));
  return canvas;
}

function savePlayerPicture(player) {
  if (!player.barsLayout) return;
  const name = (player.run.csv_name || "closed-loop").replace(/\.csv$/i, "");
  savePicture(composePicture(player), `${name}-generation-${player.run.frames[frameShown(player.head)]}.png`);
}
