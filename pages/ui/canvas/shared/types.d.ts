// Types of what all canvas components share. Read by `python -m tests.js.check` and by editors; never sent.

interface MountArguments {
  data: Uint8Array;
  parentElement: ShadowRoot;
  setTriggerValue(name: string, value: unknown): void;
  setStateValue(name: string, value: unknown): void;
}
