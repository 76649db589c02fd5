// The row of interventions under the time axis: a mark (a small flag and words) where a setting is changed during the run.
// The marks are drawn, so that saved pictures have them; over each lies a real button, for fingers, keyboards and screen
// readers. player.interventions: { pointed, drag }, the generation under the pointer, and the mark that is dragged or null.

const DRAG_SLACK = 4; // px: a press that moves less is a click

const makeInterventions = () => ({ pointed: null, drag: null });
/** @param {Player.Run} run */
const canIntervene = (run) => Array.isArray(run.schedule) && !run.offline;
/** @param {Player.View | Player.Instance} view @param {Player.CurvesLayout} layout */
const interventionX = (view, layout, generation) => layout.x(frameAt(view.run.frames, generation));

/**
 * The marks from left to right: [{ index, generation, words, x, start, end, text }]. A label has the room up to the
 * next mark; changes at the same generation follow each other behind one flag.
 * @param {Player.View} view @param {Player.CurvesLayout} layout
 */
function interventionMarks(view, layout) {
  const { run, measures, width } = view;
  const size = measures.tick;
  const entries = (run.schedule ?? []).map((entry, index) => ({ ...entry, index }));
  entries.sort((a, b) => a.generation - b.generation || a.index - b.index);
  const marks = [];
  entries.forEach((entry, at) => {
    const x = interventionX(view, layout, entry.generation);
    const before = marks[at - 1];
    const start = before?.generation === entry.generation ? before.end : x;
    const next = entries.slice(at + 1).find((other) => other.generation > entry.generation);
    const limit = next ? interventionX(view, layout, next.generation) - size * 0.4 : width;
    const room = limit - start - size;
    const text = room > size * 2.5 ? fitted(view, entry.words, room, size) : "";
    const end = text ? start + size * 1.3 + textWidth(view, text, size) : start + size * 0.8;
    marks.push({ ...entry, x, start, end: Math.max(end, Math.min(start + size, limit)), text });
  });
  return marks;
}

/** @param {Player.View} view @param {Player.CurvesLayout} layout */
function drawInterventions(view, layout) {
  if (!layout.interventions) return;
  layout.marks ??= interventionMarks(view, layout);
  const drag = view.interventions?.drag?.moved ? view.interventions.drag : null;
  for (const mark of layout.marks) {
    if (mark.index !== drag?.index) drawMark(view, layout, mark);
  }
  if (drag) {
    const x = interventionX(view, layout, drag.generation);
    drawMark(view, layout, { x, start: x, text: `generation ${grouped(drag.generation)}` });
  } else if (view.interventions && canIntervene(view.run)) drawInvitation(view, layout, layout.marks, view.interventions.pointed);
}

/** @param {Player.View} view @param {Player.CurvesLayout} layout @param {Pick<Player.Mark, "x" | "start" | "text">} options */
function drawMark(view, layout, { x, start, text }) {
  const { context, palette, measures } = view;
  const size = measures.tick;
  const top = rowTop(layout) + size * 0.15;
  context.globalAlpha = 0.5;
  for (const panel of layout.panels) {
    drawLine(view, x, panel.top, x, panel.bottom, palette.ink, measures.playhead, [measures.playhead, measures.playhead * 3]);
  }
  context.globalAlpha = 1;
  drawLine(view, x, top, x, top + size * 1.35, palette.ink, measures.playhead * 1.2);
  context.fillStyle = palette.ink;
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x + size * 0.75, top + size * 0.36);
  context.lineTo(x, top + size * 0.72);
  context.fill();
  if (text) drawText(view, text, start + size, interventionBaseline(layout, size), { size, colour: palette.ink, halo: palette.page });
}

/** @param {Player.CurvesLayout} layout */
const rowTop = ({ interventions }) => interventions?.top ?? 0;

/** At the top of the row: on a phone it is higher than its words, for fingers. @param {Player.CurvesLayout} layout */
const interventionBaseline = (layout, size) => rowTop(layout) + size * 1.15;

/**
 * At the pointer "+ change at …"; in an empty row that nobody points at, where to press.
 * @param {Player.View} view @param {Player.CurvesLayout} layout @param {Player.Mark[]} marks @param {number | null} pointed
 */
function drawInvitation(view, layout, marks, pointed) {
  const { palette, measures } = view;
  const size = measures.tick;
  const style = { size, colour: palette.secondary, halo: palette.page };
  const y = interventionBaseline(layout, size);
  if (pointed === null) {
    if (!marks.length) drawText(view, "+ change something on the way: press here", layout.left, y, style);
    return;
  }
  const x = interventionX(view, layout, pointed);
  drawLine(view, x, rowTop(layout), x, rowTop(layout) + size * 1.5, palette.secondary, measures.playhead);
  const text = `+ change at ${grouped(pointed)}`;
  const width = textWidth(view, text, size) + size;
  const next = marks.find((mark) => mark.x > x)?.x ?? view.width;
  if (x + width <= next) drawText(view, text, x + size * 0.5, y, style);
  else drawText(view, text, x - size * 0.5, y, { ...style, align: "right" });
}

