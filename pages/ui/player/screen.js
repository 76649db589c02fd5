// Full screen: the player alone, with large type and the height of the screen. Its stage carries the ground and the
// margins, so that the player's own width stays the width of its drawings.

const WIDE = 1100; // px: from here on a full screen is drawn for a lecture hall
const LEAST_BARS = 160;
const LEAST_PLOT = 48;

const isFullScreen = ({ parts }) => parts.stage.matches(":fullscreen");

function toggleFullScreen(player) {
  if (isFullScreen(player)) document.exitFullscreen();
  else if (document.fullscreenEnabled) player.parts.stage.requestFullscreen().catch(() => {}); // a refusal changes nothing
}

/** The measures for where the player is drawn now. */
function measuresOf(player) {
  const { run, width } = player;
  if (!isFullScreen(player)) return measuresFor(run.mode, width);
  return stretched(player, measuresFor(width >= WIDE ? "projector" : run.mode, width));
}

/** Bars and plots share what is left of the screen's height, or give up what is missing. */
function stretched(player, measures) {
  const { root, parts } = player;
  root.dataset.mode = measures.name; // The rest of the player is as high as its style says in this mode.
  const rest = root.offsetHeight - parts.bars.offsetHeight - parts.curves.parentElement.offsetHeight;
  const view = viewOf({ ...player, measures }, parts.bars.getContext("2d"));
  const spare = roomOf(parts.stage) - rest - measures.bars - layoutCurves(view).height;
  return {
    ...measures,
    bars: Math.max(LEAST_BARS, Math.floor(measures.bars + 0.6 * spare)),
    plot: Math.max(LEAST_PLOT, Math.floor(measures.plot + 0.2 * spare)),
  };
}

function roomOf(stage) {
  const { paddingTop, paddingBottom } = getComputedStyle(stage);
  return stage.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
}
