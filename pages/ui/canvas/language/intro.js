// A first visit: the same model cold, balanced and hot, in three columns, for a moment; then the visitor's own run.

const INTRO_MS = 12_000; // Time to read them, once they are there.

/** @param {Language.Instance} instance */
function showIntro(instance) {
  const { root, parts, run } = instance;
  const { intro } = run.header;
  const isOn = Boolean(intro) && !instance.hasLeft;
  root.classList.toggle("intro-on", isOn);
  parts.intro.hidden = !isOn;
  if (!isOn || !intro) return;
  parts.columns.replaceChildren(...intro.columns.map(introColumn));
  if (intro.done) instance.timers.intro ||= window.setTimeout(() => leaveIntro(instance), INTRO_MS);
}

/** @param {Language.Intro["columns"][0]} column */
function introColumn({ title, words, generation, pieces }) {
  const column = document.createElement("section");
  const [heading, small, said] = [document.createElement("h2"), document.createElement("small"), document.createElement("p")];
  heading.textContent = title;
  small.textContent = `${words}; generation ${generation}`;
  said.className = "said";
  said.append(...pieces.map(([text, level]) => markedPiece(text, level)));
  column.append(heading, small, said);
  return column;
}

/** @param {Language.Instance} instance */
function leaveIntro(instance) {
  if (instance.hasLeft || !instance.run.header.intro) return;
  instance.hasLeft = true;
  clearTimeout(instance.timers.intro);
  instance.setTriggerValue("intro", "left");
  showTexts(instance);
}
