// The component: three dials and a switch, drawn from one set of values that is sent as a whole. What a dial's numbers
// mean is in scales.js, the coloured tracks in tracks.js, pointers, keys and typing in input.js.

const SEND_EVERY = 40; // ms
const PHONE_WINDOW = 640; // px
const ROW_WIDTH = 760; // px: from here on the dials stand beside each other

function makeDials(root) {
  const place = root.querySelector(".cl-dials-switch");
  const find = (selector) => place.querySelector(selector);
  const template = root.querySelector("template").content.firstElementChild;
  const dials = /** @type {Record<Dials.Name, Dials.Dial>} */ ({});
  for (const name of DIAL_NAMES) {
    const element = template.cloneNode(true);
    place.before(element);
    dials[name] = makeDial(name, element);
  }
  return {
    header: null, values: null, dials,
    toggle: { place, button: find("[role=switch]"), ask: find(".cl-dial-ask"), help: find(".cl-dial-help") },
    sequence: 0, lastSent: 0, isUnsent: false, isLive: false, gripped: null, timers: { send: 0, quiet: 0 },
  };
}

/** @param {Dials.Name} name */
function makeDial(name, element) {
  const kind = DIALS[name];
  const find = (selector) => element.querySelector(selector);
  element.dataset.dial = name;
  const title = find(".cl-dial-name");
  title.textContent = kind.name;
  if (kind.symbol) {
    const symbol = document.createElement("i");
    symbol.textContent = kind.symbol;
    title.append(symbol);
  }
  const dial = {
    name, kind, element, head: find(".cl-dial-head"), field: find("input[type=text]"), unit: find(".cl-dial-unit"),
    range: find("input[type=range]"), bar: find(".cl-dial-bar"), tick: find(".cl-dial-tick"), thumb: find(".cl-dial-thumb"), kept: find(".cl-dial-kept"),
    words: find(".cl-dial-words"), message: find(".cl-dial-message"), ask: find(".cl-dial-ask"), help: find(".cl-dial-help"), messageTimer: 0,
  };
  dial.range.setAttribute("aria-label", kind.spoken);
  dial.field.setAttribute("aria-label", `${kind.spoken}, typed`);
  dial.field.inputMode = name === "sample_size" ? "numeric" : "decimal";
  dial.ask.setAttribute("aria-label", `What is ${kind.name.toLowerCase()}?`);
  return dial;
}

/** @param {Dials.Instance} instance @param {Dials.Dial} dial */
function setValue(instance, dial, value) {
  instance.values = { ...instance.values, [dial.name]: value };
  const { temperature, external_fraction, sample_size } = instance.values;
  // For what can follow the hand before the page has answered: the player's twin.
  window.dispatchEvent(new CustomEvent("closedloop:dials", { detail: { temperature, external_fraction, sample_size } }));
  instance.isUnsent = true;
  instance.isLive = true;
  say(dial, "");
  render(instance);
}

/** @param {Dials.Instance} instance */
function sendWhileMoving(instance) {
  instance.isUnsent = true;
  instance.isLive = true;
  sendSoon(instance, SEND_EVERY, () => send(instance, false));
}

/** @param {Dials.Instance} instance */
function send(instance, final) {
  clearTimeout(instance.timers.send);
  instance.timers.send = 0;
  if (final) {
    clearTimeout(instance.timers.quiet);
    instance.isLive = false;
  }
  instance.isUnsent = false;
  instance.lastSent = performance.now();
  instance.sequence = Math.max(instance.sequence + 1, instance.header.echo + 1, Date.now());
  const { temperature, external_fraction, sample_size, noise } = instance.values;
  instance.setStateValue("values", { temperature, external_fraction, sample_size, noise, sequence: instance.sequence, final, revision: instance.header.revision });
}

/**
 * Values come from the server only when it has seen everything that was set here.
 * @param {Dials.Instance} instance @param {Dials.Header} header
 */
function adopt(instance, header) {
  const isAhead = instance.gripped || instance.isUnsent || instance.isLive || header.echo < instance.sequence;
  instance.header = header;
  if (!instance.values || !isAhead) instance.values = { ...header.values };
}

/** @param {Dials.Instance} instance */
function modeFor({ header }, width) {
  if (header.mode === "projector" && width >= 360) return "projector";
  return window.innerWidth < PHONE_WINDOW ? "phone" : "desk";
}

/** @param {Dials.Instance} instance */
function render(instance) {
  const { root, header, values } = instance;
  const mode = modeFor(instance, root.clientWidth);
  for (const name of ["desk", "phone", "projector"]) root.classList.toggle(name, name === mode);
  root.classList.toggle("row", mode === "desk" && root.clientWidth >= ROW_WIDTH);
  const captions = captionsOf(header, values, mode);
  const bars = {
    temperature: gradientOf(temperatureStretches(header, values.external_fraction)),
    external_fraction: gradientOf(shareStretches(header, values.temperature)),
    sample_size: "",
  };
  const least = leastShare(header, values.temperature);
  const ticks = { temperature: logShare(1, header.temperature_range), external_fraction: least > 0 ? least : null, sample_size: null };
  for (const dial of Object.values(instance.dials)) renderName(dial, header);
  for (const dial of Object.values(instance.dials)) renderDial(instance, dial, bars[dial.name], ticks[dial.name], captions[dial.name]);
  renderSwitch(instance, mode);
}

