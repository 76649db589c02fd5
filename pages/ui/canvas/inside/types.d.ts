// Types of the look inside one generation. Never sent.

declare namespace Inside {
  type Law = "source" | "dataset" | "learned" | "tempered" | "new_dataset";
  type Batch = "synthetic" | "external";

  interface Told {
    title: string;
    symbol: string;
    number: string;
    words: { text: string; style?: string }[];
  }

  interface Header {
    mode: string;
    class: string;
    run: string;
    generation: number;
    generations: number;
    opened: number;
    labels: string[];
    others: number;
    noise: boolean;
    replaces: boolean;
    external_fraction: number;
    dots: boolean;
    dataset_size: number;
    learned_size: number;
    batch_size: number;
    new_dataset_size: number;
    heading: { title: string; settings: string; check: string };
    stages: Told[];
    arrays: Record<Law | Batch, Numbers>;
  }

  interface Step extends Header {
    names: string[];
    count: number;
    leader: number;
    expected: Float32Array;
    image: Float32Array;
    peaks: number[];
    top: number;
    kept: number;
    mostItems: number;
  }

  interface Sizes {
    name: SizeName;
    columns: number;
    gap: number;
    strip: number;
    plot: number;
    tick: number;
    label: number;
    value: number;
    line: number;
    hatch: number;
  }

  interface Label {
    i: number;
    text: string;
    half: number;
    x: number;
    row: number;
  }

  interface View {
    step: Step;
    palette: Palette;
    sizes: Sizes;
    width: number;
    height: number;
    panel: number;
    slot: number;
    bar: number;
    ceiling: number;
    base: number;
    context: Context;
    excess: { fill: string; text: string };
    labels: { rows: number; all: Label[]; shown: Label[] };
    tickRight: number;
    averages: boolean;
    centre(i: number): number;
    y(share: number): number;
    x(items: number): number;
  }

  interface Panel {
    item: HTMLElement;
    title: HTMLElement;
    symbol: HTMLElement;
    number: HTMLElement;
    canvas: HTMLCanvasElement;
    words: HTMLElement;
  }

  interface Instance extends Mounted {
    parts: Record<string, any>;
    panels: Panel[];
    arrows: SVGPathElement[];
    step: Step;
    stage: number;
    coming: { started: number | null; length: number } | null;
    before: Numbers | null;
    pointed: number | null;
    wanted: number | null;
    view: View;
    stale: boolean;
  }
}
