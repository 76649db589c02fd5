// How every component is mounted and drawn: one instance per element, one set of listeners, one frame at a time.

const instances = new WeakMap(); // By parent element.

/**
 * Mount a component, or go on with the one that is there. Streamlit calls again at every change of data or theme, and may
 * clean up an outdated call before or after a newer one: only an element that has really gone is let go.
 *
 * `component` says what is its own, in functions that take the instance:
 *   make(root)                 returns the instance, for the element .cl-root
 *   receive(instance, header)  takes new data, unpacked
 *   connect(instance, on)      adds listeners by on(target, type, handler, options)
 *   show(instance)             draws, at every call
 *   frame(instance, now)       draws one frame that `wake` has asked for; true asks for the next
 *   refresh(instance)          draws anew, as the width or the fonts have changed
 *   stop(instance)             lets go of what is neither a listener, nor a frame, nor among instance.timers
 * @param {MountArguments} args @param {CanvasComponent} component
 */
function mount({ data, parentElement, setTriggerValue, setStateValue }, component) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".cl-root"));
  let instance = instances.get(parentElement);
  if (instance?.root !== root) {
    if (instance) disconnectInstance(instance);
    instance = Object.assign(component.make(root), { root, component, connection: null, request: 0, received: null, always: null, hearing: null, carried: {} });
    instances.set(parentElement, instance);
  }
  Object.assign(instance, { setTriggerValue, setStateValue, palette: applyTheme(root) });
  if (data !== instance.data) {
    instance.data = data;
    const own = headerOf(data);
    instance.always = own.carried_as ? own : null;
    if (!instance.always) take(instance, data);
    else if (instance.received) take(instance, instance.received);
  } else if (instance.received) {
    showInstance(instance);
    handOn(instance);
  }
  hearCarrier(instance);
  return () => setTimeout(() => { if (!root.isConnected) disconnectInstance(instance); }, 0);
}

/** Take packed bytes: show what they hold, and hand on what they carry for others. @param {Mounted} instance */
function take(instance, bytes) {
  const { component } = instance;
  instance.stopWaiting?.();
  instance.stopWaiting = whenWhole(bytes, (whole) => {
    const header = { ...instance.always, ...whole };
    instance.carried = Object.fromEntries((header.carries ?? []).map((name) => [name, header.arrays[name]]));
    try {
      component.receive(instance, header);
      instance.received = bytes;
      showInstance(instance);
    } finally {
      handOn(instance);
    }
  });
}

/** Hand on what a component carries for others. @param {Mounted} instance */
function handOn({ carried }) {
  for (const [name, bytes] of Object.entries(carried)) {
    (globalThis.closedLoopCarried ??= new Map()).set(name, bytes);
    window.dispatchEvent(new CustomEvent("closedloop:carried", { detail: name }));
  }
}

/** Take what another component carries for this one, if any does, now and whenever it comes. @param {Mounted} instance */
function hearCarrier(instance) {
  instance.hearing?.abort();
  const name = instance.always?.carried_as;
  if (!name) return;
  const hear = () => {
    const bytes = globalThis.closedLoopCarried?.get(name);
    if (bytes && bytes !== instance.received) take(instance, bytes);
  };
  instance.hearing = new AbortController();
  window.addEventListener("closedloop:carried", ({ detail }) => { if (detail === name) hear(); }, { signal: instance.hearing.signal });
  hear();
}

/** @param {Mounted} instance */
function showInstance(instance) {
  if (!instance.connection) connectInstance(instance);
  instance.component.show?.(instance);
}

/** @param {Mounted} instance */
function connectInstance(instance) {
  const { root, component } = instance;
  instance.connection = new AbortController();
  const { signal } = instance.connection;
  const on = (target, type, handler, options) => target.addEventListener(type, handler, { signal, ...options });
  component.connect(instance, on);
  const { refresh } = component;
  if (!refresh) return;
  on(document.fonts, "loadingdone", () => refresh(instance));
  // What fits into a room is drawn anew when that changes: the window, or what stands above and below.
  const measured = () => [root.clientWidth, ...(component.fits ? [root.offsetHeight, Math.round(roomFor(root))] : [])].join();
  let last = measured();
  const look = () => {
    if (!root.isConnected || measured() === last) return;
    last = measured();
    refresh(instance);
  };
  const observer = new ResizeObserver(look);
  observer.observe(root);
  if (component.fits) {
    on(window, "resize", look);
    for (const part of partsAround(root)) observer.observe(part);
  }
  signal.addEventListener("abort", () => observer.disconnect());
}

/** @param {Mounted} instance */
function disconnectInstance(instance) {
  instance.stopWaiting?.();
  instance.hearing?.abort();
  // Another page, or another visit of this one, does not begin with it.
  for (const [name, bytes] of Object.entries(instance.carried)) {
    if (globalThis.closedLoopCarried?.get(name) === bytes) globalThis.closedLoopCarried.delete(name);
  }
  instance.connection?.abort();
  instance.connection = null;
  cancelAnimationFrame(instance.request);
  instance.request = 0;
  for (const [name, timer] of Object.entries(instance.timers ?? {})) {
    clearTimeout(timer);
    instance.timers[name] = 0;
  }
  instance.component.stop?.(instance);
}

/**
 * Send at most one message in `every` milliseconds, the last one never lost; `send` notes the time in `lastSent`.
 * @param {Mounted & { lastSent: number }} instance
 */
function sendSoon(instance, every, send) {
  const { timers } = instance;
  const wait = instance.lastSent + every - performance.now();
  if (wait <= 0) send();
  else timers.send ||= setTimeout(send, wait);
}

/** Ask for one frame; frames go on by themselves only while something moves. @param {Mounted} instance */
function wake(instance) {
  if (instance.request || !instance.connection) return;
  instance.request = requestAnimationFrame((now) => {
    instance.request = 0;
    if (instance.component.frame?.(instance, now)) wake(instance);
  });
}
