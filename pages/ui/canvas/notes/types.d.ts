// Types of the speaker's window. Never sent.

declare namespace Notes {
  interface Step {
    title: string;
    page: string;
    setup: string;
    question: string;
    moral: string;
    notes: string;
    begins: number;
    minutes: number;
  }

  interface Header {
    lesson: string;
    name: string;
    number: number;
    minutes: number;
    steps: Step[];
  }

  interface Instance extends Mounted {
    parts: Record<string, HTMLElement>;
    header: Header;
    number: number;
    isOpen: boolean;
    /** Whether the lesson's window has answered. */
    isHeard: boolean;
    started: number;
    line: { say(message: object): void; close(): void } | null;
  }
}
