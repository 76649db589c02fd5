// "Save picture": heading, triangle and the sentence about it, twice as dense as CSS pixels.

function saveTriangle(triangle) {
  const { view, header } = triangle;
  if (!view) return;
  const pad = 24 * view.unit;
  const canvas = document.createElement("canvas");
  let context = canvas.getContext("2d");
  useFont(context, view, 600, 18);
  const title = wrapped(context, triangle.parts.title.textContent, view.width);
  useFont(context, view);
  const caption = wrapped(context, `${header.alt ?? ""} ${noteWords(triangle).replace(/ Click.*$/, "")}`, view.width);
  const head = (title.length * 24 + 8) * view.unit;
  canvas.width = (view.width + 2 * pad) * PICTURE_SCALE;
  canvas.height = Math.ceil((head + view.height + caption.length * 20 * view.unit + 2 * pad) * PICTURE_SCALE);
  context = canvas.getContext("2d");
  context.scale(PICTURE_SCALE, PICTURE_SCALE);
  context.fillStyle = view.palette.page;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(pad, pad);
  title.forEach((line, i) => write(context, view, line, 0, (18 + 24 * i) * view.unit, { weight: 600, size: 18 }));
  context.translate(0, head);
  drawGround(context, view, triangle);
  drawScene(context, view, { ...sceneOf(triangle), cursor: null, pending: [] });
  context.translate(0, view.height);
  caption.forEach((line, i) => write(context, view, line, 0, (18 + 20 * i) * view.unit, { colour: view.palette.secondary }));
  savePicture(canvas, header.picture_name || "triangle.png");
}
