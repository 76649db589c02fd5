// Numbers, words and type on canvases, the same in every component.

const NBSP = "\u00a0";
const MINUS = "\u2212";

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const lerp = (from, to, share) => from + (to - from) * share;

/** 12345 as "12,345". */
const grouped = (count) => count.toLocaleString("en");

/** A share as whole per cent: "76", "<1", "0". */
function percent(share) {
  const value = 100 * share;
  return value > 0 && value < 0.95 ? "<1" : String(Math.round(value));
}

/** A share in per cent with as many decimals as it has, at most `digits`: "28", "38.7". */
const percentFine = (share, digits = 1) => String(Number((100 * share).toFixed(digits)));

/** A least share in per cent: to a tenth, rounded up so that it suffices (percent_least in wording.py). */
const leastText = (share) => String(Math.ceil(Number((1000 * share).toFixed(6))) / 10);

/** Effective outcomes: "2.8", "1,234". */
const effectiveText = (value) => (value < 99.95 ? value.toFixed(1) : grouped(Math.round(value)));

/** Two decimals below 10; three significant digits where the value needs them. */
function temperatureText(value) {
  const three = Number(value.toPrecision(3));
  const short = three < 10 ? three.toFixed(2) : String(three);
  return Number(short) === three ? short : String(three);
}

/** mu, the ratio of external to synthetic data, for the share of external data. */
function ratioText(share) {
  if (share >= 1) return "\u221e";
  const ratio = share / (1 - share);
  return ratio < 10 ? ratio.toFixed(2) : String(Number(ratio.toPrecision(3)));
}

function signedText(value, plus = "+") {
  const digits = Math.abs(value).toFixed(2);
  return Number(digits) === 0 ? digits : (value < 0 ? MINUS : plus) + digits;
}

/**
 * The clause "now": { word, middle, number, after } of the state at a generation. `begins` says how many outcomes there are, how
 * many they act like at the start, and whether that is the source (verdict.py).
 */
function nowClause(begins, { generation, phase, effective }) {
  const number = effectiveText(effective);
  if (generation < 1) {
    const where = begins.at_source ? "The source" : `The start, ${percent(begins.distance)}${NBSP}% from the source`;
    return { word: where, middle: `${begins.count} act like${NBSP}`, number, after: "" };
  }
  const after = ` after ${grouped(generation)} generation${generation === 1 ? "" : "s"}`;
  const middle = `${begins.count} that acted like ${effectiveText(begins.effective)} act like${NBSP}`;
  return { word: CLASS_WORD[phase], middle, number, after };
}

/** `text` with at most `most` letters; labels are visitors' text and may be anything. @param {string} text */
function shortened(text, most) {
  const letters = Array.from(text);
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}\u2026` : text;
}

/** Where an axis of shares ends: the next tenth above `largest` (with a little air); below that, the next round number. */
function roundTop(largest) {
  if (largest > 0.08) return Math.min(1, Math.ceil(largest * 10 + 0.2) / 10);
  const unit = 10 ** Math.floor(Math.log10(Math.max(largest, 1e-9)));
  const step = [1.5, 2, 3, 4, 5, 6, 8, 10].find((value) => value * unit >= largest * 1.02);
  return (step ?? 10) * unit;
}

/** @param {Palette} palette */
const fontOf = (palette, size, weight = 400) => `${weight} ${size}px ${palette.font}`;

/**
 * Text at its baseline, with a halo in the ground's colour where it must stay legible on lines.
 * @param {Context} context @param {Palette} palette @param {string} text @param {number} x @param {number} y
 * @param {TextStyle} style
 */
function writeText(context, palette, text, x, y, { size, weight = 400, colour, align = "left", halo = null, haloWidth = 4 }) {
  context.font = fontOf(palette, size, weight);
  context.textAlign = align;
  context.textBaseline = "alphabetic";
  haloText(context, text, x, y, { colour, halo, width: haloWidth });
}

/**
 * @param {Context} context @param {string} text @param {number} x @param {number} y
 * @param {{ colour: string, halo?: string | null, width?: number }} options
 */
function haloText(context, text, x, y, { colour, halo, width = 4 }) {
  context.lineJoin = "round";
  if (halo) {
    context.strokeStyle = halo;
    context.lineWidth = width;
    context.strokeText(text, x, y);
  }
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

/** @param {Context} context @param {Palette} palette @param {string} text */
function widthIn(context, palette, text, size, weight = 400) {
  context.font = fontOf(palette, size, weight);
  return context.measureText(text).width;
}

/**
 * Break a text into lines, at its own breaks and where it is wider than `width`; the context's font says how wide words are.
 * @param {Context} context @param {string} text
 */
function wrapped(context, text, width) {
  return text.split("\n").flatMap((part) => {
    const lines = [];
    for (const word of part.split(/ +/).filter(Boolean)) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  });
}
