// Everything the player says in words: the line above the bars, the count, the tip, and the texts for screen readers.

/** @param {Player.Instance} player @param {Player.View} view */
function writeWords(player, view) {
  const { parts, run, measures } = player;
  setText(parts.title, measures.name === "desk" ? "What the model says" : "It now says");
  setText(parts.sample, `“${sampleWords(run, player.law, measures.sample)} …”`);
  setText(parts.now, grouped(run.frames[view.frame]));
  writeControls(player);
  parts.flag.hidden = !run.flag;
  setText(parts.flag, run.flag ?? "");
  parts.scrubber.max = String(run.count - 1);
  parts.scrubber.value = String(view.frame);
  writeTip(player, view);
  speak(player, view);
}

/** @param {Player.View} view */
const sharePrint = (view) => (share) => `${sharePrinted(view, share)} %`;

/** What an outcome has now, in the source, and without sampling noise. @param {Player.Run} run */
function sharesSentence(run, frame, i, print = (share) => `${percent(share)} %`) {
  const at = frame * run.n + i;
  const twin = run.twin ? `, ${print(run.twin[at])} without sampling noise` : "";
  return `${print(run.probabilities[at])} now, ${print(run.reference[i])} in the source${twin}`;
}

/**
 * The tip over a bar; where both runs have the outcome it tells both, else that of the row pointed at.
 * @param {Player.View} view @param {Player.BarsLayout} layout @param {{ outcome: number, y: number }} options
 */
function barSentences(view, layout, { outcome, y }) {
  const { run, frame, kept } = view;
  const print = sharePrint(view);
  if (!kept || layout.kind !== "pair") return `${run.label(outcome)}: ${sharesSentence(run, frame, outcome, print)}`;
  const sides = [{ letter: "A", of: kept.run, at: kept.frame }, { letter: "B", of: run, at: frame }];
  const label = sides[rowAt(layout.rows, y) === layout.rows[1] ? 1 : 0].of.label(outcome);
  const told = sides.filter(({ of }) => outcome < of.n && of.label(outcome) === label);
  return [label, ...told.map(({ letter, of, at }) => `${letter}: ${sharesSentence(of, at, outcome, print)}`)].join("\n");
}

/** The tip over the curves, in the units of the panels. @param {Player.View} view @param {Player.CurvesLayout} layout */
function curveSentences(view, layout, frame) {
  const verb = view.entropy === "nats" ? "entropy" : "acts like";
  const printed = (name) => layout.panels.map((panel) => panel[name] && panel.print(panel[name][frame]));
  const [[effective, distance], [twinEffective, twinDistance], kept] = ["curve", "twin", "beside"].map(printed);
  const start = `Generation ${grouped(view.run.frames[frame])}`;
  if (view.run.kept) return `${start}\nA: ${verb} ${kept[0]}, distance ${kept[1]}\nB: ${verb} ${effective}, distance ${distance}`;
  const twin = (text) => (text ? `, ${text} without sampling noise` : "");
  return `${start}\n${verb} ${effective}${twin(twinEffective)}\ndistance ${distance}${twin(twinDistance)}`;
}

/** The tip follows the pointer and stays inside the component. @param {Player.Instance} player @param {Player.View} view */
function writeTip(player, view) {
  const { parts, tip, run, width } = player;
  const { barsLayout, curvesLayout } = player;
  parts.tip.hidden = !tip;
  if (!tip || !barsLayout) return;
  const { outcome, frame = 0 } = tip;
  const bar = outcome === undefined ? null : { outcome, y: tip.y };
  setText(parts.tip, bar ? barSentences(view, barsLayout, bar) : curveSentences(view, curvesLayout, Math.min(frame, run.count - 1)));
  const [wide, high] = [parts.tip.offsetWidth, parts.tip.offsetHeight];
  const box = (bar ? parts.bars : parts.curves).parentElement;
  const y = box.offsetTop - high + (bar ? barTipY(view, barsLayout, bar) : tip.y - 14);
  const x = bar ? tip.x - wide / 2 : tip.x + 16 + wide > width ? tip.x - wide - 16 : tip.x + 16;
  parts.tip.style.left = `${clamp(x, 0, Math.max(0, width - wide))}px`;
  parts.tip.style.top = `${Math.max(0, y)}px`;
}

/**
 * Just above the bar's number.
 * @param {Player.View} view @param {Player.BarsLayout} layout @param {{ outcome: number, y: number }} options
 */
