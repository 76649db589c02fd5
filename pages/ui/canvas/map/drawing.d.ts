// Types of what the maps draw: views, panels and words. Never sent.

declare namespace PhaseMap {
  interface Plot extends Box {
    width: number;
    height: number;
  }

  interface Panel extends Plot {
    kind: "cut" | "bifurcation";
    title: string;
    thresholds: Threshold[];
    branches: Branch[];
    band: number;
    /** The pixel of a share (or a temperature) and a distance. */
    at(value: number, distance: number): [number, number];
    value(x: number, y: number): number;
    distance(x: number, y: number): number;
    // of the cut
    temperature: number;
    subtitle: string;
    legend: boolean;
    notes: Note[];
    labels: number;
    swept?: Swept;
    // of the bifurcation
    share: number;
  }

  interface Measures {
    [name: string]: any;
  }

  interface View {
    header: Header;
    field: Field;
    palette: Palette;
    width: number;
    height: number;
    kind: "small" | "page";
    mode: Mode;
    m: Measures;
    plot: Plot;
    from: number; // log temperatures at the two ends
    to: number;
    isBeside: boolean;
    stripTop: number;
    isShown(group?: Group): boolean;
    x(temperature: number): number;
    y(share: number): number;
    log(x: number): number;
    share(y: number): number;
    font(weight: number, size: number): string;
    cut?: Panel;
    bifurcation?: Panel;
    kept?: Place | null; // the small map's overlay
  }

  /** What moves over the page map. */
  interface Overlay {
    reading: Reading;
    hovered: Reading | null;
    words: Box[];
    panelHover: PanelHover | null;
    playing: Playing | null;
  }

  /** A line as it is drawn: runs of pixels, with gaps between them. */
  interface DrawnLine extends Partial<Line> {
    label: string;
    style: string;
    runs: Point[][];
    short?: string;
    isHot?: boolean;
  }

  interface Letter {
    letter: string;
    angle: number;
    x: number;
    y: number;
  }

  /** Words on a panel: the first of several lines is bold. */
  interface Words {
    lines: string[];
    x: number;
    y: number;
    align: string;
    tone?: Tone;
  }

  interface Isoline {
    level: number;
    runs: Point[][];
  }

  /** The name of a region and where it stands, with its second line or alone. */
  interface RegionWord {
    name: string;
    word: { big: string; small: string; title: string; second: string };
    spot: Spot;
    hasSecond: boolean;
  }

  /** A place for a box that was found, and what it costs. */
  interface Spot {
    x: number;
    y: number;
    cost: number;
    box: Box;
  }

  interface CardPlace {
    left: number;
    top: number;
    width: number;
    height: number;
    cost: number;
    isDocked?: boolean;
  }

  /** A number and words in the label column of the cut. */
  interface Block {
    y: number;
    top: number;
    middle: number;
    height: number;
    tone: Tone;
    lines: { text: string; size: number; weight: number; step: number; colour: string }[];
  }

  /** One way of the sweep: where its arrow may stand. */
  interface Leg {
    shares: Float32Array;
    distances: Float32Array;
    text: string;
    way: number;
    sides: number[];
    wishes: number[];
  }
}
