// Small switches above the page map, one for each group of lines that is there.

const GROUP_WORDS = {
  contour: "faithful line", stability: "stability", edge: "collapse edge", maxwell: "Maxwell", bounds: "published bounds", bistable: "bistable",
};
/** @type {PhaseMap.Group[]} */
const GROUP_ORDER = ["contour", "stability", "edge", "maxwell", "bounds", "bistable"];
/**
 * The groups that this header draws; none where it names no group and counts no states (the map of old).
 * @param {PhaseMap.Instance} instance
 */
function groupsOf({ header, field }) {
  const named = new Set((header.lines || []).map(({ group }) => group).filter(Boolean));
  const counted = field.states && field.states.some((count) => count >= 2);
  if (header.kind !== "page" || (!named.size && !counted)) return [];
  if (counted) named.add("bistable");
  if (hasOwnContour(header, field)) named.add("contour");
  return GROUP_ORDER.filter((group) => named.has(group));
}

/**
 * Over an even source the stability line is the boundary, and one switch is enough.
 * @param {PhaseMap.Header} header @param {PhaseMap.Field} field
 */
function hasOwnContour(header, field) {
  const isTwin = (header.lines || []).some((line) => line.group === "stability" && sameValues(field, lineValues(header, line)));
  return !isTwin || field.contour.some((share, i) => field.lineLogs[i] > 0 && share > 1e-6);
}

/** @param {PhaseMap.Header} header @param {PhaseMap.Group} group */
const groupWord = (header, group) => (header.group_labels || {})[group] || (group === "edge" && !header.uniform ? "other winners" : GROUP_WORDS[group]);

/** Buttons are made again only when the groups or their names change, so that focus stays. @param {PhaseMap.Instance} instance */
function updateChips(instance) {
  const { header, part, hidden } = instance;
  const row = part("chips");
  const groups = groupsOf(instance);
  row.hidden = !groups.length;
  const key = JSON.stringify(groups.map((group) => [group, groupWord(header, group)]));
  if (instance.chipKey !== key) {
    instance.chipKey = key;
    row.replaceChildren(...groups.map((group) => makeChip(instance, group)));
  }
  for (const chip of row.children) chip.setAttribute("aria-pressed", String(!hidden.has(chip.dataset.group)));
}

/** @param {PhaseMap.Instance} instance @param {PhaseMap.Group} group */
function makeChip(instance, group) {
  const chip = document.createElement("button");
  chip.type = "button";
  chip.className = "cl-map-chip";
  chip.dataset.group = group;
  explain(chip, instance.header.terms?.[group]);
  const swatch = document.createElement("i");
  swatch.setAttribute("aria-hidden", "true");
  chip.append(swatch, document.createTextNode(groupWord(instance.header, group)));
  chip.addEventListener("click", () => toggleGroup(instance, group));
  return chip;
}

/** @param {PhaseMap.Instance} instance @param {PhaseMap.Group} group */
function toggleGroup(instance, group) {
  const { hidden } = instance;
  if (!hidden.delete(group)) hidden.add(group);
  updateChips(instance);
  refresh(instance);
  instance.setStateValue("shown", groupsOf(instance).filter((name) => !hidden.has(name)));
}

/**
 * Beside the panel's title in the wide layout, in a row of their own otherwise. Returns the height they take of the canvas.
 * @param {PhaseMap.Instance} instance
 */
function placeChips({ part, header }, width) {
  const row = part("chips");
  const mode = modeOf("page", header.mode, width);
  const beside = header.kind === "page" && header.cut ? besideMeasures(mode, width) : null;
  row.classList.toggle("beside", Boolean(beside));
  if (row.hidden || !beside) {
    row.style.cssText = "";
    return 0;
  }
  const { left } = PAGE_MEASURES[mode];
  row.style.left = `${left}px`;
  row.style.width = `${width - beside.labels - beside.width - beside.gap - left}px`;
  return row.offsetHeight;
}
