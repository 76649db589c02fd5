// Types of the choice of a scene. Never sent.

declare namespace Scenes {
  interface Header {
    names: string[];
    own: string;
    chosen: string | null;
    watch: string;
  }

  interface Instance extends Mounted {
    list: HTMLSelectElement;
    count: HTMLElement;
    watch: HTMLElement;
    drop: HTMLElement;
    header: Header;
    asked: string | null;
    held: Header;
  }
}
