// Types of the measured and the exact map. Never sent.

declare namespace TextMap {
  interface Header {
    temperatures: number[];
    external_fractions: number[];
    done: number;
    total: number;
    agreement: string;
    point: { temperature: number; external_fraction: number };
    kept: { temperature: number; external_fraction: number } | null;
    unit: string;
    arrays: Record<"measured" | "exact" | "next_words" | "perplexity" | "distance" | "line_temperatures" | "line", Numbers>;
  }

  interface Plot {
    title: string;
    values: Numbers;
    top: number;
    bottom: number;
  }

  interface Layout {
    width: number;
    height: number;
    left: number;
    right: number;
    plots: Plot[];
  }

  interface Instance extends Mounted {
    canvas: HTMLCanvasElement;
    reading: HTMLElement;
    header: Header;
    layout: Layout;
    cell: { row: number; column: number } | null;
  }
}