function barTipY(view, layout, { outcome, y }) {
  if (layout.kind === "pair") {
    const row = rowAt(layout.rows, y);
    const inside = row === layout.rows[1] ? { ...view, kept: null } : keptView(view);
    return row.top + barTipY(inside, row.layout, { outcome, y });
  }
  const i = Math.min(outcome, view.run.n - 1);
  const highest = Math.max(view.law[i], view.run.reference[i], view.twinLaw?.[i] ?? 0);
  return barY(view, layout, highest) - view.measures.number * 1.7;
}

/** The bars for a screen reader; of two runs, one after the other. @param {Player.Run} run */
function barsSummary(run, frame) {
  const start = `${run.alt ? `${run.alt} ` : ""}Generation ${run.frames[frame]} of ${run.generations}. `;
  if (!run.kept) return start + lawSummary(run, frame);
  return `${start}Two runs on the same clock. A, ${run.kept.words}: ${lawSummary(run.kept, keptFrame(run, run.kept, frame))} `
    + `B, ${run.words}: ${lawSummary(run, frame)}`;
}

/** @param {Player.Run} run */
function lawSummary(run, frame) {
  const leader = run.leaders[frame];
  const extinct = [];
  for (let i = 0; i < run.n; i += 1) if (isExtinct(run, frame, i)) extinct.push(run.label(i));
  const names = extinct.length > 8 ? `${extinct.slice(0, 8).join(", ")} and ${extinct.length - 8} more` : extinct.join(", ");
  const gone = extinct.length ? ` ${extinct.length} of ${run.n} outcomes extinct: ${names}.` : "";
  return `Leading: ${run.label(leader)}: ${sharesSentence(run, frame, leader)}.${gone}`
    + ` ${percent(run.distance[frame])} % of all probability is on outcomes that have more than in the source.`;
}

/** "acts like 2.8 of 10 outcomes", or "entropy 1.03 nats". */
function diversity(effective, entropy, of = "") {
  return entropy === "nats" ? `entropy ${natsPrinted(Math.log(effective))} nats` : `acts like ${effectiveText(effective)}${of} outcomes`;
}

/** @param {Player.Run} run */
function curvesSummary(run, frame, entropy = "effective", isAheadHidden = false) {
  const state = (curves, n, at) => `${diversity(curves.effective[at], entropy, ` of ${n}`)}, distance ${percent(curves.distance[at])} %`;
  const own = (at) => state(run, run.n, at);
  const told = (at) => (run.kept ? `A ${state(run.beside, run.kept.n, at)}; B ${own(at)}` : own(at));
  return `${entropy === "nats" ? "Entropy" : "Effective outcomes"} and distance to the source over ${run.generations} generations. `
    + `Generation ${run.frames[frame]}: ${told(frame)}; the source ${diversity(run.effective_source, entropy)}. `
    + (isAheadHidden ? "What comes after is hidden." : `At the end: ${told(run.count - 1)}.`);
}

/**
 * Update what screen readers get: at once after an action of the visitor, else once a second.
 * @param {Player.Instance} player @param {Player.View} view
 */
function speak(player, view) {
  if (player.speakNow) player.spokenAt = -Infinity;
  if (!maySpeak(player, () => wake(player))) return;
  player.speakNow = false;
  const { parts, run } = player;
  const set = (element, name, text) => {
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  };
  set(parts.bars, "aria-label", barsSummary(run, view.frame));
  set(parts.curves, "aria-label", curvesSummary(run, view.frame, view.entropy, view.isAheadHidden));
  set(parts.scrubber, "aria-valuetext", `generation ${run.frames[view.frame]} of ${run.generations}, `
    + `${diversity(run.effective[view.frame], view.entropy)}, ${percent(run.distance[view.frame])} % from the source`);
}

/** Tell the page where the playhead is, when the generation or a printed number has changed. @param {Player.Instance} player */
function tellPlayhead(player, always = false) {
  const { run, playhead } = player;
  if (!run) return;
  const frame = frameShown(playhead);
  const generation = run.frames[frame];
  const phase = phaseAt(run.phases, generation);
  const detail = { generation, phase, effective: run.effective[frame], distance: run.distance[frame] };
  const printed = `${generation} ${phase} ${effectiveText(detail.effective)} ${percent(detail.distance)}`;
  if (!always && printed === player.told) return;
  player.told = printed;
  window.dispatchEvent(new CustomEvent("closedloop:playhead", { detail }));
}