/**
 * Lay a button over each mark. Buttons are kept where they can be, so that none loses the focus.
 * @param {Player.Instance} player
 */
function placeInterventions(player) {
  const { parts, run, curvesLayout: layout } = player;
  if (player.interventions.drag && !player.interventions.drag.held) player.interventions.drag = null;
  const { interventions: row } = layout;
  parts.interventions.hidden = !canIntervene(run) || !run.schedule?.length;
  if (parts.interventions.hidden || !row) return;
  layout.marks ??= interventionMarks(viewOf(player, contextOf(parts.curves)), layout);
  while (parts.interventions.children.length > layout.marks.length) parts.interventions.lastChild.remove();
  while (parts.interventions.children.length < layout.marks.length) parts.interventions.append(interventionButton());
  layout.marks.forEach((mark, at) => {
    const button = parts.interventions.children[at].firstChild;
    button.dataset.index = mark.index;
    button.setAttribute("aria-label", `At generation ${grouped(mark.generation)}: ${mark.words}, edit`);
    button.title = `At generation ${grouped(mark.generation)}: ${mark.words}. Press to edit, drag to move.`;
    const wide = Math.max(24, mark.end - mark.start + 6);
    Object.assign(button.style, {
      transform: "",
      left: `${mark.start - 6}px`, width: `${wide}px`,
      top: `${row.top - 2}px`, height: `${row.bottom - row.top + 4}px`,
    });
  });
}

function interventionButton() {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  item.append(button);
  return item;
}

/** Ask the page for something: a new id each time, so that the same press counts twice. @param {Player.Instance} player */
function askPage(player, name, request) {
  widenFullScreen(player); // What the page opens lies outside of the player.
  pause(player.playhead);
  player.asked += 1;
  player.setTriggerValue(name, { ...request, id: player.asked });
}

/** The generation at which a change can take hold: the start itself is what the dials set. @param {Player.Run} run */
const changeAt = (run, generation) => clamp(generation, 1, run.generations);

/** @param {Player.Instance} player @param {MouseEvent} event */
function isOnInterventions(player, event) {
  const { interventions, left, right } = player.curvesLayout ?? {};
  if (!interventions || !canIntervene(player.run)) return false;
  const { x, y } = pointerOn(player.parts.curves, event);
  return y >= interventions.top - 2 && y <= interventions.bottom + 2 && x >= left - 8 && x <= right + 8;
}

/** @param {Player.Instance} player */
const generationUnder = (player, x) => changeAt(player.run, player.run.frames[frameUnder(player, x)]);

/** @param {Player.Instance} player @param {MouseEvent | null} event */
function pointAtInterventions(player, event) {
  const pointed = event && isOnInterventions(player, event) ? generationUnder(player, pointerOn(player.parts.curves, event).x) : null;
  if (pointed === player.interventions.pointed) return;
  player.interventions.pointed = pointed;
  wake(player);
}

/** @param {Player.Instance} player @param {On} on */
function listenToInterventions(player, on) {
  const { parts, interventions } = player;
  on(parts.curves, "click", (event) => {
    if (!isOnInterventions(player, event)) return;
    askPage(player, "intervene", { generation: generationUnder(player, pointerOn(player.parts.curves, event).x) });
  });
  on(parts.interventions, "pointerdown", (event) => {
    const button = event.target.closest("button");
    if (!button || event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    interventions.drag = { button, index: Number(button.dataset.index), x: event.clientX, moved: false, held: true, generation: 0 };
  });
  on(parts.interventions, "pointermove", (event) => { if (interventions.drag?.held) dragMark(player, event); });
  on(parts.interventions, "pointercancel", () => {
    interventions.drag = null;
    relayout(player);
  });
  // A drag ends in a click too: the one place where either is told to the page.
  on(parts.interventions, "click", (event) => {
    const button = event.target.closest("button");
    const drag = interventions.drag;
    if (drag?.moved) {
      drag.held = false;
      askPage(player, "intervene", { index: drag.index, generation: drag.generation });
    } else if (button) {
      interventions.drag = null;
      askPage(player, "intervene", { index: Number(button.dataset.index) });
    }
  });
}

/** @param {Player.Instance} player @param {PointerEvent} event */
function dragMark(player, event) {
  const { interventions: { drag }, curvesLayout } = player;
  if (!drag) return;
  if (Math.abs(event.clientX - drag.x) > DRAG_SLACK) drag.moved = true;
  if (!drag.moved) return;
  drag.generation = generationUnder(player, pointerOn(player.parts.curves, event).x);
  const from = curvesLayout.marks?.find((mark) => mark.index === drag.index)?.x ?? 0;
  drag.button.style.transform = `translateX(${interventionX(player, curvesLayout, drag.generation) - from}px)`;
  wake(player);
}
