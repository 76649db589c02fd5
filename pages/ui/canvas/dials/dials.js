// The component: three dials and a switch, drawn from one set of values that is sent as a whole.

const instances = new WeakMap();
const SEND_EVERY = 40;
const QUIET = 250;
const MESSAGE_TIME = 5000;
const PHONE_WINDOW = 640;
const ROW_WIDTH = 760; // from here on the dials stand beside each other

function createInstance(root) {
  const instance = {
    root, header: null, values: null, mode: "desk", dials: {},
    sequence: 0, lastSent: 0, isUnsent: false, gripped: null,
    timers: { send: 0, quiet: 0 }, abort: new AbortController(),
  };
  const template = root.querySelector("template");
  const place = root.querySelector(".cl-dials-switch");
  for (const name of DIAL_NAMES) {
    const element = template.content.firstElementChild.cloneNode(true);
    place.before(element);
    instance.dials[name] = buildDial(instance, name, element);
  }
  instance.toggle = buildSwitch(instance, place);
  instance.observer = new ResizeObserver(() => instance.header && render(instance));
  instance.observer.observe(root);
  return instance;
}

function buildDial(instance, name, element) {
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
  connectHelp(dial.ask, dial.help);
  connectRange(instance, dial);
  connectField(instance, dial);
  return dial;
}

function connectHelp(button, text) {
  button.addEventListener("click", () => {
    text.hidden = !text.hidden;
    button.setAttribute("aria-expanded", String(!text.hidden));
  });
}

function connectRange(instance, dial) {
  const { range, kind } = dial;
  const rangeOf = () => kind.range(instance.header);
  range.addEventListener("pointerdown", (event) => {
    instance.gripped = dial.name;
    // WebKit does not focus a range on a press; without focus the arrow keys would go elsewhere.
    if (event.pointerType === "mouse") range.focus({ preventScroll: true });
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    range.addEventListener(end, () => release(instance));
  }
  range.addEventListener("input", () => {
    setValue(instance, dial, kind.fromShare(Number(range.value), rangeOf()));
    sendSoon(instance);
  });
  // Also without a pointer: assistive technology sets a value and reports a change.
  range.addEventListener("change", () => {
    release(instance);
    if (instance.isLive) send(instance, true);
  });
  range.addEventListener("keydown", (event) => onKey(instance, dial, event));
  range.addEventListener("dblclick", () => {
    setValue(instance, dial, instance.header.defaults[dial.name]);
    send(instance, true);
  });
}

/** Let go of a track: whatever is not yet committed is committed now. */
function release(instance) {
  if (!instance.gripped) return;
  instance.gripped = null;
  if (instance.isLive) send(instance, true);
  // The native value holds the raw place of the pointer; the thumb rests where the value is.
  render(instance);
}

const KEYS = { ArrowLeft: [-1, 1], ArrowDown: [-1, 1], ArrowRight: [1, 1], ArrowUp: [1, 1], PageDown: [-1, 0], PageUp: [1, 0] };

function onKey(instance, dial, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { kind } = dial;
  const range = kind.range(instance.header);
  const value = instance.values[dial.name];
  let next;
  if (event.key === "Home") next = range[0];
  else if (event.key === "End") next = range[1];
  else if (KEYS[event.key]) {
    const [direction, small] = KEYS[event.key];
    const times = small ? (event.shiftKey ? 5 : 1) : kind.page;
    const outer = [Math.min(range[0], value), Math.max(range[1], value)];
    next = clampTo(kind.step(value, direction, times, range), outer);
  } else return;
  event.preventDefault();
  // The page has its own use for arrows and page keys (play, scenes).
  event.stopPropagation();
  setValue(instance, dial, next);
  sendSoon(instance);
  clearTimeout(instance.timers.quiet);
  instance.timers.quiet = setTimeout(() => send(instance, true), QUIET);
}

function connectField(instance, dial) {
  const { field } = dial;
  field.addEventListener("focus", () => {
    say(dial, "");
    // After the press that gave the focus, or it would undo the selection.
    setTimeout(() => {
      // Chromium's select() takes the focus back from where a quick Tab has gone.
      if (field.matches(":focus")) field.select();
    }, 0);
  });
  field.addEventListener("input", () => fitField(dial));
  field.addEventListener("blur", () => commitField(instance, dial));
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") {
      commitField(instance, dial);
      field.select();
    } else if (event.key === "Escape") {
      showField(instance, dial);
      say(dial, "");
      field.select();
    }
  });
}

/** Take what was typed, or say in one line why not and keep the old value. */
function commitField(instance, dial) {
  const { kind, field } = dial;
  const old = instance.values[dial.name];
  if (field.value.trim() === kind.show(old)) return showField(instance, dial);
  const limits = kind.limits(instance.header);
  const { value: typed, problem } = kind.parse(field.value, limits);
  if (problem || !kind.valid(typed)) {
    refuse(instance, dial, problem ? `${problem}.` : kind.complaint);
    return undefined;
  }
  const value = clampTo(typed, limits);
  setValue(instance, dial, value);
  showField(instance, dial);
  if (value !== typed) say(dial, value === limits[0] ? `The least is ${kind.limitText(value)}.` : `The most is ${kind.limitText(value)}.`);
  send(instance, true);
  return undefined;
}

