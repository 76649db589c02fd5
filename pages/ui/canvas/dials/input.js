// Pointers, keys and typing.

const QUIET = 250; // ms after the last key
const MESSAGE_TIME = 5000; // ms

/** @param {Dials.Instance} instance @param {On} on */
function listen(instance, on) {
  for (const dial of Object.values(instance.dials)) {
    listenToHelp(dial, on);
    listenToRange(instance, dial, on);
    listenToField(instance, dial, on);
  }
  listenToHelp(instance.toggle, on);
  on(instance.toggle.button, "click", () => {
    instance.values = { ...instance.values, noise: !instance.values.noise };
    render(instance);
    send(instance, true);
  });
}

/** @param {Dials.Dial | Dials.Switch} switch @param {On} on */
function listenToHelp({ ask, help }, on) {
  on(ask, "click", () => {
    help.hidden = !help.hidden;
    ask.setAttribute("aria-expanded", String(!help.hidden));
  });
}

/** @param {Dials.Instance} instance @param {Dials.Dial} dial @param {On} on */
function listenToRange(instance, dial, on) {
  const { range, kind } = dial;
  const rangeOf = () => kind.range(instance.header);
  on(range, "pointerdown", (event) => {
    instance.gripped = dial.name;
    // WebKit does not focus a range on a press; without focus the arrow keys would go elsewhere.
    if (event.pointerType === "mouse") range.focus({ preventScroll: true });
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    on(range, end, () => release(instance));
  }
  on(range, "input", () => {
    setValue(instance, dial, kind.fromShare(Number(range.value), rangeOf()));
    sendWhileMoving(instance);
  });
  // Also without a pointer: assistive technology sets a value and reports a change.
  on(range, "change", () => {
    release(instance);
    if (instance.isLive) send(instance, true);
  });
  on(range, "keydown", (event) => onKey(instance, dial, event));
  on(range, "dblclick", () => {
    setValue(instance, dial, instance.header.defaults[dial.name]);
    send(instance, true);
  });
}

/** Let go of a track: whatever is not yet committed is committed now. @param {Dials.Instance} instance */
function release(instance) {
  if (!instance.gripped) return;
  instance.gripped = null;
  if (instance.isLive) send(instance, true);
  // The native value holds the raw place of the pointer; the thumb rests where the value is.
  render(instance);
}

// Not PageDown and PageUp: a clicker sends them for the next scene, wherever the focus is.
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

/** @param {Dials.Instance} instance @param {Dials.Dial} dial @param {KeyboardEvent} event */
function onKey(instance, dial, event) {
  if (isCommand(event)) return;
  const { kind } = dial;
  const range = kind.range(instance.header);
  const value = instance.values[dial.name];
  let next;
  if (event.key === "Home") next = range[0];
  else if (event.key === "End") next = range[1];
  else if (KEYS[event.key]) {
    const outer = [Math.min(range[0], value), Math.max(range[1], value)];
    next = clamp(kind.step(value, KEYS[event.key], event.shiftKey ? 5 : 1, range), ...outer);
  } else return;
  event.preventDefault();
  // The page has its own use for arrows and page keys (play, scenes).
  event.stopPropagation();
  setValue(instance, dial, next);
  sendWhileMoving(instance);
  clearTimeout(instance.timers.quiet);
  instance.timers.quiet = setTimeout(() => send(instance, true), QUIET);
}

/** @param {Dials.Instance} instance @param {Dials.Dial} dial @param {On} on */
function listenToField(instance, dial, on) {
  const { field } = dial;
  on(field, "focus", () => {
    say(dial, "");
    // After the press that gave the focus, or it would undo the selection.
    setTimeout(() => {
      // Chromium's select() takes the focus back from where a quick Tab has gone.
      if (field.matches(":focus")) field.select();
    }, 0);
  });
  on(field, "input", () => fitField(dial));
  on(field, "blur", () => commitField(instance, dial));
  on(field, "keydown", (event) => {
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

/**
 * Take what was typed, or say in one line why not and keep the old value.
 * @param {Dials.Instance} instance @param {Dials.Dial} dial
 */
function commitField(instance, dial) {
  const { kind, field } = dial;
  const old = instance.values[dial.name];
  if (field.value.trim() === kind.show(old)) return showField(instance, dial);
  const limits = kind.limits(instance.header);
  const { value: typed, problem } = kind.parse(field.value, limits);
  if (problem !== undefined || !kind.valid(typed)) {
    refuse(instance, dial, problem === undefined ? (kind.complaint ?? "") : `${problem}.`);
    return undefined;
  }
  const value = clamp(typed, ...limits);
  setValue(instance, dial, value);
  showField(instance, dial);
  if (value !== typed) say(dial, value === limits[0] ? `The least is ${kind.limitText(value)}.` : `The most is ${kind.limitText(value)}.`);
  send(instance, true);
  return undefined;
}

/** @param {Dials.Instance} instance @param {Dials.Dial} dial @param {string} sentence */
function refuse(instance, dial, sentence) {
  const { field } = dial;
  showField(instance, dial);
  say(dial, sentence);
  field.setAttribute("aria-invalid", "true");
  field.classList.remove("shake");
  void field.offsetWidth;
  field.classList.add("shake");
}

/** @param {Dials.Dial} dial */
function say(dial, text) {
  clearTimeout(dial.messageTimer);
  dial.message.textContent = text;
  dial.field.removeAttribute("aria-invalid");
  if (text) dial.messageTimer = setTimeout(() => say(dial, ""), MESSAGE_TIME);
}