/** A page may call a dial by another name. @param {Dials.Dial} dial @param {Dials.Header} header */
function renderName({ element, range, field, ask }, { names }) {
  const name = names?.[/** @type {Dials.Name} */ (element.dataset.dial)];
  if (!name) return;
  const title = element.querySelector(".cl-dial-name")?.firstChild;
  if (title) title.textContent = name;
  range.setAttribute("aria-label", name);
  field.setAttribute("aria-label", `${name}, typed`);
  ask.setAttribute("aria-label", `What is ${name.toLowerCase()}?`);
}

/** @param {Dials.Instance} instance @param {Dials.Dial} dial @param {Dials.Caption[]} captions */
function renderDial(instance, dial, background, tick, captions) {
  const { kind, range, element } = dial;
  const { header, values } = instance;
  const value = values[dial.name];
  const share = clamp(kind.toShare(value, kind.range(header)), 0, 1);
  dial.bar.style.background = background;
  dial.tick.hidden = tick === null || !(tick >= 0 && tick <= 1);
  dial.tick.style.left = `${100 * (tick ?? 0)}%`;
  dial.thumb.style.left = `${100 * share}%`;
  renderKept(dial, header);
  // While a finger holds it, the native thumb must stay under the finger.
  if (instance.gripped !== dial.name) range.value = String(share);
  range.setAttribute("aria-valuetext", kind.speak(value));
  const isDisabled = dial.name === "sample_size" && Boolean(header.sample_size_note);
  element.classList.toggle("disabled", isDisabled);
  range.disabled = isDisabled;
  dial.field.disabled = isDisabled;
  renderWords(dial.words, captions);
  const help = header.help?.[dial.name] || "";
  dial.ask.hidden = !help;
  dial.ask.title = help;
  dial.help.textContent = help;
  const isTyping = /** @type {ShadowRoot} */ (dial.element.getRootNode()).activeElement === dial.field && dial.field.value.trim() !== dial.shown;
  if (!isTyping) showField(instance, dial);
}

/**
 * Run A of a comparison stays on the track as a hollow thumb; the words say it to those who do not see it.
 * @param {Dials.Dial} dial @param {Dials.Header} header
 */
function renderKept({ name, kind, kept, range }, header) {
  const value = header.kept?.[name];
  kept.hidden = value === undefined;
  range.setAttribute("aria-description", value === undefined ? "" : `Run A: ${kind.speak(value)}`);
  if (value !== undefined) kept.style.left = `${100 * clamp(kind.toShare(value, kind.range(header)), 0, 1)}%`;
}

/** @param {Dials.Caption[]} captions */
function renderWords(place, captions) {
  place.replaceChildren(...captions.map(([text, className, where]) => {
    const word = document.createElement("span");
    word.className = className;
    word.textContent = text;
    if (where === "end") word.style.right = "0";
    else word.style.left = `${100 * where}%`;
    return word;
  }));
}

/** The big number and what stands behind it. @param {Dials.Instance} instance @param {Dials.Dial} dial */
function showField(instance, dial) {
  const value = instance.values[dial.name];
  dial.shown = dial.kind.show(value);
  const extra = { temperature: "", external_fraction: `  \u03bc = ${ratioText(value)}`, sample_size: instance.header.sample_size_note || instance.header.names?.sample_size ? "" : " a generation" }[dial.name];
  if (dial.field.value === dial.shown && dial.extra === extra && dial.fitKey === fitKey(instance, dial, extra)) return;
  dial.extra = extra;
  dial.field.value = dial.shown;
  const [strong, quiet] = [document.createElement("b"), document.createElement("span")];
  strong.textContent = dial.name === "external_fraction" ? "\u00a0%" : "";
  quiet.className = "cl-dial-extra";
  quiet.textContent = extra;
  dial.unit.replaceChildren(strong, quiet);
  // Fitting measures the layout: not while a moving dial only changes digits, which are all as wide.
  const key = fitKey(instance, dial, extra);
  if (dial.fitKey !== key) fitField(dial);
  dial.fitKey = key;
}

/** What the width of a dial's line depends on. @param {Dials.Instance} instance @param {Dials.Dial} dial */
function fitKey({ root }, { shown }, extra) {
  return [`${shown} ${extra}`.replace(/\d/g, "0"), root.className, root.clientWidth].join();
}

/** As wide as its number; where the line is too short, first the unit goes, then the number shrinks. @param {Dials.Dial} dial */
function fitField({ head, field }) {
  const digits = field.value.replace(/[.,]/g, "").length;
  // "," and "." are about half as wide as a digit; the px are the padding and a hair for the caret.
  field.style.width = `calc(${Math.max(1, digits) + 0.5 * (field.value.length - digits)}ch + 6px)`;
  head.classList.remove("tight", "tighter");
  for (const name of ["tight", "tighter"]) if (head.scrollWidth > head.clientWidth) head.classList.add(name);
}

/** @param {Dials.Instance} instance */
function renderSwitch({ toggle, values, header }, mode) {
  toggle.button.setAttribute("aria-checked", String(!values.noise));
  const help = header.help?.noise || "";
  toggle.ask.hidden = !help;
  toggle.ask.title = help;
  toggle.help.textContent = help;
  // The lecture view has no room for it; once it is on, though, it must be seen.
  toggle.place.hidden = Boolean(header.no_switch) || (mode === "projector" && values.noise);
}

/** @param {MountArguments} args */
export default function (args) {
  return mount(args, { make: makeDials, receive: adopt, connect: listen, show: render, refresh: render });
}
