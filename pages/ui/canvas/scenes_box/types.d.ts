// Types of the choice of a scene. Never sent.

declare namespace Scenes {
  interface Header {
    names: string[];
    own: string;
    mode: string;
    /** The scene that is shown or, where it is changed, the visitor's place among them. */
    chosen: string | null;
    changed: boolean;
    watch: string;
  }

  interface Instance extends Mounted {
    list: HTMLSelectElement;
    count: HTMLElement;
    watch: HTMLElement;
    restore: HTMLButtonElement;
    header: Header;
    asked: string | null;
    held: Header;
  }
}
