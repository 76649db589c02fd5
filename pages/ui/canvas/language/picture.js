// "Save picture": the sentence, the texts and the curves in one picture on the page's ground.

const TEXT_PICTURE = { margin: 32, size: 20, leading: 29, side: 120, title: 26 };

/** @param {Language.Instance} instance */
function saveTexts(instance) {
  const { run, palette, layout, playhead } = instance;
  if (!layout) return;
  const { header } = run;
  const { margin, size, leading, side, title } = TEXT_PICTURE;
  const width = Math.max(layout.width, 640);
  const serif = { ...palette, font: "Charter, Georgia, serif" };
  const ruler = makeRuler();
  ruler.font = fontOf(serif, size);
  const rows = rowGenerations(instance).map((generation) => ({
    generation, lines: wrappedPieces(ruler, header.texts[generation]?.pieces ?? [["…", 0]], width - side),
  }));
  const textHeight = rows.reduce((sum, { lines }) => sum + lines.length * leading + 14, 0);
  // The seed of this page has a name of its own in the link.
  const origin = { ...originOf({ alt: header.setting }), seed: String(header.seed) };
  ruler.font = fontOf(palette, 13);
  const said = `Shaded, underlined: passages that stand there again. ${header.beside[frameShown(playhead)] ?? ""}`;
  const small = [...wrapped(ruler, said, width), ...wrapped(ruler, `${header.setting}.`, width), ...smallPrint(ruler, origin, width)];
  const height = title * 2 + textHeight + layout.height + 24 + 18 * small.length;
  const [canvas, context] = pictureCanvas(width + 2 * margin, height + 2 * margin, palette.page);
  context.translate(margin, margin);
  const moment = header.moments[frameShown(playhead)];
  const heading = moment ? `${moment.word}. ${moment.middle}${moment.number}${moment.after}.` : "";
  const fit = Math.min(title, (title * width) / Math.max(1, widthIn(context, palette, heading, title, 600)));
  writeText(context, palette, heading, 0, title, { size: fit, weight: 600, colour: moment ? classColours(palette, moment.phase).text : palette.ink });
  let y = title * 2;
  for (const { generation, lines } of rows) {
    writeText(context, palette, `generation ${generation}`, 0, y + size, { size: 15, weight: 600, colour: palette.ink });
    for (const line of lines) {
      drawPieces(context, palette, serif, line, side, y + size);
      y += leading;
    }
    y += 14;
  }
  context.translate(0, y + 10);
  drawCurves(instance, context, layout);
  context.translate(0, layout.height + 16);
  small.forEach((line, at) => writeText(context, palette, line, 0, at * 18, { size: 13, colour: palette.secondary }));
  savePicture(canvas, `${header.picture_name}-generation-${frameShown(playhead)}.png`, origin);
}

/**
 * Pieces as lines of words that fit a width, at most four.
 * @param {Context} ruler @param {Language.Piece[]} pieces @returns {Language.Piece[][]}
 */
function wrappedPieces(ruler, pieces, width) {
  /** @type {Language.Piece[][]} */
  const lines = [[]];
  let x = 0;
  for (const [text, level] of pieces) {
    for (const word of text.split(/(?<= )/)) {
      const wide = ruler.measureText(word).width;
      if (x + wide > width && x > 0) {
        lines.push([]);
        x = 0;
      }
      lines[lines.length - 1].push([word, level]);
      x += wide;
    }
  }
  return lines.slice(0, 4);
}

/** @param {Context} context @param {Palette} palette @param {Palette} serif @param {Language.Piece[]} line */
function drawPieces(context, palette, serif, line, left, y) {
  const { size } = TEXT_PICTURE;
  let x = left;
  for (const [text, level] of line) {
    const wide = widthIn(context, serif, text, size);
    if (level) {
      context.fillStyle = level === 2 ? palette.collapseSevere : palette.collapseMild;
      context.fillRect(x, y - size, wide, size * 1.35);
      context.fillStyle = palette.collapseText;
      for (let stroke = 0; stroke < level; stroke += 1) context.fillRect(x, y + 4 + 3 * stroke, wide, 1);
    }
    writeText(context, serif, text, x, y, { size, colour: palette.ink });
    x += wide;
  }
}
