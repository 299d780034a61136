/**
 * Where text goes: how it is coloured and how many columns it takes. Without colour every function but `width`
 * answers its argument.
 */
export interface Terminal {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  /** Columns that the text takes, 2 for a Chinese character. Never asked about coloured text. */
  readonly width: (text: string) => number;
}

/** A terminal without colours. */
export function plainTerminal(width: (text: string) => number): Terminal {
  const same = (text: string): string => text;
  return { bold: same, dim: same, red: same, green: same, yellow: same, width };
}
