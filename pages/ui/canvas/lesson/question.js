// A question that is open: the answers to choose from, a share, or a curve to draw.

const HINTS = {
  curve: "Draw by hand, or focus the picture and use the arrow keys. “.” tries a shape, Page Down reveals.",
  share: "Arrow keys turn it, “.” goes on by ten. Page Down reveals.",
  options: "Keys 1 to 6 choose, “.” goes on to the next. Page Down reveals.",
};
const SHARE_STEP = 10; // per cent that the clicker's third button goes on by

/** @param {Lesson.Question} question */
const answeredBy = ({ kind, options }) => (kind === "curve" ? "curve" : options.length ? "options" : "share");

/** @param {Lesson.Instance} lesson @param {Lesson.Question} question */
function showQuestion(lesson, question) {
  const { parts, waiting } = lesson;
  const way = answeredBy(question);
  setText(parts.legend, question.text);
  setText(parts.hint, HINTS[way]);
  parts.show.disabled = waiting !== null;
  setText(parts.show, waiting === "answer" ? "Counting …" : "Reveal");
  parts.share.hidden = way !== "share";
  parts.draw.hidden = way !== "curve";
  showOptions(lesson, way === "options" ? question.options : []);
  if (way === "share") showShare(lesson);
  if (way === "curve") drawGuess(lesson, question);
}

/** @param {Lesson.Instance} lesson @param {string[]} options */
function showOptions(lesson, options) {
  const { parts, pick } = lesson;
  const shown = [...parts.options.querySelectorAll("label span")].map((span) => span.textContent);
  if (shown.join("\n") !== options.join("\n")) parts.options.replaceChildren(...options.map((text, at) => option(lesson, text, at)));
  parts.options.querySelectorAll("input").forEach((input, at) => (input.checked = at === pick));
}

/** @param {Lesson.Instance} lesson @param {string} text */
function option(lesson, text, at) {
  const [label, input, words] = [document.createElement("label"), document.createElement("input"), document.createElement("span")];
  Object.assign(input, { type: "radio", name: "answer", value: String(at) });
  input.addEventListener("change", () => { choose(lesson, at); });
  words.textContent = text;
  label.append(input, words);
  return label;
}

/** @param {Lesson.Instance} lesson */
function showShare({ parts, pick }) {
  if (pick !== null) parts.range.value = String(pick);
  setText(parts.output, pick === null ? "– %" : `${pick} %`);
}

/** @param {Lesson.Instance} lesson @param {number} pick */
function choose(lesson, pick) {
  lesson.pick = pick;
  showLesson(lesson);
}

/** The clicker's third button: the next answer. @param {Lesson.Instance} lesson */
function chooseNext(lesson) {
  const { question } = lesson.header;
  if (!question) return;
  const way = answeredBy(question);
  if (way === "curve") return nextShape(lesson, question);
  const [by, most] = way === "share" ? [SHARE_STEP, 100 + SHARE_STEP] : [1, question.options.length];
  choose(lesson, lesson.pick === null ? 0 : (Math.floor(lesson.pick / by) * by + by) % most);
}
