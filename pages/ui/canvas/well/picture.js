// "Save picture": both headings, both canvases and the sentence, as one PNG.

function saveWell(well) {
  const { view, header, parts } = well;
  if (!view) return;
  const pad = 24 * view.unit;
  const canvas = document.createElement("canvas");
  let context = canvas.getContext("2d");
  const title = (text) => {
    useFont(context, view, 600, 16);
    return wrapped(context, text, view.width);
  };
  const [first, second] = [title(parts.title.textContent), title(smallTitle(header))];
  useFont(context, view);
  const caption = wrapped(context, header.alt ?? "", view.width);
  const line = 22 * view.unit;
  const smalls = view.small.height + view.small.foot;
  const height = (first.length + second.length + caption.length + 2.5) * line + view.height + smalls;
  canvas.width = (view.width + 2 * pad) * PICTURE_SCALE;
  canvas.height = Math.ceil((height + 2 * pad) * PICTURE_SCALE);
  context = canvas.getContext("2d");
  context.scale(PICTURE_SCALE, PICTURE_SCALE);
  context.fillStyle = view.palette.page;
  context.fillRect(0, 0, canvas.width, canvas.height);
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
  savePicture(canvas, header.picture_name || "well.png");
}
