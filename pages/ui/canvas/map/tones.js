// Which colour a tone has: as a mark, and as small type.

/** @param {PhaseMap.View} view @param {PhaseMap.Tone} tone */
function toneMark({ palette }, tone) {
  const marks = { faithful: palette.dark ? "#2CC79A" : palette.faithful, collapse: palette.collapse, heat: palette.heat, other: palette.disabled, bound: palette.secondary };
  return marks[tone] || (palette.dark ? "#FFFFFF" : palette.ink);
}

/** @param {PhaseMap.View} view @param {PhaseMap.Tone} tone */
function toneText({ palette }, tone) {
  const texts = { faithful: palette.faithfulText, collapse: palette.collapseText, heat: palette.heatText, other: palette.secondary, bound: palette.secondary };
  return texts[tone] || palette.ink;
}
