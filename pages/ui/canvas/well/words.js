// What the pictures say: true for two wells, for one, for a tie at the source, and for a flat floor.

/** @param {string[]} labels */
const aheadWords = (labels, start) => (Math.abs(start - 0.5) < 0.005 ? "level" : `with ${labels[sideOf(start)]} ahead`);

/** Whether a ball at `x` lies in the well of the outcome that the source does not favour. @param {Well.Header} header */
function isWrong(header, x) {
  const favourite = favouriteOf(header);
  if (favourite === null || stableOf(header).length < 2) return false;
  const barrier = header.fixed_points.find(({ kind }) => kind === "unstable");
  return sideOfBarrier(x, barrier?.x ?? 0.5) !== favourite;
}

const sideOfBarrier = (x, barrier) => (x > barrier ? 0 : 1);

/** Two lines for where the ball ends: a muted one and a bold one. @param {Well.View} view */
function endWords({ header, labels }, end) {
  const wells = stableOf(header).length;
  if (wells === 0) return ["a flat floor:", "nothing moves"];
  if (wells === 1) return ["one well:", "every start ends here"];
  const started = `started ${aheadWords(labels, header.start)},`;
  if (isResting(header, end)) return [started, "balanced on the barrier"];
  if (favouriteOf(header) === null) return [started, `stays with ${labels[sideOf(end)]}`];
  return [started, isWrong(header, end) ? "stuck in the wrong well" : "home in the right well"];
}

/** @param {Well.Header} header */
const isResting = (header, end) => header.fixed_points.some(({ kind, x }) => kind === "unstable" && Math.abs(x - end) < 1e-3);

/** @param {Well.Header} header */
function smallTitle(header) {
  const head = "Turn up the external data:";
  // At T = 1 the floor is flat without external data, and every other share bends it.
  if (header.vanish === null) return `${head} one well ${header.point.temperature === 1 ? "at any share above 0" : "at any share"}`;
  const share = `${percentFine(header.vanish)}${NBSP}%`;
  return favouriteOf(header) === null ? `${head} the two wells merge at ${share}` : `${head} the wrong well vanishes at ${share}`;
}

/** The words under a small well. @param {Well.View} view @param {Well.Small} small */
function smallWords({ header, labels }, { external_fraction: share, stuck, is_now: isNow }, end) {
  const state = smallState(header, labels, share, stuck, end);
  return [`${percentFine(share)}${NBSP}%`, isNow ? `now, ${state}` : state, state];
}

/** @param {Well.Header} header @param {string[]} labels */
function smallState(header, labels, share, stuck, end) {
  if (header.vanish === null) return header.point.temperature === 1 && share === 0 ? "flat" : "one well";
  if (favouriteOf(header) === null) return share < header.vanish ? `with ${labels[sideOf(end)]}` : "level";
  return stuck ? "stuck" : "home";
}

/** @param {Well.View} view */
function startSentence({ header, labels }) {
  const number = `${labels[0]} ${header.start.toFixed(2)}`;
  return `The ball starts ${aheadWords(labels, header.start)} (${number}) in every picture and rolls downhill. Drag it to start elsewhere.`;
}

/** @param {Well.Instance} well */
function showWellWords(well) {
  const { parts, view, header, arrays } = well;
  parts.smallTitle.textContent = smallTitle(header);
  parts.note.textContent = startSentence(view);
  const list = header.wells.map((small, k) => {
    const [share, state] = smallWords(view, small, arrays.wells_end[k]);
    return `${share}: ${state}`;
  });
  parts.smalls.setAttribute("aria-label", `${smallTitle(header)}. ${list.join("; ")}.`);
  parts.stage.setAttribute("aria-label", `${header.alt ?? ""} Start of the ball: share of ${view.labels[0]}.`.trim());
}

/** The slider's value: what the visitor sets, and what comes of it. @param {Well.Instance} well */
function showStart(well) {
  const { parts, view, header } = well;
  const start = startShown(well);
  parts.stage.setAttribute("aria-valuenow", String(Math.round(100 * start)));
  const [name] = view.labels;
  const known = Math.abs(start - header.start) < 1e-6;
  const end = lastOf(well.arrays.ball);
  const outcome = known ? `, ends at ${name} ${perCent(end)}: ${endWords(view, end).join(" ")}` : "";
  parts.stage.setAttribute("aria-valuetext", `${name} ${perCent(start)}${outcome}`);
}
