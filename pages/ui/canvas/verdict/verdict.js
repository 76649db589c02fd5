// The verdict: class and remedy come from the settled state and stay put; only the numbers follow the playhead.

// Largest size of the sentence, smallest before it may take one line more, and the lines it is meant to fill.
const LINE_SIZES = {
  desk: { most: 38, least: 24, lines: 1 },
  projector: { most: 66, least: 40, lines: 1 },
  phone: { most: 25, least: 20, lines: 2 },
};

function makeVerdict(root) {
  const find = (name) => root.querySelector(`.${name}`);
  const names = ["spoken", "line", "glyph", "word", "middle", "number", "remedy", "note"];
  const parts = Object.fromEntries(names.map((name) => [name, find(name)]));
  return { parts, playhead: null, spokenAt: -Infinity, timers: { speak: 0 } };
}

// Unbroken spaces: the number never stands alone on a line.
const outcomeWords = (count) => `${grouped(count)} outcome${count === 1 ? " acts" : "s act"}\u00a0like\u00a0`;

const sentenceStart = (generation, outcomes) => `${whenText(generation)} ${outcomeWords(outcomes)}`;

/**
 * The numbers that follow the playhead, or those of the settled state; nothing else is touched.
 * @param {Verdict.Instance} verdict
 */
function showNumbers(verdict) {
  const { parts, header: data } = verdict;
  if (data.settled) {
    setText(parts.middle, data.settled.words);
    setText(parts.number, data.settled.number);
    return tellReader(verdict);
  }
  const { generation, effective } = verdict.playhead ?? { generation: 0, effective: data.effective0 };
  setText(parts.middle, sentenceStart(generation, data.outcomes));
  setText(parts.number, effectiveText(effective));
  tellReader(verdict);
}

/** The heading's accessible text: the same sentence, at most once a second. @param {Verdict.Instance} verdict */
function tellReader(verdict) {
  if (!maySpeak(verdict, () => tellReader(verdict))) return;
  setText(verdict.parts.spoken, `${verdict.header.word}. ${verdict.parts.middle.textContent}${verdict.parts.number.textContent}.`);
}

/** @param {Verdict.Instance} instance */
function showWords({ root, parts, header: data, palette }) {
  root.style.setProperty("--class-colour", classColours(palette, data.class).fill);
  setText(parts.word, `${data.word}.`);
  parts.glyph.replaceChildren(...GLYPHS[data.class].map((height) => {
    const bar = document.createElement("i");
    bar.style.height = `${100 * height}%`;
    return bar;
  }));
  parts.remedy.replaceChildren(...(data.remedy ?? []).map((piece) => remedyPiece(piece, palette)));
  parts.note.hidden = !data.note;
  setText(parts.note, data.note ?? "");
}

/** Plain text, or a bold piece in a class's colour. @param {Verdict.Piece} piece @param {Palette} palette */
function remedyPiece({ text, style }, palette) {
  const words = text.replace(/(\d) %/g, "$1\u00a0%");
  if (!style) return document.createTextNode(words);
  const bold = document.createElement("b");
  bold.textContent = words;
  if (CLASS_VARIABLE[style]) bold.style.color = classColours(palette, style).text;
  return bold;
}

/**
 * The largest size at which both forms of the sentence keep to their lines; reserves the height of the longer one.
 * @param {Verdict.Instance} verdict
 */
function fitLine(verdict) {
  const { root, parts, header: data } = verdict;
  const width = root.clientWidth;
  if (width === 0) return;
  const mode = sizeName(data.mode, width);
  root.dataset.mode = mode;
  const { most, least, lines } = LINE_SIZES[mode];
  const [middle, number] = [parts.middle.textContent, parts.number.textContent];
  const forms = data.settled ? [middle] : [sentenceStart(0, data.outcomes), sentenceStart(8888, data.outcomes)];
  if (!data.settled) parts.number.textContent = data.outcomes >= 100 ? grouped(data.outcomes) : "88.8";
  parts.line.style.display = "block";
  parts.line.style.minHeight = "";
  const highest = () => Math.max(...forms.map((form) => {
    parts.middle.textContent = form;
    return parts.line.offsetHeight;
  }));
  const fits = (size, count) => {
    root.style.setProperty("--line-size", `${size}px`);
    return highest() <= count * parseFloat(getComputedStyle(parts.line).lineHeight) + 2;
  };
  const sizes = Array.from({ length: 2 * (most - least) + 1 }, (_, step) => most - step / 2);
  if (!sizes.some((size) => fits(size, lines))) sizes.some((size) => fits(size, lines + 1));
  parts.line.style.minHeight = `${highest()}px`;
  parts.middle.textContent = middle;
  parts.number.textContent = number;
}

/** @param {Verdict.Instance} verdict @param {On} on */
function listen(verdict, on) {
  on(window, "closedloop:playhead", (event) => {
    verdict.playhead = event.detail;
    showNumbers(verdict);
  });
  // A player that was there first says where it is.
  window.dispatchEvent(new CustomEvent("closedloop:ask"));
}

/** @param {Verdict.Instance} verdict @param {Verdict.Header} header */
function receive(verdict, header) {
  verdict.header = header;
}

/** @param {Verdict.Instance} verdict */
function showVerdict(verdict) {
  showWords(verdict);
  showNumbers(verdict);
  fitLine(verdict);
}

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { make: makeVerdict, receive, connect: listen, show: showVerdict, refresh: fitLine });
}
