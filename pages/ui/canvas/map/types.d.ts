// Types of the two maps: what is sent to them, and their state. PhaseMap, since Map is taken. Never sent.

declare namespace PhaseMap {
  type Tone = "faithful" | "collapse" | "heat" | "ink" | "other" | "bound";
  type Mode = SizeName;
  type Group = "contour" | "stability" | "edge" | "maxwell" | "bounds" | "bistable";

  /** A point of the map. */
  interface Place {
    temperature: number;
    external_fraction: number;
  }

  interface Line {
    name: string;
    array: string; // which of the header's arrays holds its shares, over contour_temperatures
    label: string;
    style: string;
    group?: Group;
    side?: "cold" | "hot" | "both";
    bounds_hatch?: boolean;
  }

  interface Threshold {
    value: number;
    text: string;
    words: string;
    tone: Tone;
  }

  interface BranchHeader {
    kind: "stable" | "unstable";
    tone: Tone;
    label: string | null;
  }

  interface Note {
    text: string;
    x: number;
    y: number;
    tone: Tone;
  }

  interface CutHeader {
    temperature: number;
    title: string;
    subtitle: string;
    thresholds: Threshold[];
    legend: boolean;
    notes: Note[];
    band: number;
    branches: BranchHeader[];
    sweep?: { turn: number; label: string; words?: string[] };
  }

  interface BifurcationHeader {
    title: string;
    external_fraction: number;
    thresholds: Threshold[];
    branches: BranchHeader[];
  }

  interface Header {
    /** What is explained on hover, by group of lines; "map": the map itself. */
    terms?: Record<string, string>;
    kind: "small" | "page";
    mode: string;
    point: Reading;
    /** Where interventions change the settings: those from each generation on. */
    segments?: (Place & { start: number })[] | null;
    /** Whether the run starts elsewhere than at its source. */
    elsewhere?: boolean;
    kept: Place | null;
    plot_height: number;
    tolerance: number;
    temperature_range: Ends;
    effective_source: number;
    uniform: boolean;
    lines: Line[];
    group_labels?: Partial<Record<Group, string>>;
    shown?: Group[];
    heading?: boolean;
    note?: boolean;
    alt?: string;
    picture_name?: string;
    picture_title?: string;
    cut?: CutHeader;
    bifurcation?: BifurcationHeader;
    arrays: Record<string, Numbers>;
  }

  /** What holds at a point; only the server knows the last two, and not of every point. */
  interface Reading extends Place {
    class: string;
    shift: number;
    distance: number;
    effective: number;
    states?: number;
    least_external?: number;
  }

  interface Field {
    logs: Float64Array;
    shares: Float64Array;
    shift: Numbers;
    distance: Numbers;
    effective: Numbers;
    lineLogs: Float64Array;
    contour: Numbers;
    states: Numbers | null;
    statesEdge: Numbers | null;
    levels: Map<string, number | null>;
    bistable?: { key: string; path: Path2D };
    picture?: { key: string; image: HTMLCanvasElement };
  }

  interface Branch extends BranchHeader {
    values: Numbers;
    distances: Numbers;
  }

  /** The simulated sweep: down until `turn`, then up. */
  interface Swept {
    shares: Numbers;
    distances: Numbers;
    turn: number;
    label: string;
  }

  interface Curves {
    cut?: { branches: Branch[]; swept?: Swept };
    bifurcation?: { branches: Branch[] };
  }

  interface Playing {
    start: number | null;
    at: number;
  }

  interface PanelHover {
    x: number;
    y: number;
    kind: Panel["kind"];
  }

  interface Instance extends Mounted {
    part(name: string): any;
    stage: HTMLElement;
    play: HTMLButtonElement;
    canvas: HTMLCanvasElement;
    header: Header;
    field: Field;
    curves: Curves;
    view: View;
    point: Place;
    moved: Place | null;
    generation: number;
    hover: Reading | null;
    panelHover: PanelHover | null;
    press: { x: number; y: number; panel?: Panel["kind"] } | null;
    drag: { point: Place; panel?: Panel["kind"] } | null;
    playing: Playing | null;
    hidden: Set<Group>;
    base: HTMLCanvasElement | null;
    baseKey: string;
    version: number;
    lastSent: number;
    words: Box[];
    readout: string;
    chipKey?: string;
  }
}
