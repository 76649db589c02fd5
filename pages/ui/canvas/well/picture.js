// "Save picture": both headings, both canvases and the sentence, as one PNG.

/** @param {Well.Instance} well */
function saveWell(well) {
  const { view, header, parts } = well;
  if (!view) return;
  const pad = 24 * view.unit;
  const ruler = makeRuler();
  const [first, second] = [parts.title.textContent, smallTitle(header)].map((text) => linesOf(ruler, view, text, 600, 16));
  const caption = [...linesOf(ruler, view, header.alt ?? ""), ...smallPrint(ruler, originOf(header), view.width)];
  const line = 22 * view.unit;
  const smalls = view.small.height + view.small.foot;
  const height = (first.length + second.length + caption.length + 2.5) * line + view.height + smalls;
  const [canvas, context] = pictureCanvas(view.width + 2 * pad, height + 2 * pad, view.palette.page);
  context.translate(pad, pad);
  const lines = (texts, style) => texts.forEach((text) => {
    write(context, view, text, 0, line * 0.75, style);
    context.translate(0, line);
  });
  lines(first, { weight: 600, size: 16 });
  context.translate(0, line / 2);
  drawBigWell(context, view, { ...sceneOf(well), drag: null });
  context.translate(0, view.height + line);
  lines(second, { weight: 600, size: 16 });
  context.translate(0, line / 2);
  drawSmallWells(context, view, well);
  context.translate(0, smalls + line / 2);
  lines(caption, { colour: view.palette.secondary });
  savePicture(canvas, header.picture_name || "well.png", originOf(header));
}
