// The rows: one generation each, large enough to be read from the last row of a hall. All text is set as text, never parsed.

const MARKS = ["", "again", "often"];
const TIMES_WORDS = ["", "Stands twice in this text", "Stands three times or more in this text"];

/**
 * The generations that have a row. The one at the playhead takes the place of the last before it, so that it is always
 * there; a phone has room for it alone.
 * @param {Language.Instance} instance @returns {number[]}
 */
function rowGenerations({ run, playhead, root }) {
  const { header } = run;
  const shown = frameShown(playhead);
  if (root.dataset.mode === "phone") return [shown];
  // Two texts beside each other are longer than one.
  const rows = root.dataset.mode === "projector" || header.kept ? [...header.few_rows] : [...header.rows];
  if (rows.includes(shown)) return rows;
  const before = rows.findLastIndex((generation) => generation < shown);
  // Generation 0 stays: all others are read against it.
  rows[Math.max(before, Math.min(1, rows.length - 1))] = shown;
  return rows;
}

/** @param {Language.Instance} instance */
function writeRows(instance) {
  const { parts, run, playhead } = instance;
  const generations = rowGenerations(instance);
  while (parts.rows.children.length > generations.length) parts.rows.lastElementChild?.remove();
  generations.forEach((generation, place) => {
    const row = parts.rows.children[place] ?? parts.rows.appendChild(document.createElement("div"));
    writeRow(instance, /** @type {HTMLElement} */ (row), place, generation, generation === frameShown(playhead));
  });
  instance.rowKeys.length = run.header.texts.length ? generations.length : 0;
}

/** @param {Language.Instance} instance @param {HTMLElement} row */
function writeRow(instance, row, place, generation, isOn) {
  const { header } = instance.run;
  const { kept } = header;
  const text = header.texts[generation];
  const keptText = kept?.texts[generation];
  const isWaiting = !text;
  row.className = `row${isOn ? " on" : ""}${kept ? " pair" : ""}${isWaiting ? " wait" : text.old ? " old" : ""}`;
  const key = [header.run, generation, text?.pieces.length, keptText?.pieces.length, header.says[generation], header.live, text?.old].join();
  if (instance.rowKeys[place] === key) return;
  instance.rowKeys[place] = key;
  const texts = kept ? [saidBy(keptText, header), saidBy(text, header)] : [saidBy(text, header)];
  row.replaceChildren(rowSide(header, generation), ...texts);
}

/** What stands left of a text: which generation, and how many words it picks from. @param {Language.Header} header */
function rowSide(header, generation) {
  const side = document.createElement("div");
  side.className = "side";
  const line = (text, isStrong = false) => {
    const part = document.createElement(isStrong ? "b" : "span");
    part.textContent = text;
    side.append(part, document.createElement("br"));
  };
  line(`generation ${generation}`, true);
  if (generation === 0) line(`from ${header.source}`);
  const next = header.live ? undefined : header.says[generation];
  const nextKept = header.kept?.says[generation];
  if (header.kept && nextKept !== undefined && next !== undefined) line(`A ${effectiveText(nextKept)}, B ${effectiveText(next)}`);
  else if (next !== undefined) line(`${effectiveText(next)} next ${header.unit}s`);
  return side;
}

/** A text with its repeated passages marked. @param {Language.Text | undefined} text @param {Language.Header} header */
function saidBy(text, header) {
  const said = document.createElement("p");
  said.className = "said";
  said.dir = "auto";
  if (!text) {
    said.textContent = header.state === "stopped" ? "stopped before this generation" : "…";
    return said;
  }
  if (!text.knows) said.title = "Its data no longer hold the beginning you typed, so it begins on its own.";
  for (const [words, level] of text.pieces) said.append(markedPiece(words, level));
  return said;
}

function markedPiece(words, level) {
  if (!level) return document.createTextNode(words);
  const mark = document.createElement("u");
  mark.className = MARKS[level];
  mark.title = TIMES_WORDS[level];
  mark.textContent = words;
  return mark;
}
