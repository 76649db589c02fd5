// Types of the verdict. Never sent.

declare namespace Verdict {
  interface Piece {
    text: string;
    style?: string;
  }

  interface Header {
    mode: string;
    begins: Begins;
    settled?: { class: Phase; word: string; words: string; number: string };
    /** What is explained on hover, by part. */
    terms?: Record<string, string>;
    ends: Piece[];
    needs: Piece[];
  }

  interface Instance extends Mounted {
    header: Header;
    parts: Record<"spoken" | "line" | "glyph" | "word" | "middle" | "number" | "after" | "ends" | "needs", HTMLElement>;
    playhead: { generation: number; phase: Phase; effective: number } | null;
    phase: Phase | null;
    painted: Palette | null;
    spokenAt: number;
  }
}