function refuse(instance, dial, sentence) {
  const { field } = dial;
  showField(instance, dial);
  say(dial, sentence);
  field.setAttribute("aria-invalid", "true");
  field.classList.remove("shake");
  void field.offsetWidth;
  field.classList.add("shake");
}

function say(dial, text) {
  clearTimeout(dial.messageTimer);
  dial.message.textContent = text;
  dial.field.removeAttribute("aria-invalid");
  if (text) dial.messageTimer = setTimeout(() => say(dial, ""), MESSAGE_TIME);
}

function buildSwitch(instance, place) {
  const button = place.querySelector("[role=switch]");
  const [ask, help] = [place.querySelector(".cl-dial-ask"), place.querySelector(".cl-dial-help")];
  connectHelp(ask, help);
  button.addEventListener("click", () => {
    instance.values = { ...instance.values, noise: !instance.values.noise };
    render(instance);
    send(instance, true);
  });
  return { place, button, ask, help };
}

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

/** At most one message per SEND_EVERY, the last one never lost. */
function sendSoon(instance) {
  instance.isUnsent = true;
  instance.isLive = true;
  const wait = instance.lastSent + SEND_EVERY - performance.now();
  if (wait <= 0) send(instance, false);
  else if (!instance.timers.send) instance.timers.send = setTimeout(() => send(instance, false), wait);
}

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

/** Values come from the server only when it has seen everything that was set here. */
function adopt(instance, header) {
  const isAhead = instance.gripped || instance.isUnsent || instance.isLive || header.echo < instance.sequence;
  instance.header = header;
  applyTheme(instance.root);
  if (!instance.values || !isAhead) instance.values = { ...header.values };
  render(instance);
}

function modeFor({ header }, width) {
  if (header.mode === "projector" && width >= 360) return "projector";
  return window.innerWidth < PHONE_WINDOW ? "phone" : "desk";
}

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
  for (const dial of Object.values(instance.dials)) renderDial(instance, dial, bars[dial.name], ticks[dial.name], captions[dial.name]);
  renderSwitch(instance, mode);
}

function renderDial(instance, dial, background, tick, captions) {
  const { kind, range, element } = dial;
  const { header, values } = instance;
  const value = values[dial.name];
  const share = clampTo(kind.toShare(value, kind.range(header)), [0, 1]);
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
  const isTyping = dial.element.getRootNode().activeElement === dial.field && dial.field.value.trim() !== dial.shown;
  if (!isTyping) showField(instance, dial);
}

/** Run A of a comparison stays on the track as a hollow thumb; the words say it to those who do not see it. */
function renderKept({ name, kind, kept, range }, header) {
  const value = header.kept?.[name];
  kept.hidden = value === undefined;
  range.setAttribute("aria-description", kept.hidden ? "" : `Run A: ${kind.speak(value)}`);
  if (!kept.hidden) kept.style.left = `${100 * clampTo(kind.toShare(value, kind.range(header)), [0, 1])}%`;
}

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

/** The big number and what stands behind it. */
function showField(instance, dial) {
  const value = instance.values[dial.name];
  dial.shown = dial.kind.show(value);
  const extra = { temperature: "", external_fraction: `  \u03bc = ${showRatio(value)}`, sample_size: instance.header.sample_size_note ? "" : " a generation" }[dial.name];
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

/** What the width of a dial's line depends on. */
function fitKey({ root }, { shown }, extra) {
  return [`${shown} ${extra}`.replace(/\d/g, "0"), root.className, root.clientWidth].join();
}

/** As wide as its number; where the line is too short, first the unit goes, then the number shrinks. */
function fitField({ head, field }) {
  const digits = field.value.replace(/[.,]/g, "").length;
  // "," and "." are about half as wide as a digit; the px are the padding and a hair for the caret.
  field.style.width = `calc(${Math.max(1, digits) + 0.5 * (field.value.length - digits)}ch + 6px)`;
  head.classList.remove("tight", "tighter");
  for (const name of ["tight", "tighter"]) if (head.scrollWidth > head.clientWidth) head.classList.add(name);
}

function renderSwitch({ toggle, values, header }, mode) {
  toggle.button.setAttribute("aria-checked", String(!values.noise));
  const help = header.help?.noise || "";
  toggle.ask.hidden = !help;
  toggle.ask.title = help;
  toggle.help.textContent = help;
  // The lecture view has no room for it; once it is on, though, it must be seen.
  toggle.place.hidden = mode === "projector" && values.noise;
}

function destroy(instance) {
  instance.observer.disconnect();
  clearTimeout(instance.timers.send);
  clearTimeout(instance.timers.quiet);
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".cl-root");
  let instance = instances.get(parentElement);
  if (!instance || instance.root !== root) {
    if (instance) destroy(instance);
    instance = createInstance(root);
    instances.set(parentElement, instance);
  }
  instance.setStateValue = setStateValue;
  const stopWaiting = whenWhole(data, (header) => adopt(instance, header));
  return () => {
    stopWaiting();
    // Called before some re-calls too: only an element that has really gone is taken down.
    setTimeout(() => {
      if (!root.isConnected) destroy(instance);
    }, 0);
  };
}
