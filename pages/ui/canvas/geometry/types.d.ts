// Types of the triangle, and of what it shares with the well (landscape.js). Never sent.

declare namespace Landscape {
  /** What every drawing of the two needs; sizes of type are `unit`, weights of lines `line` times those of a desk. */
  interface View {
    name: SizeName;
    unit: number;
    line: number;
    palette: Palette;
    width: number;
    height: number;
  }

  interface Clock {
    name: string;
    onMove(): void;
    position: number; // doublings; Infinity: the run is over
    playing: boolean;
    follows: boolean;
    own: number;
    other: number;
    request: number;
    last: number | null;
    spokenAt: number;
  }

  interface ClockParts {
    play: HTMLButtonElement;
    playWord: HTMLElement;
    scrubber: HTMLInputElement;
    count: HTMLElement;
  }

  /** Index of the sample before a place, and the weight of the next one. */
  type Place = number[];
}

declare namespace Geometry {
  /** Shares of the three outcomes. */
  type Mix = number[];

  interface FixedPoint {
    kind: "stable" | "saddle" | "unstable";
    p: Mix;
    share: number;
    winner: number | null;
    class: string;
  }

  interface Header {
    /** What the terms in the headings mean. */
    terms?: string;
    mode: string;
    labels: string[];
    source: Mix;
    fixed_points: FixedPoint[];
    winner_from_source: number;
    alt?: string;
    picture_name?: string;
    arrays: Arrays;
  }

  interface Arrays {
    lattice_size: Numbers;
    potential: Numbers;
    basin: Numbers;
    borders?: Numbers;
    arrows: Numbers;
    paths: Numbers;
    path_doublings: Numbers;
  }

  interface Field {
    cells: number;
    potential: Numbers;
    basin: Numbers;
    points: FixedPoint[];
    borders: Mix[][];
    near: Map<number, number[][]>;
  }

  interface View extends Landscape.View {
    header: Header;
    side: number;
    left: number;
    top: number;
    bottom: number;
    labels: string[];
    place(p: number[]): [number, number];
    mix(x: number, y: number): Mix;
  }

  interface Callout {
    point: FixedPoint;
    variants: string[][];
    isExtra?: boolean;
  }

  interface PlacedCallout extends Callout {
    lines: string[];
    isLeft: boolean;
    box: Box;
  }

  interface Label {
    text: string;
    x: number;
    y: number;
    align: CanvasTextAlign;
    box: Box;
    cost: number;
  }

  interface Path {
    points: Point[];
    beads: number[];
    doublings: Numbers;
    start: number[];
    isSource: boolean;
  }

  interface Glyph {
    kind: FixedPoint["kind"];
    p: number[];
    alpha: number;
    size?: number;
  }

  interface Scene {
    paths: Path[];
    at: number;
    home: FixedPoint | undefined;
    glyphs: Glyph[];
    labels: Label[];
    field: Field;
    pending: Mix[];
    cursor: Mix | null;
  }

  interface Parts extends Landscape.ClockParts {
    title: HTMLElement;
    save: HTMLButtonElement;
    stage: HTMLElement;
    canvas: HTMLCanvasElement;
    tip: HTMLElement;
    states: HTMLElement;
    clear: HTMLButtonElement;
    note: HTMLElement;
    said: HTMLElement;
  }

  interface Instance extends Mounted {
    header: Header;
    arrays: Arrays;
    field: Field;
    view: View;
    paths: Path[];
    callouts: PlacedCallout[] | null;
    labels: Label[];
    pending: Mix[];
    cleared: boolean;
    hover: Mix | null;
    cursor: Mix | null;
    receivedAt: number;
    glide: { from: FixedPoint[]; ground: HTMLCanvasElement | null; started: number | null } | null;
    ground: HTMLCanvasElement;
    grounds: HTMLCanvasElement[];
    ratio: number;
    stale: boolean;
    clock: Landscape.Clock;
    parts: Parts;
  }
}
