// Everything the player says in words: the line above the bars, the count, the tip, and the texts for screen readers.

const SPOKEN_EVERY = 1000; // ms: a screen reader is not told more often than it can read.

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function writeWords(player, view) {
  const { parts, run, measures } = player;
  setText(parts.title, measures.name === "desk" ? "What the model says" : "It now says");
  setText(parts.sample, `“${sampleWords(run, player.law, measures.sample)} …”`);
  setText(parts.now, grouped(run.frames[view.frame]));
  setText(parts.total, grouped(run.generations));
  writeControls(player);
  parts.flag.hidden = !run.flag;
  setText(parts.flag, run.flag ?? "");
  parts.scrubber.max = String(run.count - 1);
  parts.scrubber.value = String(view.frame);
  writeTip(player, view);
  speak(player, view);
}

function barSentence(run, frame, i) {
  const at = frame * run.n + i;
  const twin = run.twin ? `, ${percent(run.twin[at])} % without sampling noise` : "";
  return `${run.label(i)}: ${percent(run.probabilities[at])} % now, ${percent(run.reference[i])} % in the source${twin}`;
}

function curveSentences(run, frame) {
  const twin = (curve, print) => (curve ? `, ${print(curve[frame])} without sampling noise` : "");
    const share = (value) => `${percent(value)} %`;
  return `Generation ${grouped(run.frames[frame])}`
    + `\nacts like ${outcomesPrinted(run.effective[frame])}${twin(run.twinEffective, outcomesPrinted)}`
    + `\ndistance ${share(run.distance[frame])}${twin(run.twinDistance, share)}`;
}

/** The tip follows the pointer and stays inside the component. */
function writeTip(player, view) {
  const { parts, tip, run, width } = player;
  parts.tip.hidden = !tip;
  if (!tip) return;
  const onBars = tip.outcome !== undefined;
  const outcome = onBars ? Math.min(tip.outcome, run.n - 1) : 0;
  setText(parts.tip, onBars ? barSentence(run, view.frame, outcome) : curveSentences(run, Math.min(tip.frame, run.count - 1)));
  const [wide, high] = [parts.tip.offsetWidth, parts.tip.offsetHeight];
  const box = (onBars ? parts.bars : parts.curves).parentElement;
  const y = onBars ? box.offsetTop + barTipY(view, player.barsLayout, outcome) - high : box.offsetTop + tip.y - high - 14;
  const x = onBars ? tip.x - wide / 2 : tip.x + 16 + wide > width ? tip.x - wide - 16 : tip.x + 16;
  parts.tip.style.left = `${clamp(x, 0, Math.max(0, width - wide))}px`;
  parts.tip.style.top = `${Math.max(0, y)}px`;
}

/** Just above the bar's number. */
function barTipY(view, layout, i) {
  const highest = Math.max(view.law[i], view.run.reference[i], view.twinLaw?.[i] ?? 0);
  return barY(view, layout, highest) - view.measures.number * 1.7;
}

function barsSummary(run, frame) {
  const leader = leaderAt(run, frame);
  const extinct = [];
  for (let i = 0; i < run.n; i += 1) if (isExtinct(run, frame, i)) extinct.push(run.label(i));
  const names = extinct.length > 8 ? `${extinct.slice(0, 8).join(", ")} and ${extinct.length - 8} more` : extinct.join(", ");
  const gone = extinct.length ? ` ${extinct.length} of ${run.n} outcomes extinct: ${names}.` : "";
  return `${run.alt ? `${run.alt} ` : ""}Generation ${run.frames[frame]} of ${run.generations}. `
    + `Leading: ${barSentence(run, frame, leader)}.${gone}`
    + ` ${percent(run.distance[frame])} % of all probability is on outcomes that have more than in the source.`;
}

function curvesSummary(run, frame) {
  const end = run.count - 1;
  return `Effective outcomes and distance to the source over ${run.generations} generations. `
    + `Generation ${run.frames[frame]}: acts like ${outcomesPrinted(run.effective[frame])} of ${run.n} outcomes, `
    + `the source like ${outcomesPrinted(run.effective_source)}; distance ${percent(run.distance[frame])} %. `
    + `At the end: ${outcomesPrinted(run.effective[end])} and ${percent(run.distance[end])} %.`;
}

/** Update what screen readers get: at once after an action of the visitor, else once a second. */
function speak(player, view) {
  const now = performance.now();
  const wait = player.speakNow ? 0 : player.spokenAt + SPOKEN_EVERY - now;
  if (wait > 0) {
    player.speakTimer ||= setTimeout(() => {
      player.speakTimer = 0;
      player.spokenAt = -Infinity;
      wake(player);
    }, wait);
    return;
  }
  player.speakNow = false;
  player.spokenAt = now;
  const { parts, run } = player;
  const set = (element, name, text) => {
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  };
  set(parts.bars, "aria-label", barsSummary(run, view.frame));
  set(parts.curves, "aria-label", curvesSummary(run, view.frame));
  set(parts.scrubber, "aria-valuetext", `generation ${run.frames[view.frame]} of ${run.generations}, `
    + `acts like ${outcomesPrinted(run.effective[view.frame])} outcomes, ${percent(run.distance[view.frame])} % from the source`);
}

/** Tell the page where the playhead is, when the generation or a printed number has changed. */
function tellPlayhead(player, always = false) {
  const { run, head } = player;
  if (!run) return;
  const frame = frameShown(head);
  const detail = { generation: run.frames[frame], effective: run.effective[frame], distance: run.distance[frame] };
  const printed = `${detail.generation} ${outcomesPrinted(detail.effective)} ${percent(detail.distance)}`;
  if (!always && printed === player.told) return;
  player.told = printed;
  window.dispatchEvent(new CustomEvent("closedloop:playhead", { detail }));
}
