// The lane of interventions under the time axis: a flag where something is changed on the way. The flags are drawn,
// so that pictures have them; over each lies a real button, for fingers, keyboards and screen readers.
// player.lane: { pointed, drag } with the generation under the pointer, and the flag in the hand or null.

const LANE_SLACK = 4; // px: a press that moves less is a click

const makeLane = () => ({ pointed: null, drag: null });
const laneIsOpen = (run) => Array.isArray(run.schedule) && !run.offline;
const laneX = (view, layout, generation) => layout.x(frameAt(view.run.frames, generation));

/**
 * The flags from left to right: [{ index, generation, words, x, start, end, text }]. A label has the room up to the
 * next flag; changes at the same generation follow each other behind one flag.
 */
function laneMarkers(view, layout) {
  const { run, measures, width } = view;
  const size = measures.tick;
  const entries = (run.schedule ?? []).map((entry, index) => ({ ...entry, index }));
  entries.sort((a, b) => a.generation - b.generation || a.index - b.index);
  const markers = [];
  entries.forEach((entry, at) => {
    const x = laneX(view, layout, entry.generation);
    const before = markers[at - 1];
    const start = before?.generation === entry.generation ? before.end : x;
    const next = entries.slice(at + 1).find((other) => other.generation > entry.generation);
    const limit = next ? laneX(view, layout, next.generation) - size * 0.4 : width;
    const room = limit - start - size;
    const text = room > size * 2.5 ? fitted(view, entry.words, room, size) : "";
    const end = text ? start + size * 1.3 + textWidth(view, text, size) : start + size * 0.8;
    markers.push({ ...entry, x, start, end: Math.max(end, Math.min(start + size, limit)), text });
  });
  return markers;
}

function drawLane(view, layout) {
  if (!layout.lane) return;
  layout.markers ??= laneMarkers(view, layout);
  const drag = view.lane?.drag?.moved ? view.lane.drag : null;
  for (const marker of layout.markers) {
    if (marker.index !== drag?.index) drawFlag(view, layout, marker);
  }
  if (drag) {
    const x = laneX(view, layout, drag.generation);
    drawFlag(view, layout, { x, start: x, text: `generation ${grouped(drag.generation)}` });
  } else if (view.lane && laneIsOpen(view.run)) drawInvitation(view, layout);
}

function drawFlag(view, layout, { x, start, text }) {
  const { context, palette, measures } = view;
  const size = measures.tick;
  const top = layout.lane.top + size * 0.15;
  context.globalAlpha = 0.5;
  for (const panel of layout.panels) {
    drawLine(view, x, panel.top, x, panel.bottom, palette.ink, measures.head, [measures.head, measures.head * 3]);
  }
  context.globalAlpha = 1;
  drawLine(view, x, top, x, top + size * 1.35, palette.ink, measures.head * 1.2);
  context.fillStyle = palette.ink;
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x + size * 0.75, top + size * 0.36);
  context.lineTo(x, top + size * 0.72);
  context.fill();
  if (text) drawText(view, text, start + size, laneBaseline(layout, size), { size, colour: palette.ink, halo: palette.page });
}

/** At the top of the lane: on a phone it is higher than its words, for fingers. */
const laneBaseline = ({ lane }, size) => lane.top + size * 1.15;

/** At the pointer "+ change here"; in an empty lane nobody points at, where to press. */
function drawInvitation(view, layout) {
  const { palette, measures, lane } = view;
  const size = measures.tick;
  const style = { size, colour: palette.secondary, halo: palette.page };
  const y = laneBaseline(layout, size);
  if (lane.pointed === null) {
    if (!layout.markers.length) drawText(view, "+ change something on the way: press here", layout.left, y, style);
    return;
  }
  const x = laneX(view, layout, lane.pointed);
  drawLine(view, x, layout.lane.top, x, layout.lane.top + size * 1.5, palette.secondary, measures.head);
  const text = `+ change at ${grouped(lane.pointed)}`;
  const width = textWidth(view, text, size) + size;
  const next = layout.markers.find((marker) => marker.x > x)?.x ?? view.width;
  if (x + width <= next) drawText(view, text, x + size * 0.5, y, style);
  else drawText(view, text, x - size * 0.5, y, { ...style, align: "right" });
}

