// Types of the verdict. Never sent.

declare namespace Verdict {
  interface Piece {
    text: string;
    style?: string;
  }

  interface Header {
    mode: string;
    class: string;
    word: string;
    outcomes: number;
    effective0: number;
    settled?: { words: string; number: string };
    remedy: Piece[] | null;
    note: string | null;
  }

  interface Instance extends Mounted {
    header: Header;
    parts: Record<"spoken" | "line" | "glyph" | "word" | "middle" | "number" | "remedy" | "note", HTMLElement>;
    playhead: { generation: number; effective: number } | null;
    spokenAt: number;
  }
}
