// Types of what the player draws: views and layouts. Never sent.

declare namespace Player {
  interface Measures {
    name: SizeName;
    bars: number;
    pairBars: number;
    plot: number;
    interventions: number;
    titleRow: number;
    panelGap: number;
    left: number;
    right: number;
    labelGap: number;
    word: number;
    number: number;
    tick: number;
    legend: number;
    title: number;
    value: number;
    outline: number;
    run: number;
    twin: number;
    playhead: number;
    track: number;
    thumb: number;
    barShare: number;
    widestBar: number;
    sample: number;
  }

  /** What differs for the kept run: see keptView. */
  interface KeptView {
    run: Run;
    law: Float32Array;
    twinLaw: Float32Array | null;
    frame: number;
    leader: number;
    phase: Phase;
  }

  /** What a drawing needs to know. In a row of a pair, `pair` says what is its own. */
  interface View {
    context: Context;
    run: Run;
    playhead: Playhead;
    measures: Measures;
    palette: Palette;
    width: number;
    law: Float32Array;
    twinLaw: Float32Array | null;
    top: number;
    low: number;
    scale: Scale;
    entropy: Entropy;
    frame: number;
    leader: number;
    phase: Phase;
    isAheadHidden: boolean;
    hover: number | null;
    interventions: Interventions | null;
    sliderFocused: boolean;
    kept: KeptView | null;
    pair?: { quiet: boolean; strip: number; wordRoom: number };
  }

  interface Span {
    left: number;
    right: number;
    top: number;
    peak?: number;
  }

  interface ShareAxis {
    left: number;
    ticks: { value: number; text: string }[];
  }

  /** Words below the bars; where they are turned or dropped, `kept` is the one that always stays. */
  interface BarWords {
    turned: boolean;
    step: number;
    kept: number;
    texts: string[];
    room: number;
    size: number;
  }

  interface Column {
    left: number;
    right: number;
    from: number;
    to: number;
  }

  interface ProfileLabel {
    i: number;
    x: number;
    half: number;
    text: string;
    size: number;
  }

  interface Legend {
    place: "corner" | "above";
    x: number;
    brief: number;
    room: number;
  }

  interface LegendState {
    leader: number;
    share: string;
    moved: string;
    extinct: number;
    twinMoved: string | null;
  }

  interface LegendRow {
    mark: string;
    text: string;
    number?: string;
    rest?: string;
  }

  /** The bars of one run, or its profile. */
  interface RowLayout {
    kind: "bars" | "profile";
    axis: ShareAxis;
    height: number;
    base: number;
    ceiling: number;
    spans: Span[];
    legend?: Legend;
    centre(i: number): number;
    outcomeAt(x: number): number;
    // of bars
    slot: number;
    bar: number;
    words: BarWords;
    numbers: number;
    // of a profile
    steep: boolean;
    columns: Column[];
    cells: Column[];
    labels: ProfileLabel[];
  }

  interface PairRow {
    own: { pair: NonNullable<View["pair"]>; measures: Measures };
    top: number;
    layout: RowLayout;
  }

  /** The bars of two runs, one above the other. */
  interface PairLayout {
    kind: "pair";
    legend: LegendRow[];
    x: number;
    rows: PairRow[];
    height: number;
    outcomeAt(x: number, y: number): number;
  }

  type BarsLayout = RowLayout | PairLayout;

  interface CurvePanel {
    name: "effective" | "distance";
    scaled(curve: any): any;
    curve: Curve;
    points: Curve;
    twin: Curve | null;
    twinPoints: Curve | null;
    beside?: Curve;
    title: string;
    aside: string;
    low: number;
    high: number;
    band?: number;
    source?: number;
    ticks: { value: number; text: string }[];
    print(value: number): string;
    titleY: number;
    top: number;
    bottom: number;
    y(value: number): number;
    path: Path2D;
    twinPath: Path2D | null;
    keptPath?: Path2D;
  }

  interface Tick {
    x: number;
    text: string;
  }

  /** A mark of an intervention: its flag at x, its words from start to end. */
  interface Mark extends Intervention {
    index: number;
    x: number;
    start: number;
    end: number;
    text: string;
  }

  interface CurvesLayout {
    panels: CurvePanel[];
    left: number;
    right: number;
    bottom: number;
    trackY: number;
    tickY: number;
    height: number;
    interventions: { top: number; bottom: number } | null;
    /** Where each point of the curves lies, from 0 to 1. */
    axis: Float64Array;
    ticks: { marks: Tick[]; unit: string; unitX: number };
    marks?: Mark[];
    keptChanges: number[];
    x(position: number): number;
  }

  interface Picture {
    titleSize: number;
    caption: string[];
    rows: { title: number; sample: number; bars: number; curves: number };
    width: number;
    height: number;
  }
}
