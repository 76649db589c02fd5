// Types of the texts and their player. Never sent.

declare namespace Language {
  /** A text, and 0, 1 (it stands twice) or 2 (three times or more). */
  type Piece = [string, number];

  interface Text {
    pieces: Piece[];
    /** False where a model without smoothing could not go on from the beginning. */
    knows: boolean;
    /** Of the settings before: a dial is dragged, and this generation is not written yet. */
    old?: boolean;
  }

  /** The first clause of the verdict at a generation; see words.py. */
  interface Moment {
    phase: Phase;
    word: string;
    middle: string;
    number: string;
    after: string;
  }

  /** Texts and measures of a run, as far as it has come: see figures.py. */
  interface Shown {
    texts: Text[];
    moments: Moment[];
    beside: string[];
    says: number[];
    knows: (number | null)[];
    impossible: (number | null)[];
    distance: number[];
  }

  /** The same model cold, balanced and hot: what a first visit sees for a moment. */
  interface Intro {
    columns: { title: string; words: string; generation: number; pieces: Piece[] }[];
    done: boolean;
  }

  interface Header extends Shown {
    intro: Intro | null;
    run: string;
    restart: number;
    mode: string;
    generations: number;
    rows: number[];
    few_rows: number[];
    beginning: string;
    source: string;
    unit: string;
    has_held_out: boolean;
    seed: number;
    /** All settings in one line. */
    setting: string;
    /** Texts of a dial that is being dragged, without measures: the curves are those before. */
    live: boolean;
    state: "writing" | "stopped" | "done";
    refusal: string;
    offline?: boolean;
    picture_name: string;
    words?: string;
    kept?: Shown & { words: string };
    arrays: Record<string, never>;
  }

  interface Run extends Timed {
    header: Header;
  }

  interface Panel {
    title: string;
    what: string;
    top: number;
    bottom: number;
    values: (number | null)[];
    kept: (number | null)[] | null;
    range: Ends;
    isLog: boolean;
    text(value: number): string;
  }

  interface Layout {
    width: number;
    height: number;
    left: number;
    right: number;
    trackY: number;
    panels: Panel[];
    sizes: Sizes;
  }

  interface Sizes {
    title: number;
    what: number;
    tick: number;
    value: number;
    plot: number;
    head: number;
    gap: number;
    left: number;
    right: number;
    line: number;
    thumb: number;
    track: number;
  }

  interface Parts {
    [name: string]: any;
    rows: HTMLElement;
    scrubber: HTMLInputElement;
    curves: HTMLCanvasElement;
  }

  interface Instance extends Mounted {
    parts: Parts;
    run: Run;
    playhead: Playhead<Run>;
    layout: Layout | null;
    lastTime: number | null;
    spokenAt: number;
    told: string;
    rowKeys: string[];
    stopping: boolean;
    hasLeft: boolean;
  }
}
