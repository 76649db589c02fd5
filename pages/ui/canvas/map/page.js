// The phase diagram: field, hatching, isolines, lines with their sentences, region words, axes, panels.

const REGION_SECOND = {
  collapse: { uniform: "one outcome takes over", other: "the common outcomes take over" },
  "heat death": { uniform: "all outcomes become equally likely", other: "all outcomes become equally likely" },
  faithful: { uniform: "even outcomes stay even", other: "stays close to the source" },
};
const DARK_ON_COLLAPSE = "#2B1000";

/**
 * Everything below the ring and the card. Returns the boxes that the card should rather not hide.
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
  const boxes = [...guides, ...labels];
  const words = drawRegionWords(context, view, boxes, lines, guides);
  drawIsolineLabels(context, view, isolines, [...boxes, ...words], lines);
  drawPageAxes(context, view);
  return [...words, ...labels];
}

/**
 * @param {Context} context @param {PhaseMap.View} view @param {Box[]} obstacles @param {PhaseMap.DrawnLine[]} lines
 * @param {Box[]} guides
 */
function drawRegionWords(context, view, obstacles, lines, guides) {
  const { m, header } = view;
  const hasHeat = lines.some((line) => line.isHot);
  // A nearly even source is faithful when hot although its shift is large: then the word goes where the ground is neutral.
  const isPaleBelow = Math.abs(readGrid(view.field, view.field.shift, Math.log(2.35), 0.065)) < 0.3;
  const wishes = {
    collapse: [0.316, 0.065],
    "heat death": [2.5, 0.065],
    faithful: hasHeat || !isPaleBelow ? [1, 0.79] : [2.35, 0.065],
  };
  const boxes = [];
  for (const name of REGIONS) {
    const second = REGION_SECOND[name][header.uniform ? "uniform" : "other"];
    const word = { big: view.font(700, 20 * m.unit), small: view.font(600, 14 * m.unit), title: CLASS_WORD[name].toUpperCase(), second };
    const [temperature, share] = wishes[name];
    const wish = { x: view.x(temperature), y: view.y(share) };
    // A narrow region keeps its word even where the cut runs through it.
    const labels = obstacles.filter((box) => !guides.includes(box));
    const box = placeRegionWord(context, view, name, word, wish, [...obstacles, ...boxes]) || placeRegionWord(context, view, name, word, wish, [...labels, ...boxes]);
    if (box) boxes.push(box);
  }
  return boxes;
}

/**
 * Both lines where they fit, the word alone where only that does.
 * @param {Context} context @param {PhaseMap.View} view @param {Position} wish @param {Box[]} obstacles
 */
function placeRegionWord(context, view, name, word, wish, obstacles) {
  const { m, plot } = view;
  const spacing = 1.8 * m.unit;
  context.font = word.small;
  const lower = context.measureText(word.second).width;
  context.font = word.big;
  const upper = context.measureText(word.title).width + spacing * word.title.length;
  const isInside = (x, y) => classAtPixel(view, x, y) === name;
  for (const withSecond of [true, false]) {
    const size = { width: Math.max(upper, withSecond ? lower : 0) + 8, height: (withSecond ? 44 : 26) * m.unit };
    const spot = placeBox(plot, isInside, size, wish, obstacles);
    if (!spot) continue;
    drawRegionWord(context, view, name, word, spot, withSecond);
    return spot.box;
  }
  return null;
}

/** @param {Context} context @param {PhaseMap.View} view @param {PhaseMap.Spot} spot */
function drawRegionWord(context, view, name, word, spot, withSecond) {
  const { m } = view;
  const { colour, halo } = wordColours(view, name, spot);
  context.textAlign = "center";
  context.font = word.big;
  if ("letterSpacing" in context) context.letterSpacing = `${1.8 * m.unit}px`;
  haloText(context, word.title, spot.x, spot.box.top + 20 * m.unit, { colour, halo, width: 5 * m.unit });
  if ("letterSpacing" in context) context.letterSpacing = "0px";
  context.font = word.small;
  if (withSecond) haloText(context, word.second, spot.x, spot.box.top + 39 * m.unit, { colour, halo, width: 5 * m.unit });
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