/** Lay a button over each flag. Buttons are kept where they can be, so that none loses the focus. */
function placeLane(player) {
  const { parts, run, curvesLayout: layout } = player;
  if (player.lane.drag && !player.lane.drag.held) player.lane.drag = null;
  parts.lane.hidden = !layout.lane || !laneIsOpen(run) || !run.schedule.length;
  if (parts.lane.hidden) return;
  layout.markers ??= laneMarkers(viewOf(player, parts.curves.getContext("2d")), layout);
  while (parts.lane.children.length > layout.markers.length) parts.lane.lastChild.remove();
  while (parts.lane.children.length < layout.markers.length) parts.lane.append(laneButton());
  layout.markers.forEach((marker, at) => {
    const button = parts.lane.children[at].firstChild;
    button.dataset.index = marker.index;
    button.setAttribute("aria-label", `At generation ${grouped(marker.generation)}: ${marker.words}, edit`);
    button.title = `At generation ${grouped(marker.generation)}: ${marker.words}. Press to edit, drag to move.`;
    const wide = Math.max(24, marker.end - marker.start + 6);
    Object.assign(button.style, {
      transform: "",
      left: `${marker.start - 6}px`, width: `${wide}px`,
      top: `${layout.lane.top - 2}px`, height: `${layout.lane.bottom - layout.lane.top + 4}px`,
    });
  });
}

function laneButton() {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  item.append(button);
  return item;
}

/** Ask the page for something: a new id each time, so that the same press counts twice. */
function askPage(player, name, request) {
  if (isFullScreen(player)) document.exitFullscreen(); // What the page opens lies outside of it.
  pause(player.head);
  player.asked += 1;
  player.setTriggerValue(name, { ...request, id: player.asked });
}

/** The generation at which a change can take hold: the start itself is what the dials set. */
const changeAt = (run, generation) => clamp(generation, 1, run.generations);

function inLane(player, event) {
  const { lane, left, right } = player.curvesLayout ?? {};
  if (!lane || !laneIsOpen(player.run)) return false;
  const [x, y] = [event.offsetX, event.offsetY];
  return y >= lane.top - 2 && y <= lane.bottom + 2 && x >= left - 8 && x <= right + 8;
}

const generationUnder = (player, x) => changeAt(player.run, player.run.frames[frameUnder(player, x)]);

function pointAtLane(player, event) {
  const pointed = event && inLane(player, event) ? generationUnder(player, event.offsetX) : null;
  if (pointed === player.lane.pointed) return;
  player.lane.pointed = pointed;
  wake(player);
}

function listenToLane(player, on) {
  const { parts, lane } = player;
  on(parts.curves, "click", (event) => {
    if (!inLane(player, event)) return;
    askPage(player, "intervene", { generation: generationUnder(player, event.offsetX) });
  });
  on(parts.lane, "pointerdown", (event) => {
    const button = event.target.closest("button");
    if (!button || event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    lane.drag = { button, index: Number(button.dataset.index), x: event.clientX, moved: false, held: true };
  });
  on(parts.lane, "pointermove", (event) => { if (lane.drag?.held) dragFlag(player, event); });
  on(parts.lane, "pointercancel", () => {
    lane.drag = null;
    relayout(player);
  });
  // A drag ends in a click too: the one place where either is told to the page.
  on(parts.lane, "click", (event) => {
    const button = event.target.closest("button");
    const drag = lane.drag;
    if (drag?.moved) {
      drag.held = false;
      askPage(player, "intervene", { index: drag.index, generation: drag.generation });
    } else if (button) {
      lane.drag = null;
      askPage(player, "intervene", { index: Number(button.dataset.index) });
    }
  });
}

function dragFlag(player, event) {
  const { drag } = player.lane;
  if (Math.abs(event.clientX - drag.x) > LANE_SLACK) drag.moved = true;
  if (!drag.moved) return;
  drag.generation = generationUnder(player, event.clientX - player.parts.curves.getBoundingClientRect().left);
  const from = player.curvesLayout.markers.find((marker) => marker.index === drag.index).x;
  drag.button.style.transform = `translateX(${laneX(player, player.curvesLayout, drag.generation) - from}px)`;
  wake(player);
}
