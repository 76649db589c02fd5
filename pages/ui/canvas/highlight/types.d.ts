// Types of the highlight. Never sent.

declare namespace Highlight {
  interface Header {
    source: string;
    target: string;
    pairs: Record<string, string>;
    first: string;
    colour: string;
  }

  interface Instance extends Mounted {
    style: HTMLStyleElement;
    header: Header;
    run: string;
  }
}
