// "Save picture": a canvas for it, and what every saved picture carries in small type and as metadata: its settings, its
// seed and the link to it.

const PICTURE_SCALE = 2; // Saved pictures are twice as dense as CSS pixels.

/** A canvas for a picture to save, filled with the ground's colour: [canvas, its context in CSS pixels]. @returns {[HTMLCanvasElement, Context]} */
function pictureCanvas(width, height, ground) {
  const canvas = document.createElement("canvas");
  canvas.width = width * PICTURE_SCALE;
  canvas.height = Math.ceil(height * PICTURE_SCALE);
  const context = contextOf(canvas);
  context.scale(PICTURE_SCALE, PICTURE_SCALE);
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);
  return [canvas, context];
}

/** What a picture was made from. A saved page carries the link of the one it was saved from. @returns {Origin} */
function originOf({ alt = "", link = window.location.href }) {
  const seed = URL.canParse(link) ? new URL(link).searchParams.get("seed") : null;
  return { settings: alt, seed: seed ?? "0", link };
}

/** The small type: seed and link, in lines of this width. @param {Context} context @param {Origin} origin */
function smallPrint(context, { seed, link }, width) {
  return wrapped(context, `Seed ${seed}. ${link}`, width).flatMap((line) => cutLines(context, line, width));
}

/** A line without breaks, cut wherever it is too wide. @param {Context} context @param {string} line */
function cutLines(context, line, width) {
  const lines = [""];
  for (const letter of line) {
    const last = lines[lines.length - 1];
    if (last && context.measureText(last + letter).width > width) lines.push(letter);
    else lines[lines.length - 1] = last + letter;
  }
  return lines;
}

/** Save a canvas as a PNG file on the visitor's machine. @param {HTMLCanvasElement} canvas @param {Origin} origin */
function savePicture(canvas, name, origin) {
  const plain = Uint8Array.from(atob(canvas.toDataURL("image/png").split(",")[1]), (c) => c.charCodeAt(0));
  saveBytes(withTexts(plain, origin), "image/png", name);
}

/** @param {BlobPart} bytes */
function saveBytes(bytes, type, name) {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // once the browser has read it
}

const HEADER_END = 33; // of a PNG file: signature and the chunk IHDR

/** A PNG file with its origin in it: tEXt, and iTXt for what may hold any letter. @param {Uint8Array} png @param {Origin} origin */
function withTexts(png, { settings, seed, link }) {
  const utf8 = new TextEncoder();
  const text = (key, words) => chunk("tEXt", utf8.encode(`${key}\0${words}`)); // A link's letters are all ASCII.
  const chunks = [
    text("Software", "Closed loop"), text("Source", link), text("Seed", seed),
    chunk("iTXt", utf8.encode(`Description\0\0\0\0\0${settings}`)),
  ];
  const parts = [png.subarray(0, HEADER_END), ...chunks, png.subarray(HEADER_END)];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {Uint8Array} data */
function chunk(type, data) {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, checksum(bytes.subarray(4, data.length + 8)));
  return bytes;
}

/** The CRC that ends a chunk of PNG. @param {Uint8Array} bytes */
function checksum(bytes) {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
