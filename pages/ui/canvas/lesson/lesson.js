// The bar of a lesson. The page says what is shown; this sends where to go and what was answered, shows the question
// (question.js, drawing.js), hears clicker and swipe (input.js), and keeps the speaker's window in step (shared/sync.js).

const PATIENCE = 8000; // ms for the page to answer: until then a second press would skip what nobody has seen.

function makeLesson(root) {
  const find = (selector) => root.querySelector(selector);
  const names = ["back", "on", "number", "name", "title", "setup", "restore", "again", "notes", "leave", "question", "options",
    "share", "range", "draw", "hint", "told", "odds", "rows", "curve", "lead", "moral"];
  const parts = Object.fromEntries(names.map((name) => [name, find(`.${name}`)]));
  Object.assign(parts, { legend: find("legend"), output: find("output"), show: find(".show") });
  return { parts, header: null, waiting: null, pick: null, drawn: null, knot: 1, shape: -1, asked: "", touch: null, line: null, timers: { patience: 0 } };
}

/** @param {Lesson.Instance} lesson @param {Lesson.Header} header */
function receive(lesson, header) {
  const place = `${header.lesson} ${header.number} ${header.isOpen}`;
  if (lesson.asked !== place) Object.assign(lesson, { pick: null, drawn: null });
  lesson.asked = place;
  lesson.header = header;
  arrive(lesson);
  globalThis.closedLoopLesson = true; // The clicker is the lesson's, not the scenes'.
  lesson.line?.say(whereOf(lesson));
}

/** @param {Lesson.Instance} instance */
const whereOf = ({ header }) => ({ lesson: header.lesson, number: header.number, isOpen: header.isOpen });

/** @param {Lesson.Instance} lesson */
function arrive(lesson) {
  clearTimeout(lesson.timers.patience);
  lesson.waiting = null;
}

/** Ask the page, once, for something; until it answers nothing else is asked. @param {Lesson.Instance} lesson */
function ask(lesson, name, value) {
  if (lesson.waiting) return;
  lesson.waiting = name;
  lesson.timers.patience = setTimeout(() => { arrive(lesson); showLesson(lesson); }, PATIENCE);
  lesson.setTriggerValue(name, value);
  showLesson(lesson);
}

/** A step on or back; an open question is answered first, by what has been chosen until now. @param {Lesson.Instance} lesson */
function turn(lesson, by) {
  const { number, count, isOpen } = lesson.header;
  if (by > 0 && isOpen) return reveal(lesson);
  if (number + by >= 1 && number + by <= count) ask(lesson, "go", number + by);
}

/** @param {Lesson.Instance} lesson */
function reveal(lesson) {
  const isCurve = lesson.header.question?.kind === "curve";
  ask(lesson, "answer", { value: isCurve ? lesson.drawn : lesson.pick });
}

/** @param {Lesson.Instance} lesson */
function showLesson(lesson) {
  const { root, parts, header, waiting } = lesson;
  const isBig = sizeName(header.mode, root.clientWidth) === "projector";
  // In a hall the pictures need the height: once it is answered, the moral stands where the set-up stood.
  const isBrief = isBig && header.told !== null;
  root.classList.toggle("projector", isBig);
  root.classList.toggle("brief", isBrief);
  setText(parts.number, `${header.number} / ${header.count}`);
  setText(parts.name, header.name);
  setText(parts.title, header.title);
  setText(parts.setup, isBrief ? header.moral : header.setup);
  parts.back.disabled = header.number === 1 || waiting !== null;
  parts.on.disabled = header.isOpen || header.number === header.count || waiting !== null;
  parts.restore.hidden = !header.isChanged;
  parts.again.hidden = !header.question || header.isOpen;
  parts.notes.href = header.notes;
  setText(parts.moral, isBrief ? "" : header.moral);
  parts.question.hidden = !header.isOpen;
  if (header.isOpen && header.question) showQuestion(lesson, header.question);
  parts.told.hidden = !header.told && !header.moral;
  showTold(lesson, header.told ?? { lead: "", brief: "", rows: [] }, isBrief);
}

/** What came of the question; in a hall in a row. @param {Lesson.Instance} lesson @param {Lesson.Told} told */
function showTold(lesson, told, isBrief) {
  const { parts, header } = lesson;
  setText(parts.lead, isBrief ? told.brief : told.lead);
  parts.rows.replaceChildren(...told.rows.map(toldRow));
  parts.rows.hidden = told.rows.length === 0;
  parts.odds.hidden = parts.rows.hidden && !told.curve;
  parts.curve.hidden = !told.curve;
  if (told.curve && header.question) drawTold(lesson, header.question, told);
}

/** @param {Lesson.Row} row */
function toldRow({ label, share, text, right, picked }) {
  const [row, name, bar, number] = ["li", "span", "i", "span"].map((tag) => document.createElement(tag));
  row.classList.toggle("right", right);
  name.textContent = label;
  for (const [is, word] of [[right, "✓"], [picked, "your answer"]]) {
    if (!is) continue;
    const small = document.createElement("small");
    small.textContent = ` ${word}`;
    name.append(small);
  }
  bar.style.width = `${100 * share}%`;
  number.className = "text";
  number.textContent = text;
  row.append(name, bar, number);
  return row;
}

/** @param {Lesson.Instance} lesson */
function stopLesson(lesson) {
  globalThis.closedLoopLesson = false;
  lesson.line?.close();
  lesson.line = null;
}

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { make: makeLesson, receive, connect: listen, show: showLesson, refresh: showLesson, stop: stopLesson });
}
