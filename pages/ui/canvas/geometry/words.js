// What is said beside the canvas: heading, note, list of states, the readout at the pointer.

/** @param {Geometry.Instance} triangle @param {Geometry.Mix} p */
function readoutLines(triangle, p) {
  const { view, field, header } = triangle;
  const mix = view.labels.map((name, i) => `${name} ${perCent(p[i])}`).join(", ");
  const lines = [mix, `V ${signedText(potentialAt(field, p), "")}`];
  const end = header.fixed_points[basinAt(field, p)];
  if (!end) return [...lines, "stays here: nothing moves"];
  const stable = header.fixed_points.filter(({ kind }) => kind === "stable");
  const { title, holds } = stateWords(view, end, false);
  if (stable.length === 1) lines.push(`rolls to the one stable state: ${holds}`);
  else lines.push(`from here: ${title.replace("stable: ", "")}, ${holds}`);
  return lines;
}

/** @param {Geometry.Instance} triangle */
function showTip(triangle) {
  const { parts, view, hover, cursor } = triangle;
  const p = hover ?? cursor;
  parts.tip.hidden = !p;
  if (!p) return;
  parts.tip.textContent = readoutLines(triangle, p).join("\n");
  const [x, y] = view.place(p);
  const { offsetWidth: width, offsetHeight: height } = parts.tip;
  const gap = 16 * view.unit;
  const isRight = x + gap + width <= view.width || x < view.width / 2;
  parts.tip.style.left = `${clamp(isRight ? x + gap : x - gap - width, 0, Math.max(0, view.width - width))}px`;
  parts.tip.style.top = `${y - height - gap >= 0 ? y - height - gap : y + gap}px`;
}

/** @param {Geometry.Instance} instance */
function noteWords({ field, header }) {
  if (!header.fixed_points.length) return "At T = 1 without external data nothing moves: without sampling noise every mix stays as it is.";
  const borders = field.borders.length ? " Dashed: borders between basins." : "";
  return `Thin lines: equal V.${borders} A bead for every doubling of the dataset. Click anywhere to drop a start.`;
}

/** The states as a list, where the callouts have no room. @param {Geometry.Instance} triangle */
function showStates(triangle) {
  const { parts, view, callouts, header } = triangle;
  const stable = header.fixed_points.filter(({ kind }) => kind === "stable");
  parts.states.hidden = callouts !== null || !stable.length;
  parts.states.replaceChildren(...(parts.states.hidden ? [] : stable.map((point) => stateItem(view, point, stable.length === 1))));
}

/** @param {Geometry.View} view @param {Geometry.FixedPoint} point */
function stateItem(view, point, isOnly) {
  const { title, holds, starts } = stateWords(view, point, isOnly);
  const item = document.createElement("li");
  const glyph = document.createElement("i");
  const bold = document.createElement("b");
  bold.textContent = title.replace("stable: ", "");
  const words = document.createElement("span");
  words.append(bold, ` \u2013 ${holds}; ${starts}`);
  item.append(glyph, words);
  return item;
}

/** Texts that change with the data only. @param {Geometry.Instance} triangle */
function showWords(triangle) {
  const { parts, view, header } = triangle;
  const [a, b, c] = view.labels;
  parts.title.textContent = `Three outcomes: every point is a mix of ${a}, ${b} and ${c}`;
  parts.note.textContent = noteWords(triangle);
  parts.stage.setAttribute("aria-label", `${header.alt ?? ""} Arrow keys move a cursor, Enter drops a start there.`.trim());
  parts.clear.disabled = shownPaths(triangle).length <= 1 && !triangle.pending.length;
  showStates(triangle);
}

/** @param {Geometry.Instance} triangle */
function speak(triangle, words) {
  clearTimeout(triangle.timers.speak);
  triangle.timers.speak = setTimeout(() => {
    triangle.parts.said.textContent = words;
  }, 250);
}
