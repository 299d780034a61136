import { everyChange, plainTerminal, type Terminal } from '../../src/report/text/terminal.ts';

/** Columns as a terminal counts them, for the characters that the fixtures use. */
export function columns(text: string): number {
  return Array.from(text).reduce(
    (sum, character) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uff00-\uff60]/u.test(character) ? 2 : 1),
    0,
  );
}

export const plain: Terminal = plainTerminal(columns);

/** Colours that can be read in an assertion. */
export const tagged: Terminal = {
  bold: (text) => `<b>${text}</b>`,
  dim: (text) => `<dim>${text}</dim>`,
  red: (text) => `<red>${text}</red>`,
  green: (text) => `<green>${text}</green>`,
  yellow: (text) => `<yellow>${text}</yellow>`,
  width: columns,
  most: everyChange,
};
