// The verdict in three clauses that keep their places. "Now" follows the playhead, words, colour and numbers alike; where
// there is no time (maps, geometry) it is the settled state. "Ends" and "needs" come from the page.

// Largest size of the sentence, smallest before it may take one line more, and the lines it is meant to fill.
const LINE_SIZES = {
  desk: { most: 38, least: 24, lines: 1 },
  projector: { most: 66, least: 40, lines: 1 },
  phone: { most: 20, least: 18, lines: 3 },
};

function makeVerdict(root) {
  const find = (name) => root.querySelector(`.${name}`);
  const names = ["spoken", "line", "glyph", "word", "middle", "number", "after", "ends", "needs"];
  const parts = Object.fromEntries(names.map((name) => [name, find(name)]));
  return { parts, playhead: null, phase: null, painted: null, spokenAt: -Infinity, timers: { speak: 0 } };
}

/** The clause "now": of the state at the playhead, or of the settled state. @param {Verdict.Instance} verdict */
function clauseNow({ header, playhead }) {
  const { settled, begins, moment } = header;
  // A page may say its moments itself: the player that plays them sends them along.
  if (moment) return playhead?.moment ?? moment;
  if (settled) return { phase: settled.class, word: settled.word, middle: settled.words, number: settled.number, after: "" };
  const now = playhead ?? { generation: 0, phase: "faithful", effective: begins.effective };
  return { phase: now.phase, ...nowClause(begins, now) };
}

/** Words, numbers and colour of the first line; nothing else is touched while a run plays. @param {Verdict.Instance} verdict */
function showNow(verdict) {
  const { root, parts, palette } = verdict;
  const clause = clauseNow(verdict);
  for (const name of ["middle", "number", "after"]) setText(parts[name], clause[name]);
  setText(parts.word, `${clause.word}.`);
  if (verdict.phase !== clause.phase || verdict.painted !== palette) {
    verdict.phase = clause.phase;
    verdict.painted = palette;
    root.style.setProperty("--class-colour", classColours(palette, clause.phase).fill);
    parts.glyph.replaceChildren(...GLYPHS[clause.phase].map((height) => {
      const bar = document.createElement("i");
      bar.style.height = `${100 * height}%`;
      return bar;
    }));
  }
  tellReader(verdict);
}

/** The heading's accessible text: the same sentence, at most once a second. @param {Verdict.Instance} verdict */
function tellReader(verdict) {
  if (!maySpeak(verdict, () => tellReader(verdict))) return;
  const { spoken, word, middle, number, after } = verdict.parts;
  setText(spoken, `${word.textContent} ${middle.textContent}${number.textContent}${after.textContent}.`);
}

/** @param {Verdict.Instance} verdict */
function showClauses({ parts, header, palette }) {
  for (const name of ["ends", "needs"]) {
    parts[name].replaceChildren(...(header[name] ?? []).map((piece) => clausePiece(piece, palette)));
  }
}

/** Plain text, or a bold piece in a class's colour. @param {Verdict.Piece} piece @param {Palette} palette */
function clausePiece({ text, style }, palette) {
  const words = text.replace(/(\d) %/g, "$1\u00a0%");
  if (!style) return document.createTextNode(words);
  // What a model says is a quotation: long, and not to be kept on one line.
  const bold = document.createElement(style === "said" ? "q" : "b");
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
  const names = ["word", "middle", "number", "after"];
  const shown = names.map((name) => parts[name].textContent);
  const forms = data.settled ? [shown] : data.moment ? [shown, longestMoment(data.moment)] : longestForms(data.begins);
  parts.line.style.display = "block";
  parts.line.style.minHeight = "";
  const highest = () => Math.max(...forms.map((form) => {
    names.forEach((name, at) => (parts[name].textContent = form[at]));
    return parts.line.offsetHeight;
  }));
  const fits = (size, count) => {
    root.style.setProperty("--line-size", `${size}px`);
    return highest() <= count * parseFloat(getComputedStyle(parts.line).lineHeight) + 2;
  };
  const sizes = Array.from({ length: 2 * (most - least) + 1 }, (_, step) => most - step / 2);
  if (!sizes.some((size) => fits(size, lines))) sizes.some((size) => fits(size, lines + 1));
  parts.line.style.minHeight = `${highest()}px`;
  names.forEach((name, at) => (parts[name].textContent = shown[at]));
}

/** The sentence at the start, and the longest it becomes. @param {Begins} begins */
function longestForms(begins) {
  const states = [
    { generation: 0, phase: "faithful", effective: begins.effective },
    { generation: 8888, phase: "heat death", effective: Math.max(begins.effective, 88.8) },
  ];
  return states.map((state) => {
    const { word, middle, number, after } = nowClause(begins, state);
    return [`${word}.`, middle, number, after];
  });
}

/** The longest that a moment's sentence becomes. @param {Verdict.Moment} moment */
function longestMoment({ longest }) {
  const { word, middle, number, after } = longest;
  return [`${word}.`, middle, number, after];
}

/** @param {Verdict.Instance} verdict @param {On} on */
function listen(verdict, on) {
  on(window, "closedloop:playhead", (event) => {
    verdict.playhead = event.detail;
    showNow(verdict);
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
  const { parts, header: { terms } } = verdict;
  for (const name of /** @type {("middle" | "ends" | "needs")[]} */ (["middle", "ends", "needs"])) explain(parts[name], terms?.[name]);
  showClauses(verdict);
  showNow(verdict);
  fitLine(verdict);
}

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { make: makeVerdict, receive, connect: listen, show: showVerdict, refresh: fitLine });
}
