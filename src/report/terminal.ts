/** How text is coloured. Without colour every function answers its argument. */
export interface Ink {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** Where text goes: how it is coloured and how many columns it takes. */
export interface Terminal extends Ink {
  /** Columns that the text takes, 2 for a Chinese character. Never asked about coloured text. */
  readonly width: (text: string) => number;
}

const same = (text: string): string => text;

/** No colours. */
export const plainInk: Ink = { bold: same, dim: same, red: same, green: same, yellow: same };

/** A terminal without colours. */
export function plainTerminal(width: (text: string) => number): Terminal {
  return { ...plainInk, width };
}
