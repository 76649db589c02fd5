// Types of the sheets of images. Never sent.

declare namespace Sheets {
  interface Header {
    mode: string;
    generations: number;
    cells: number;
    images: number;
    phases: Phase[];
    fresh: number;
    restart: number;
    note: string;
    picture_name: string;
    arrays: Arrays;
  }

  interface Arrays {
    sheets: Numbers; // (generations + 1, cells, 64), ink of 255
    rejected: Numbers; // (generations + 1, cells), 1: no digit
    digits: Numbers; // (generations + 1, 11), the last: no digit
    theory: Numbers; // (generations + 1, 10)
    source: Numbers; // (10)
    limit: Numbers; // (10)
    effective: Numbers; // (generations + 1)
    theory_effective: Numbers;
    distance: Numbers; // to the real digits
    shift: Numbers; // total variation to the source
  }

  interface View extends Landscape.View {
    /** The height the images may have. */
    room: number;
    header: Header;
    at: number; // generation, fractional between two
  }

  interface Parts extends Landscape.ClockParts {
    save: HTMLButtonElement;
    sheet: HTMLCanvasElement;
    bars: HTMLCanvasElement;
    curves: HTMLCanvasElement;
    note: HTMLElement;
    said: HTMLElement;
  }

  interface Instance extends Mounted {
    header: Header;
    clock: Landscape.Clock;
    parts: Parts;
    restart: number | null;
    told: string;
    spokenAt: number;
    rollNow: boolean;
    ink: HTMLCanvasElement;
  }
}
