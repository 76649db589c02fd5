// Types of the verdict. Never sent.

declare namespace Verdict {
  interface Piece {
    text: string;
    style?: string;
  }

  interface Header {
    mode: string;
    begins: Begins;
    /** What the clause "now" says until the player has told where it is, and the longest that it becomes. */
    moment?: Moment;
    settled?: { class: Phase; word: string; words: string; number: string };
    /** What is explained on hover, by part. */
    terms?: Record<string, string>;
    ends: Piece[];
    needs: Piece[];
  }

  interface Clause {
    word: string;
    middle: string;
    number: string;
    after: string;
  }

  interface Moment extends Clause {
    phase: Phase;
    longest: Clause;
  }

  interface Instance extends Mounted {
    header: Header;
    parts: Record<"spoken" | "line" | "glyph" | "word" | "middle" | "number" | "after" | "ends" | "needs", HTMLElement>;
    playhead: { generation: number; phase: Phase; effective: number; moment?: Clause & { phase: Phase } } | null;
    phase: Phase | null;
    painted: Palette | null;
    spokenAt: number;
  }
}
