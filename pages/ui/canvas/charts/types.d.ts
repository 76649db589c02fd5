// Types of the buttons that save charts. Never sent.

declare namespace Charts {
  interface Header {
    /** The selector of what holds the charts, their settings in words, and the file's name without its ending. */
    place: string;
    settings: string;
    picture_name: string;
  }

  /** A chart on the page, and the words that stand above it. */
  interface Shown {
    svg: SVGSVGElement;
    title: string;
    key: string;
  }

  interface Instance extends Mounted {
    header: Header;
  }
}
