// Types of the dials. Never sent.

declare namespace Dials {
  type Name = "temperature" | "external_fraction" | "sample_size";

  interface Values {
    temperature: number;
    external_fraction: number;
    sample_size: number;
    noise: boolean;
  }

  /** The message of `dial_box` together with the payload of `dial_frame`. */
  interface Header {
    mode: string;
    values: Values;
    kept: Record<Name, number> | null;
    echo: number;
    revision: number;
    least_rescue: number;
    sample_size_note: string | null;
    temperature_range: Ends;
    sample_size_range: Ends;
    temperature_limits: Ends;
    sample_size_limits: Ends;
    help: Record<Name | "noise", string>;
    defaults: Record<Name, number>;
    /** What a page calls the dials, and says under them, where not as the playground does. */
    names?: Partial<Record<Name, string>>;
    captions?: { hot: string; share: string };
    no_switch?: boolean;
    arrays: { contour_temperatures: Numbers; contour: Numbers; severe: Numbers };
  }

  /** What was typed: its value, or one sentence that says what is wrong. */
  type Typed = { value: number; problem?: undefined } | { value?: undefined; problem: string };

  /** What the numbers of a dial mean; positions on its track go from 0 to 1. */
  interface Kind {
    name: string;
    symbol: string;
    spoken: string;
    range(header: Header): Ends;
    limits(header: Header): Ends;
    toShare(value: number, range: Ends): number;
    fromShare(share: number, range: Ends): number;
    step(value: number, direction: number, times: number, range: Ends): number;
    show(value: number): string;
    parse(text: string, limits: Ends): Typed;
    valid(value: number): boolean;
    complaint?: string;
    limitText(value: number): string;
    speak(value: number): string;
  }

  interface Dial {
    name: Name;
    kind: Kind;
    element: HTMLElement;
    head: HTMLElement;
    field: HTMLInputElement;
    unit: HTMLElement;
    range: HTMLInputElement;
    bar: HTMLElement;
    tick: HTMLElement;
    thumb: HTMLElement;
    kept: HTMLElement;
    words: HTMLElement;
    message: HTMLElement;
    ask: HTMLButtonElement;
    help: HTMLElement;
    messageTimer: number;
    shown?: string;
    extra?: string;
    fitKey?: string;
  }

  interface Switch {
    place: HTMLElement;
    button: HTMLButtonElement;
    ask: HTMLButtonElement;
    help: HTMLElement;
  }

  interface Instance extends Mounted {
    header: Header;
    values: Values;
    dials: Record<Name, Dial>;
    toggle: Switch;
    sequence: number;
    lastSent: number;
    isUnsent: boolean;
    isLive: boolean;
    gripped: Name | null;
  }

  /** From, to (0 to 1) and the class of a stretch of a track. */
  type Stretch = [number, number, "collapse" | "sharpened" | "heat" | "flattened" | "faithful"];
  /** Text, CSS class, and a position from 0 to 1 or "end". */
  type Caption = [string, string, number | "end"];
}
