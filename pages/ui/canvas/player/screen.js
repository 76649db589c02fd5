// Full screen: the player alone, with large type and the height of the screen. Its stage carries the ground and the
// margins, so that the player's own width stays the width of its drawings.

const WIDE = 960; // px: from here on a full screen is drawn for a lecture hall, in proportion to the hall's screen
const HALL = { width: 1920, height: 1080 };
const NOT_LENGTHS = ["barShare", "sample"]; // a share and a count among the measures
const LEAST = { bars: 160, plot: 48 };

/** @param {Player.Instance} instance */
const isFullScreen = ({ parts }) => parts.stage.matches(":fullscreen");

/** @param {Player.Instance} player */
function toggleFullScreen(player) {
  if (isFullScreen(player)) document.exitFullscreen();
  else if (document.fullscreenEnabled) player.parts.stage.requestFullscreen().catch(() => {}); // a refusal changes nothing
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
}

/** The measures for where the player is drawn now. @param {Player.Instance} player */
function measuresOf(player) {
  const { run, width, parts } = player;
  const full = isFullScreen(player);
  const hall = full && width >= WIDE;
  const k = hall ? Math.min(parts.stage.clientWidth / HALL.width, parts.stage.clientHeight / HALL.height) : 1;
  parts.stage.style.setProperty("--k", String(k));
  const measures = scaled(measuresFor(hall ? "projector" : run.mode, width, run.kept !== null), k);
  return full ? stretched(player, measures) : measures;
}

/** @param {Player.Measures} measures @returns {Player.Measures} */
function scaled(measures, k) {
  const times = ([name, value]) => [name, typeof value === "number" && !NOT_LENGTHS.includes(name) ? value * k : value];
  return Object.fromEntries(Object.entries(measures).map(times));
}

/**
 * Bars and plots share what is left of the screen's height, or give up what is missing.
 * @param {Player.Instance} player @param {Player.Measures} measures
 */
function stretched(player, measures) {
  const { root, parts } = player;
  root.dataset.mode = measures.name; // The rest of the player is as high as its style says in this mode.
  const rest = root.offsetHeight - parts.bars.offsetHeight - parts.curves.parentElement.offsetHeight;
  const view = viewOf({ ...player, measures }, contextOf(parts.bars));
  const room = parts.stage.clientHeight - root.offsetTop - parseFloat(getComputedStyle(parts.stage).paddingBottom);
  const spare = room - rest - measures.bars - layoutCurves(view).height;
  return {
    ...measures,
    bars: Math.max(LEAST.bars, Math.floor(measures.bars + 0.6 * spare)),
    plot: Math.max(LEAST.plot, Math.floor(measures.plot + 0.2 * spare)),
  };
}
