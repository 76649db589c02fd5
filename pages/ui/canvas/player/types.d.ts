// Types of the player: what is sent to it, its run and its state. Never sent.

declare namespace Player {
  type Scale = "linear" | "log";
  type Entropy = "effective" | "nats";

  interface Dials {
    temperature: number;
    external_fraction: number;
    sample_size: number;
  }

  /** What the loop without sampling noise follows from. */
  interface Loop extends Dials {
    initial_size: number;
    growth: number | null;
    regime: "accumulate" | "replace" | "subsample";
    generations: number;
  }

  /** Generation and class of each change of the class. */
  type Phases = [number, Phase][];

  interface Intervention {
    generation: number;
    words: string;
  }

  /** What `pack_run` and `played` send. */
  interface Header {
    mode: string;
    begins: Begins;
    clauses: string[];
    phases: Phases;
    twin_phases: Phases | null;
    words?: string;
    run: string;
    restart: number;
    /** Whether it stays at its start until the visitor plays it. */
    waits?: boolean;
    /** Whether it is but the start of a run that a question hides: it cannot be played. */
    isLocked?: boolean;
    offline?: boolean;
    labels: string[] | null;
    noise: boolean;
    effective_source: number;
    generations: number;
    can_double: boolean;
    external_fraction: number;
    loop: Loop | null;
    word_source?: string;
    flag: string | null;
    tolerance: number;
    alt?: string;
    /** Of a saved page: that of the page it was saved from. */
    link?: string;
    csv_name?: string;
    /** What the terms mean, by the panel that shows them. */
    terms?: Record<string, string>;
    schedule?: Intervention[];
    clock?: Clock;
    axis?: Scale;
    entropy?: Entropy;
    ahead?: "shown" | "hidden";
    kept?: Header;
    arrays: Record<string, any>;
  }

  /** All generations whose curve values were sent. */
  interface Points {
    frames: Curve;
    doublings: Curve;
    effective: Curve;
    distance: Curve;
    twinEffective: Curve | null;
    twinDistance: Curve | null;
  }

  /** A run by frame: the generations whose laws were sent. */
  interface Run extends Omit<Header, "kept"> {
    count: number;
    n: number;
    frames: Curve;
    points: Points;
    probabilities: Float32Array;
    reference: Float32Array;
    twin: Float32Array | null;
    doublings: Curve;
    effective: Curve;
    distance: Curve;
    twinEffective: Curve | null;
    twinDistance: Curve | null;
    leaders: number[];
    peaks: Float32Array;
    least: number;
    mostExtinct: number;
    label(i: number): string;
    top: number;
    low: number;
    distanceTop: number;
    kept: Run | null;
    beside: { effective: Float32Array; distance: Float32Array };
  }

  type Playhead = globalThis.Playhead<Run>;

  interface Drag {
    button: HTMLButtonElement;
    index: number;
    x: number;
    moved: boolean;
    held: boolean;
    generation: number;
  }

  interface Interventions {
    pointed: number | null;
    drag: Drag | null;
  }

  interface Parts {
    [name: string]: any;
    scrubber: HTMLInputElement;
    stage: HTMLElement;
  }

  /** A scene that plays before the page has answered its choice. */
  interface Scene {
    run: string;
    kept: string | undefined;
    heard: number;
    before: Uint8Array;
    looks: number;
    dialled: boolean;
    timer: number;
  }

  interface Instance extends Mounted {
    parts: Parts;
    run: Run;
    playhead: Playhead;
    measures: Measures;
    width: number;
    barsLayout: BarsLayout | null;
    curvesLayout: CurvesLayout;
    law: Float32Array;
    twinLaw: Float32Array | null;
    twinBuffer: Float32Array;
    keptLaw: Float32Array | null;
    keptTwin: Float32Array | null;
    top: number;
    low: number;
    scale: Scale;
    entropy: Entropy;
    futureShown: "shown" | "hidden";
    tip: { x: number; y: number; outcome?: number; frame?: number } | null;
    hover: number | null;
    fade: { law: Float32Array; twin: Float32Array | null; top: number; low: number; started: number | null } | null;
    interventions: Interventions;
    asked: number;
    ahead: { dials: Dials; until: number } | null;
    scene: Scene | null;
    lastTime: number | null;
    spokenAt: number;
    speakNow: boolean;
    told?: string;
  }
}
