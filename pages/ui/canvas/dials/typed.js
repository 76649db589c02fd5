// What people type into a dial becomes a number, or a sentence: the twin of reading/numerals.py, and tested against it.
// A mark can be the decimal mark or group the thousands, so a number is read both ways; what stays open is not guessed.

const LONGEST_NUMBER = 60;
const LOOK_ALIKES = { "\u2212": "-", "\u2019": "'", "\u066c": "'" };
// Groups of three after a first that does not begin with 0, all with one mark; in India the others have two digits.
const GROUPS = /^[1-9]\d{0,2}(?:([.,' ])\d{3})(?:\1\d{3})*$/;
const INDIAN = /^[1-9]\d?(?:,\d{2})+,\d{3}$/;
const PLACES = { k: 3, m: 6, million: 6 };

/** @param {string} text */
const isDigits = (text) => /^[0-9]+$/.test(text);
/** @param {number} code */
const isDigit = (code) => /^\p{Nd}$/u.test(String.fromCodePoint(code));

/** A digit of any script as 0-9: scripts have their ten digits in a row, one row after another. @param {string} sign */
function asciiDigit(sign) {
  const code = sign.codePointAt(0) ?? 0;
  let start = code;
  while (isDigit(start - 1)) start -= 1;
  return String((code - start) % 10);
}

/** @param {string} text */
function inAscii(text) {
  let plain = text.replace(/[\u2212\u2019\u066c]/g, (sign) => LOOK_ALIKES[sign]);
  if (plain.includes("\u066b")) plain = plain.replaceAll("\u066b", /[.,]/.test(plain) ? "?" : ".");
  return plain.replace(/\p{Nd}/gu, asciiDigit);
}

/** `text` with a decimal point and with a decimal comma; null where it is no number. @param {string} text */
function bothWays(text) {
  let body = text.trim();
  if (!body || body.length > LONGEST_NUMBER) return { point: null, comma: null, isPercent: false };
  body = inAscii(body);
  const isPercent = /\s*[%\u066a\uff05]$/.test(body);
  body = body.replace(/\s*[%\u066a\uff05]$/, "").replace(/[\u00a0\u2007\u2009\u202f]/g, " ");
  return { point: valueUnder(body, "."), comma: valueUnder(body, ","), isPercent };
}

/** @param {string} written @param {string} decimal @returns {number | null} */
function valueUnder(written, decimal) {
  if (!written || /^[+-]{2}/.test(written)) return null;
  const sign = written[0] === "-" ? -1 : 1;
  let body = written.replace(/^[+-]+/, "");
  const exponent = /^(.+?)[eE]([+-]?\d{1,4})$/.exec(body);
  if (exponent) body = exponent[1];
  const at = body.indexOf(decimal);
  let whole = at < 0 ? body : body.slice(0, at);
  const fraction = at < 0 ? "" : body.slice(at + 1);
  if ((!whole && !fraction) || (fraction && !isDigits(fraction))) return null;
  if (whole && !isDigits(whole)) {
    if (exponent || !(GROUPS.test(whole) || (decimal === "." && INDIAN.test(whole)))) return null;
    whole = whole.replace(/[.,' ]/g, "");
  }
  return sign * Number(`${whole || "0"}.${fraction || "0"}${exponent ? `e${exponent[2]}` : ""}`);
}

/**
 * A number with its decimal point moved, as a pencil would do it: 0.7 / 100 is 0.006999999999999999 to a computer, and
 * 2.01 * 1000 is no whole number.
 * @param {number} value @param {number} places
 */
function shifted(value, places) {
  const [digits, power = "0"] = String(value).split("e");
  return Number.isFinite(value) ? Number(`${digits}e${Number(power) + places}`) : value;
}

/** @param {number} value */
const plainNumber = (value) => String(Number(value.toPrecision(15)) + 0);
/** Foreign text for a sentence: in one line, bounded. @param {string} text */
function quotedText(text) {
  const signs = Array.from(text.trim().replace(/\s+/g, " "));
  return `\u201c${signs.length > 40 ? `${signs.slice(0, 39).join("")}\u2026` : signs.join("")}\u201d`;
}

/**
 * What was typed into `field`: { value } or { problem }, one sentence. In a field of whole numbers, 1,000 is 1000, as
 * this dashboard writes it; 1.000 is asked back. A reading beyond [low, high] is not meant where the other lies inside.
 * @param {string} field @param {string} text @returns {Dials.Typed}
 */
function readTyped(field, text, { whole = false, low = -Infinity, high = Infinity, places = 0 } = {}) {
  const ways = bothWays(text);
  const kind = whole ? "a whole number" : "a number";
  const wrong = { problem: `${field} must be ${kind}, got ${quotedText(text)}` };
  let values = [ways.point, ways.comma].filter((way) => way !== null).map((way) => shifted(way, places));
  if (!values.length || ways.isPercent) return wrong;
  if (values.length === 2 && values[0] !== values[1]) {
    const inside = values.filter((value) => value >= low && value <= high);
    const isSettled = whole && text.includes(",") && !text.includes(".");
    values = isSettled ? values.slice(0, 1) : inside.length ? inside : values;
    if (values.length === 2) {
      const both = values.map(plainNumber).join(" or ");
      const usable = values.filter((value) => !whole || Number.isInteger(value)).map(plainNumber).join(" or ");
      return { problem: `${field} must be ${kind} that is clear, and ${quotedText(text)} could be ${both}: write ${usable}` };
    }
  }
  const [value] = values;
  return Number.isFinite(value) && !(whole && !Number.isInteger(value)) ? { value } : wrong;
}

/**
 * A count may end in k, m or million: 50k.
 * @param {string} field @param {string} text @param {Ends} limits @returns {Dials.Typed}
 */
function readTypedCount(field, text, [low, high]) {
  const [, number, unit] = /^(.*?\d)\s*(k|m|million)$/i.exec(text.trim()) ?? [null, text, null];
  const read = readTyped(field, number, { whole: true, low, high, places: unit ? PLACES[unit.toLowerCase()] : 0 });
  return read.problem ? { problem: read.problem.replace(quotedText(number), quotedText(text)) } : read;
}

/** A share typed in per cent, with or without the sign. @param {string} field @param {string} text @returns {Dials.Typed} */
function readTypedPercent(field, text) {
  const read = readTyped(field, text.trim().replace(/\s*[%\u066a\uff05]$/, ""), { low: 0, high: 100 });
  return read.problem !== undefined ? read : { value: shifted(read.value, -2) };
}
