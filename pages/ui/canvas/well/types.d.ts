// Types of the well. What it shares with the triangle is in ../geometry/types.d.ts. Never sent.

declare namespace Well {
  interface FixedPoint {
    x: number; // share of the first outcome
    V: number;
    kind: "stable" | "unstable";
    class: string;
  }

  interface Small {
    external_fraction: number;
    stuck: boolean;
    is_now: boolean;
  }

  interface Header {
    /** What the terms in the headings mean. */
    terms?: string;
    mode: string;
    labels: string[];
    source: number;
    point: { temperature: number; external_fraction: number };
    fixed_points: FixedPoint[];
    start: number;
    vanish: number | null;
    wells: Small[];
    alt?: string;
    picture_name?: string;
    arrays: Arrays;
  }

  interface Arrays {
    potential: Numbers;
    ball: Numbers;
    ball_doublings: Numbers;
    wells_potential: Numbers;
    wells_end: Numbers;
  }

  interface View extends Landscape.View {
    header: Header;
    curve: Float32Array;
    axis: number;
    top: number;
    labels: string[];
    ball: number;
    x(share: number): number;
    share(x: number): number;
    y(value: number): number;
    on(share: number): [number, number];
    small: { height: number; foot: number };
  }

  interface Scene {
    at: number;
    ball: Numbers;
    doublings: Numbers;
    drag: number | null;
  }

  interface Parts extends Landscape.ClockParts {
    title: HTMLElement;
    save: HTMLButtonElement;
    stage: HTMLElement;
    canvas: HTMLCanvasElement;
    smallTitle: HTMLElement;
    smalls: HTMLCanvasElement;
    note: HTMLElement;
    said: HTMLElement;
  }

  interface Instance extends Mounted {
    header: Header;
    arrays: Arrays;
    view: View;
    curve: Float32Array;
    span: Ends;
    aim: Ends;
    drag: number | null;
    sent: number | null;
    press: { x: number; y: number } | null;
    grip: number;
    place: Point | null;
    shown: number;
    morph: { curve: Float32Array; span: Ends; started: number | null } | null;
    stale: boolean;
    smallSize: string;
    rollNow: boolean;
    clock: Landscape.Clock;
    parts: Parts;
  }
}
