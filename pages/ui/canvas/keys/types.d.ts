// Types of the list of keys. Never sent.

declare namespace Keys {
  interface Instance extends Mounted {
    mode: string;
    observer: ResizeObserver | null;
    /** What the charts were fitted to last, on which screen, and how often there. */
    fitted: string;
    screen: string;
    fits: number;
    parts: { theme: HTMLButtonElement; open: HTMLButtonElement; list: HTMLDialogElement; rows: HTMLElement };
  }
}
