// The phase diagram: field, hatching, isolines, lines with their sentences, region words, axes, panels.

const REGION_SECOND = {
  collapse: { uniform: "one outcome takes over", other: "the common outcomes take over" },
  "heat death": { uniform: "all outcomes become equally likely", other: "all outcomes become equally likely" },
  faithful: { uniform: "even outcomes stay even", other: "stays close to the source" },
};
const DARK_ON_COLLAPSE = "#2B1000";

/**
 * Everything below the ring and the card. Returns the letters that the card should rather not hide.
 * @param {Context} context @param {PhaseMap.View} view @param {HTMLCanvasElement} picture
 */
function drawPageBase(context, view, picture) {
  const { plot, palette, m } = view;
  context.textBaseline = "alphabetic";
  context.drawImage(picture, plot.left, plot.top, plot.width, plot.height);
  const lines = placedLines(view);
  const guides = guideBoxes(view);
  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top, plot.width, plot.height);
  context.clip();
  drawBistable(context, view);
  const isolines = drawIsolines(context, view);
  context.strokeStyle = palette.ink;
  context.globalAlpha = 0.55;
  context.lineWidth = m.line;
  tracePath(context, [[view.x(1), plot.top], [view.x(1), plot.bottom]]);
  context.stroke();
  context.globalAlpha = 1;
  for (const line of lines) strokeLine(context, view, line);
  context.restore();
  drawPanels(context, view);
  drawMapCuts(context, view);
  const labels = drawLineLabels(context, view, lines, guides);
  // The card keeps off the words where it can, and the words off the card.
  const wished = placeRegionWords(context, view, labels, lines, guides, []);
  const card = restingCard(context, view, [...wished.flatMap(lettersOf), ...labels]);
  const placed = placeRegionWords(context, view, labels, lines, guides, card);
  for (const region of placed) drawRegionWord(context, view, region);
  const words = placed.map(({ spot }) => spot.box);
  drawIsolineLabels(context, view, isolines, [...guides, ...labels, ...words, ...card], lines);
  drawPageAxes(context, view);
  return [...placed.flatMap(lettersOf), ...labels];
}

/**
 * What a word must not touch are labels; guides and the card too, where a region leaves the room.
 * @param {Context} context @param {PhaseMap.View} view @param {Box[]} labels @param {PhaseMap.DrawnLine[]} lines
 * @param {Box[]} guides @param {Box[]} card @returns {PhaseMap.RegionWord[]}
 */
function placeRegionWords(context, view, labels, lines, guides, card) {
  const { m, header } = view;
  const hasHeat = lines.some((line) => line.isHot);
  // A nearly even source is faithful when hot although its shift is large: then the word goes where the ground is neutral.
  const isPaleBelow = Math.abs(readGrid(view.field, view.field.shift, Math.log(2.35), 0.065)) < 0.3;
  const wishes = {
    collapse: [0.316, 0.065],
    "heat death": [2.5, 0.065],
    faithful: hasHeat || !isPaleBelow ? [1, 0.79] : [2.35, 0.065],
  };
  const found = /** @type {PhaseMap.RegionWord[]} */ ([]);
  for (const name of REGIONS) {
    const second = REGION_SECOND[name][header.uniform ? "uniform" : "other"];
    const word = { big: view.font(700, 20 * m.unit), small: view.font(600, 14 * m.unit), title: CLASS_WORD[name].toUpperCase(), second };
    const [temperature, share] = wishes[name];
    const wish = { x: view.x(temperature), y: view.y(share) };
    const taken = [...labels, ...found.map(({ spot }) => spot.box)];
    // A narrow region keeps its word even where the cut runs through it; rather that than under the card.
    for (const more of [[...guides, ...card], card, []]) {
      const region = placeRegionWord(context, view, name, word, wish, [...taken, ...more]);
      if (!region) continue;
      found.push(region);
      break;
    }
  }
  return found;
}

/**
 * Both lines where they fit, the word alone where only that does.
 * @param {Context} context @param {PhaseMap.View} view @param {Position} wish @param {Box[]} obstacles
 * @returns {PhaseMap.RegionWord | null}
 */
function placeRegionWord(context, view, name, word, wish, obstacles) {
  const { m, plot } = view;
  const spacing = 1.8 * m.unit;
  context.font = word.small;
  const lower = context.measureText(word.second).width;
  context.font = word.big;
  const upper = context.measureText(word.title).width + spacing * word.title.length;
  const isInside = (x, y) => classAtPixel(view, x, y) === name;
  for (const hasSecond of [true, false]) {
    const size = { width: Math.max(upper, hasSecond ? lower : 0) + 8, height: (hasSecond ? 44 : 26) * m.unit };
    const spot = placeBox(plot, isInside, size, wish, obstacles);
    if (spot) return { name, word, spot, hasSecond };
  }
  return null;
}

/** Boxes of a region's letters, as labels along lines have them: the card weighs all alike. @param {PhaseMap.RegionWord} region @returns {Box[]} */
function lettersOf({ word, spot: { box }, hasSecond }) {
  const count = word.title.length + (hasSecond ? word.second.length : 0);
  const width = (box.right - box.left) / count;
  return Array.from({ length: count }, (_, i) => ({ ...box, left: box.left + i * width, right: box.left + (i + 1) * width }));
}

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.RegionWord} region */
function drawRegionWord(context, view, { name, word, spot, hasSecond }) {
  const { m } = view;
  const { colour, halo } = wordColours(view, name, spot);
  context.textAlign = "center";
  context.font = word.big;
  if ("letterSpacing" in context) context.letterSpacing = `${1.8 * m.unit}px`;
  haloText(context, word.title, spot.x, spot.box.top + 20 * m.unit, { colour, halo, width: 5 * m.unit });
  if ("letterSpacing" in context) context.letterSpacing = "0px";
  context.font = word.small;
  if (hasSecond) haloText(context, word.second, spot.x, spot.box.top + 39 * m.unit, { colour, halo, width: 5 * m.unit });
}

/**
 * Light or dark letters by the ground they stand on, with a halo in that ground's colour.
 * @param {PhaseMap.View} view @param {PhaseMap.Spot} spot
 */
function wordColours(view, name, spot) {
  const { palette, field } = view;
  const reading = readGrid(field, field.shift, view.log(spot.x), view.share(spot.y));
  const ground = rampColour(palette.dark, reading);
  // In dark mode the ends of the ramp are bright: a darker halo keeps white letters above 4.5:1.
  if (palette.dark) return { colour: name === "faithful" ? palette.faithfulText : "#FFFFFF", halo: `rgb(${ground.map((v) => Math.round(v * 0.55)).join(" ")} / 0.55)` };
  const brightness = 0.2126 * toLinear(ground[0] / 255) + 0.7152 * toLinear(ground[1] / 255) + 0.0722 * toLinear(ground[2] / 255);
  const whiteReads = 1.05 / (brightness + 0.05) >= 4.5;
  const colours = { collapse: DARK_ON_COLLAPSE, "heat death": whiteReads ? "#FFFFFF" : "#06263D", faithful: palette.faithfulText };
  return { colour: colours[name], halo: css(ground) };
}

