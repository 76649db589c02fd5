// The words of the panels: written once per generation by the server, shown and spoken stage by stage.

function makePanels(root) {
  const list = root.querySelector(".panels");
  const template = root.querySelector("template");
  return Array.from({ length: STAGES }, (_, stage) => {
    const item = template.content.firstElementChild.cloneNode(true);
    item.querySelector(".badge").textContent = String(stage + 1);
    list.append(item);
    const find = (selector) => item.querySelector(selector);
    return { item, title: find("h3"), symbol: find("i"), number: find(".number"), canvas: find("canvas"), words: find(".words") };
  });
}

/** Write what is said in this generation; the stages decide what of it is seen. @param {Inside.Instance} inside */
function writeStep(inside) {
  const { step, parts, panels } = inside;
  setText(parts.title, step.heading.title);
  setText(parts.settings, step.heading.settings);
  setText(parts.check, step.heading.check);
  setText(parts.now, grouped(step.generation));
  setText(parts.total, grouped(step.generations));
  for (const [name, shown] of [["dots", step.dots], ["bars", !step.dots]]) {
    for (const mark of inside.root.querySelectorAll(`.for-${name}`)) mark.toggleAttribute("hidden", !shown);
  }
  step.stages.forEach((told, stage) => {
    const panel = panels[stage];
    setText(panel.title, told.title);
    setText(panel.symbol, told.symbol);
    setText(panel.number, told.number);
    writePieces(panel.words, told.words);
    panel.canvas.setAttribute("aria-label", barsInWords(step, stage));
  });
}

/** @param {HTMLElement} element @param {Inside.Told["words"]} pieces */
function writePieces(element, pieces) {
  element.replaceChildren(...pieces.map(({ text, style }) => {
    const piece = document.createElement(style === "distance" ? "b" : "span");
    piece.textContent = text;
    return piece;
  }));
}

/** @param {Inside.Step} step @param {number} stage */
function barsInWords(step, stage) {
  const texts = step.names.map((name, i) => `${name} ${valueText(step, stage, i).replace(/\s*×/, " items")}`);
  const rest = texts.length > 12 ? `, and ${texts.length - 12} more` : "";
  return `${step.stages[stage].title}: ${texts.slice(0, 12).join(", ")}${rest}`;
}

/** Which panels are seen, what the buttons do, and which arrows are dark. @param {Inside.Instance} instance */
function writeStage({ step, stage, panels, parts, root, arrows }) {
  panels.forEach(({ item, canvas }, k) => {
    item.classList.toggle("shown", k < stage);
    item.classList.toggle("current", k === stage - 1);
    canvas.toggleAttribute("aria-hidden", k >= stage);
    if (k === stage - 1) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  });
  arrows.forEach((arrow, k) => arrow.classList.toggle("shown", k + 1 < stage));
  writePieces(parts.caption, step.stages[stage - 1].words);
  root.classList.toggle("whole", stage === STAGES);
  const last = step.generation === step.generations;
  setText(parts.next, stage < STAGES ? "Next stage" : last ? "End of the run" : "Next generation");
  const disable = (button, off) => button.setAttribute("aria-disabled", String(off));
  disable(parts.next, stage === STAGES && last);
  disable(parts.back, stage === 1);
  disable(parts.all, stage === STAGES);
  disable(parts.earlier, step.generation === 1);
  disable(parts.later, last);
}

/** Tell a screen reader the stage that has just come, or all six after "all at once". @param {Inside.Instance} instance */
function speak({ step, stage, parts }, all) {
  const told = (k) => {
    const { title, number, words } = step.stages[k];
    return `Stage ${k + 1} of ${STAGES}. ${title}: ${number}. ${words.map(({ text }) => text).join("")}`;
  };
  const texts = all ? step.stages.map((_, k) => told(k)) : [told(stage - 1)];
  if (stage === 1) texts.unshift(`${step.heading.title}.`);
  setText(parts.said, texts.join(" ").replaceAll("→", "to"));
}
