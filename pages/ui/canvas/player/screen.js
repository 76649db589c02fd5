// Full screen: the player alone, with large type and the height of the screen. Its stage carries the ground and the
// margins, so that the player's own width stays the width of its drawings. In projector mode the page itself is made for
// the hall: there all of it fills the screen. What the page opens beside the player needs the page too.

const WIDE = 960; // px: from here on a full screen is drawn for a lecture hall, in proportion to the hall's screen
const HALL = { width: 1920, height: 1080 };
const NOT_LENGTHS = ["barShare", "sample"]; // a share and a count among the measures
// Below these a picture is not worth looking at: then the page scrolls.
const LEAST = { projector: { bars: 150, plot: 44 }, desk: { bars: 112, plot: 40 }, phone: { bars: 160, plot: 48 } };

/** @param {Player.Instance} instance */
const isFullScreen = ({ parts }) => parts.stage.matches(":fullscreen");

/** @param {Player.Instance} player */
function toggleFullScreen(player) {
  const { run, parts } = player;
  const whole = run.mode === "projector" && !run.offline ? document.documentElement : parts.stage;
  if (document.fullscreenElement) document.exitFullscreen();
  else if (document.fullscreenEnabled) whole.requestFullscreen().catch(() => {}); // a refusal changes nothing
}

/** The whole page in full screen instead of the player alone. @param {Player.Instance} player */
async function widenFullScreen(player) {
  if (!isFullScreen(player)) return;
  await document.exitFullscreen();
  await document.documentElement.requestFullscreen().catch(() => {}); // then the page is shown in its window
}

/**
 * The sentence above the player where the page's own verdict is out of sight: in full screen, and in a saved page.
 * @param {Player.Instance} instance
 */
function writeHeadline({ parts, palette, run, playhead }) {
  const { word, middle, number, after } = verdictWords(run, frameShown(playhead));
  [word, middle, number, after].forEach((text, at) => setText(parts.headline[at], text));
  const frame = frameShown(playhead);
  const { fill } = classColours(palette, phaseAt(run.phases, run.frames[frame]));
  for (const part of [parts.headline[0], parts.headline[2]]) part.style.color = fill;
  setText(parts.remedy, run.clauses?.[1] ?? "");
}

/** The measures for where the player is drawn now. @param {Player.Instance} player */
function measuresOf(player) {
  const { run, width, parts } = player;
  const full = isFullScreen(player);
  const hall = full && width >= WIDE;
  const k = hall ? Math.min(parts.stage.clientWidth / HALL.width, parts.stage.clientHeight / HALL.height) : 1;
  parts.stage.style.setProperty("--k", String(k));
  const measures = scaled(measuresFor(hall ? "projector" : run.mode, width, run.kept !== null), k);
  const scrolls = measures.name === "phone" || (measures.name === "desk" && isBelowDials(player.root));
  const room = full ? roomOnStage(player) : scrolls ? Infinity : roomFor(player.root);
  // A projector's screen and a full one are filled; at a desk the picture only gives up what is missing.
  return room === Infinity ? measures : stretched(player, measures, room, full || measures.name === "projector");
}

/** Whether the player has the whole width, as on an upright tablet: what it needs then lies below the fold. @param {HTMLElement} root */
function isBelowDials(root) {
  const { host } = /** @type {ShadowRoot} */ (root.getRootNode());
  const page = host?.closest(PAGE);
  return Boolean(page) && root.clientWidth > 0.85 * /** @type {HTMLElement} */ (page).clientWidth;
}

/** @param {Player.Measures} measures @returns {Player.Measures} */
function scaled(measures, k) {
  const times = ([name, value]) => [name, typeof value === "number" && !NOT_LENGTHS.includes(name) ? value * k : value];
  return Object.fromEntries(Object.entries(measures).map(times));
}

/** @param {Player.Instance} instance */
const roomOnStage = ({ root, parts: { stage } }) => stage.clientHeight - root.offsetTop - parseFloat(getComputedStyle(stage).paddingBottom);

/**
 * Bars and plots share what is left of the room, or give up what is missing.
 * @param {Player.Instance} player @param {Player.Measures} measures
 */
function stretched(player, measures, room, grows) {
  const { root, parts } = player;
  root.dataset.mode = measures.name; // The rest of the player is as high as its style says in this mode.
  fitStrip(player);
  // What is neither bars nor curves: the line above, the gap, a remark, the buttons.
  const height = (part) => (part.hidden ? 0 : part.offsetHeight + parseFloat(getComputedStyle(part).marginTop));
  const gap = parseFloat(getComputedStyle(parts.bars.parentElement).marginBottom);
  const rest = parts.title.parentElement.offsetHeight + gap + height(parts.flag) + parts.strip.offsetHeight;
  const view = viewOf({ ...player, measures }, contextOf(parts.bars));
  const spare = Math.min(grows ? Infinity : 0, room - rest - measures.bars - layoutCurves(view).height);
  const least = LEAST[measures.name];
  const bars = Math.max(least.bars, Math.floor(measures.bars + 0.6 * spare));
  const plot = Math.floor(measures.plot + (spare - (bars - measures.bars)) / 2);
  return { ...measures, bars, plot: Math.max(least.plot, Math.min(plot, measures.plot * 2)) };
}
