// Types of the list of keys. Never sent.

declare namespace Keys {
  interface Header {
    mode: string;
    /** Whether the page does something with a file that is dropped on it, and what is said while one is held over it. */
    takes: boolean;
    invite: string;
    /** Whether the links beside it may be behind the settings. */
    lags: boolean;
  }

  interface Instance extends Mounted {
    mode: string;
    takes: boolean;
    lags: boolean;
    /** The address for which the links were asked for last. */
    approached: string;
    observer: ResizeObserver | null;
    /** What the charts were fitted to last, on which screen, and how often there. */
    fitted: string;
    screen: string;
    fits: number;
    parts: { theme: HTMLButtonElement; open: HTMLButtonElement; list: HTMLDialogElement; rows: HTMLElement; drop: HTMLElement };
  }
}
