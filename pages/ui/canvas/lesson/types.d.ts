// Types of the bar of a lesson. Never sent.

declare namespace Lesson {
  interface Question {
    kind: "winner" | "class" | "curve" | "share" | "return";
    text: string;
    options: string[];
    /** Of a curve to draw: the last generation, how many outcomes there are, and what it starts with. */
    generations: number;
    outcomes: number;
    start: number;
  }

  interface Row {
    label: string;
    share: number;
    text: string;
    right: boolean;
    picked: boolean;
  }

  interface Told {
    lead: string;
    /** The same for a hall: what the row of odds begins with. */
    brief: string;
    rows: Row[];
    curve?: number[];
    low?: number[];
    high?: number[];
    drawn?: number[];
  }

  interface Header {
    mode: string;
    lesson: string;
    name: string;
    number: number;
    count: number;
    title: string;
    setup: string;
    question: Question | null;
    isOpen: boolean;
    told: Told | null;
    moral: string;
    isChanged: boolean;
    notes: string;
  }

  interface Plot {
    context: Context;
    palette: Palette;
    size: number;
    box: Box;
    most: number;
    x(share: number): number;
    y(value: number): number;
    value(y: number): number;
  }

  interface Line {
    say(message: object): void;
    close(): void;
  }

  interface Instance extends Mounted {
    parts: Record<string, any>;
    header: Header;
    /** What the page was asked for and has not answered yet. */
    waiting: string | null;
    pick: number | null;
    drawn: number[] | null;
    knot: number;
    shape: number;
    /** The step and question on screen. */
    asked: string;
    touch: Position | null;
    line: Line | null;
  }
}
