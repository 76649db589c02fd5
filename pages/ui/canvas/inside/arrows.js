// From each panel to the next: straight on in a row, around the corner to the next row.

const HEAD = 5;

function makeArrows(svg) {
  return Array.from({ length: STAGES - 1 }, () => svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "path")));
}

/** @param {Inside.Instance} instance */
function placeArrows({ arrows, panels, view, parts }) {
  const { sizes } = view;
  parts.arrows.setAttribute("width", String(view.width));
  parts.arrows.setAttribute("height", String(parts.body.clientHeight));
  const scale = sizes.name === "projector" ? 2 : 1;
  arrows.forEach((arrow, k) => {
    const [from, to] = [panels[k].item, panels[k + 1].item];
    const path = from.offsetTop === to.offsetTop
      ? straight(from, to, panels[k].canvas.offsetTop + view.ceiling + sizes.plot * 0.55, scale)
      : around(from, to, scale);
    arrow.setAttribute("d", path);
  });
}

/** @param {HTMLElement} from @param {HTMLElement} to */
function straight(from, to, y, scale) {
  const [start, end] = [from.offsetLeft + from.offsetWidth, to.offsetLeft];
  const inset = (end - start) * 0.27;
  const [x1, x2, head] = [start + inset, end - inset, HEAD * scale];
  return `M${x1} ${y}H${x2}M${x2 - head} ${y - head}L${x2} ${y}L${x2 - head} ${y + head}`;
}

/**
 * Through the gap between two rows, from under the one panel to over the other.
 * @param {HTMLElement} from @param {HTMLElement} to
 */
function around(from, to, scale) {
  const [x1, x2] = [from, to].map((item) => item.offsetLeft + item.offsetWidth / 2);
  const [head, y2] = [HEAD * scale, to.offsetTop - 4 * scale];
  const [y1, r] = [y2 - 20 * scale, 6 * scale];
  const middle = (y1 + y2) / 2 - 2 * scale;
  return `M${x1} ${y1}V${middle - r}Q${x1} ${middle} ${x1 - r} ${middle}H${x2 + r}Q${x2} ${middle} ${x2} ${middle + r}`
    + `V${y2}M${x2 - head} ${y2 - head}L${x2} ${y2}L${x2 + head} ${y2 - head}`;
}
