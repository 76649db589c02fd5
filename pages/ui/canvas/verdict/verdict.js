// The verdict: class and remedy come from the settled state and stay put; only the numbers follow the playhead.

const verdicts = new WeakMap();
const PHONE_WIDTH = 520;
// Largest size of the sentence, smallest before it may take one line more, and the lines it is meant to fill.
const LINE_SIZES = {
  desk: { most: 38, least: 24, lines: 1 },
  projector: { most: 66, least: 40, lines: 1 },
  phone: { most: 25, least: 20, lines: 2 },
};
const SPOKEN_EVERY = 1000;

function makeVerdict(root) {
  const find = (name) => root.querySelector(`.${name}`);
  const names = ["spoken", "line", "glyph", "word", "middle", "number", "remedy", "note"];
  const parts = Object.fromEntries(names.map((name) => [name, find(name)]));
  return { root, parts, lease: 0, width: 0, playhead: null, spokenAt: -Infinity, timer: 0 };
}

// Unbroken spaces: the number never stands alone on a line.
const outcomeWords = (count) => `${count.toLocaleString("en")} outcome${count === 1 ? " acts" : "s act"}\u00a0like\u00a0`;

const effectivePrinted = (value) => (value < 99.95 ? value.toFixed(1) : Math.round(value).toLocaleString("en"));

function sentenceStart(generation, outcomes) {
  const after = `After ${generation.toLocaleString("en")} generation${generation === 1 ? "" : "s"}`;
  const when = generation < 1 ? "Before the first generation" : after;
  return `${when} ${outcomeWords(outcomes)}`;
}

function setWords(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The numbers that follow the playhead, or those of the settled state; nothing else is touched. */
function showNumbers(verdict) {
  const { parts, data } = verdict;
  if (data.settled) {
    setWords(parts.middle, data.settled.words);
    setWords(parts.number, data.settled.number);
    return tellReader(verdict);
  }
  const { generation, effective } = verdict.playhead ?? { generation: 0, effective: data.effective0 };
  setWords(parts.middle, sentenceStart(generation, data.outcomes));
  setWords(parts.number, effectivePrinted(effective));
  tellReader(verdict);
}

/** The heading's accessible text: the same sentence, at most once a second. */
function tellReader(verdict) {
  const wait = verdict.spokenAt + SPOKEN_EVERY - performance.now();
  if (wait > 0) {
    verdict.timer ||= setTimeout(() => {
      verdict.timer = 0;
      verdict.spokenAt = -Infinity;
      tellReader(verdict);
    }, wait);
    return;
  }
  verdict.spokenAt = performance.now();
  setWords(verdict.parts.spoken, `${verdict.data.word}. ${verdict.parts.middle.textContent}${verdict.parts.number.textContent}.`);
}

function showWords(verdict, palette) {
  const { root, parts, data } = verdict;
  root.style.setProperty("--class-colour", palette[CLASS_VARIABLE[data.class]]);
  setWords(parts.word, `${data.word}.`);
  parts.glyph.replaceChildren(...GLYPHS[data.class].map((height) => {
    const bar = document.createElement("i");
    bar.style.height = `${100 * height}%`;
    return bar;
  }));
  parts.remedy.replaceChildren(...(data.remedy ?? []).map((piece) => remedyPiece(piece, palette)));
  parts.note.hidden = !data.note;
  setWords(parts.note, data.note ?? "");
}

/** Plain text, or a bold piece in a class's colour. */
function remedyPiece({ text, style }, palette) {
  const words = text.replace(/(\d) %/g, "$1\u00a0%");
  if (!style) return document.createTextNode(words);
  const bold = document.createElement("b");
  bold.textContent = words;
  if (CLASS_VARIABLE[style]) bold.style.color = palette[`${CLASS_VARIABLE[style]}Text`];
  return bold;
}

/** The largest size at which both forms of the sentence keep to their lines; reserves the height of the longer one. */
function fitLine(verdict) {
  const { root, parts, data } = verdict;
  const width = root.clientWidth;
  if (width === 0) return;
  verdict.width = width;
  const mode = width < PHONE_WIDTH ? "phone" : data.mode === "projector" ? "projector" : "desk";
  root.dataset.mode = mode;
  const { most, least, lines } = LINE_SIZES[mode];
  const [middle, number] = [parts.middle.textContent, parts.number.textContent];
  const forms = data.settled ? [middle] : [sentenceStart(0, data.outcomes), sentenceStart(8888, data.outcomes)];
  if (!data.settled) parts.number.textContent = data.outcomes >= 100 ? data.outcomes.toLocaleString("en") : "88.8";
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

function connectVerdict(verdict) {
  if (verdict.connection) return;
  verdict.connection = new AbortController();
  const { signal } = verdict.connection;
  window.addEventListener("closedloop:playhead", (event) => {
    verdict.playhead = event.detail;
    showNumbers(verdict);
  }, { signal });
  document.fonts.addEventListener("loadingdone", () => fitLine(verdict), { signal });
  const observer = new ResizeObserver(() => {
    if (verdict.root.clientWidth !== verdict.width) fitLine(verdict);
  });
  observer.observe(verdict.root);
  signal.addEventListener("abort", () => observer.disconnect());
  // A player that was there first says where it is.
  window.dispatchEvent(new CustomEvent("closedloop:ask"));
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".verdict");
  let verdict = verdicts.get(parentElement);
  if (verdict?.root !== root) {
    verdict?.connection?.abort();
    verdict = makeVerdict(root);
    verdicts.set(parentElement, verdict);
  }
  const lease = (verdict.lease += 1);
  verdict.data = unpack(data);
  showWords(verdict, applyTheme(root));
  connectVerdict(verdict);
  showNumbers(verdict);
  fitLine(verdict);
  return () => {
    if (lease !== verdict.lease) return;
    verdict.connection?.abort();
    verdict.connection = null;
    clearTimeout(verdict.timer);
    verdict.timer = 0;
  };
}
