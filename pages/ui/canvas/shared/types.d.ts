// Types of what all canvas components share. Read by `python -m tests.js.check` and by editors; never sent.

type Context = CanvasRenderingContext2D;
/** x and y in pixels. */
type Point = number[];
/** The two ends of something. */
type Ends = number[];
/** The class of a state: see class_of in the core. */
type Phase = "faithful" | "sharpened" | "collapse" | "flattened" | "heat death";

/** What the clause "now" starts from: see verdict.py. */
interface Begins {
  count: string;
  effective: number;
  at_source: boolean;
  distance: number;
}

type SizeName = "desk" | "phone" | "projector";

/** What a saved picture was made from. */
interface Origin {
  settings: string;
  seed: string;
  link: string;
}

interface Position {
  x: number;
  y: number;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Numbers sent by pack.py: read only as such, whatever their kind is. */
interface Numbers extends Float32Array {
  shape: number[];
}

/** The colours of PALETTES by name, and what goes with them. */
interface Palette {
  [colour: string]: any;
  dark: boolean;
  font: string;
}

interface TextStyle {
  size: number;
  weight?: number;
  colour: string;
  align?: CanvasTextAlign;
  halo?: string | null;
  haloWidth?: number;
}

/** What Streamlit, or the saved page, calls a component with. */
interface MountArguments {
  data: Uint8Array;
  parentElement: ParentNode;
  setTriggerValue(name: string, value: unknown): void;
  setStateValue?(name: string, value: unknown): void;
}

type Clock = "generations" | "doublings";
type Curve = ArrayLike<number> & Iterable<number>;

/** What a playhead needs to know of a run: its frames, of which the first `count` are there. */
interface Timed {
  run: string;
  count: number;
  frames: Curve;
  doublings?: Curve;
  can_double: boolean;
  restart: number;
  waits?: boolean;
}

/** See playhead.js. */
interface Playhead<R extends Timed = Timed> {
  run: R;
  clock: Clock;
  axis: Float64Array;
  position: number;
  goal: number | null;
  playing: boolean;
  held: boolean;
  speed: number;
  loop: boolean;
  rested: number;
  calm: boolean;
}

type On = (target: EventTarget, type: string, handler: (event: any) => void, options?: AddEventListenerOptions) => void;

/** What a component is, for mount.js. */
interface CanvasComponent {
  /** Whether its picture shrinks to the room it has: see roomFor. */
  fits?: boolean;
  make(root: HTMLElement): object;
  receive(instance: any, header: any): void;
  connect(instance: any, on: On): void;
  show?(instance: any): void;
  frame?(instance: any, now: number): boolean | void;
  refresh?(instance: any): void;
  stop?(instance: any): void;
}

/** What mount.js keeps of every instance. */
interface Mounted {
  root: HTMLElement;
  component: CanvasComponent;
  palette: Palette;
  data: Uint8Array;
  received: Uint8Array | null;
  /** The header of its own data where another component carries the rest; else null. */
  always: Record<string, any> | null;
  /** What it carries for others, by name. */
  carried: Record<string, Uint8Array>;
  hearing: AbortController | null;
  connection: AbortController | null;
  request: number;
  timers: Record<string, number>;
  stopWaiting?(): void;
  setTriggerValue(name: string, value: unknown): void;
  setStateValue(name: string, value: unknown): void;
}

/** Whether a lesson is open: a clicker's keys are its then. */
declare var closedLoopLesson: boolean | undefined;
declare var closedLoopPayloads: Map<string, Uint8Array> | undefined;
declare var closedLoopCarried: Map<string, Uint8Array> | undefined;
declare var closedLoopComponents: Record<string, (args: MountArguments) => (() => void) | void> | undefined;

// The events between components that are listened to on window directly; all are listed at the head of common.js.
interface WindowEventMap {
  "closedloop:definition": CustomEvent<string>;
  "closedloop:payload": CustomEvent<null>;
  "closedloop:carried": CustomEvent<string>;
}
