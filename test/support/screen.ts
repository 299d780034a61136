import { columns } from './terminals.ts';

// oxlint-disable-next-line no-control-regex -- control characters are what a terminal obeys
const sequence = /\u001b\[([?\d;]*)([A-Za-z])|\u001b[78=>]|([\r\n\b\u0007])|([^\u001b\r\n\b\u0007])|\u001b/gu;

/**
 * What a terminal shows once it was sent `output`: its lines from the first on, also those that have scrolled off, with
 * nothing of blanks at their ends. It knows what command lines use: line breaks and long lines, cursor movements,
 * erasing. Colours are dropped.
 */
export function screenOf(output: string, width: number): readonly string[] {
  const screen = new Screen(width);
  for (const [, numbers, command, control, character] of output.matchAll(sequence)) {
    if (command !== undefined) screen.obey(command, Number(numbers?.split(';')[0]) || 0);
    else if (control !== undefined) screen.control(control);
    else if (character !== undefined) screen.put(character);
  }
  return screen.lines();
}

class Screen {
  readonly #width: number;
  /** A cell behind a wide character holds nothing. */
  readonly #rows: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(width: number) {
    this.#width = width;
  }

  put(character: string): void {
    const wide = columns(character);
    // As terminals do, a full line breaks only once there is more to show.
    if (this.#column + wide > this.#width) this.#to(this.#row + 1, 0);
    const cells = this.#cells();
    while (cells.length < this.#column) cells.push(' ');
    cells.splice(this.#column, wide, character, ...Array<string>(wide - 1).fill(''));
    this.#column += wide;
  }

  control(control: string): void {
    if (control === '\r') this.#column = 0;
    if (control === '\n') this.#to(this.#row + 1, this.#column);
    if (control === '\b') this.#column = Math.max(0, this.#column - 1);
  }

  obey(command: string, number: number): void {
    const steps = Math.max(1, number);
    if (command === 'A') this.#to(this.#row - steps, this.#column);
    if (command === 'B') this.#to(this.#row + steps, this.#column);
    if (command === 'C') this.#column = Math.min(this.#width - 1, this.#column + steps);
    if (command === 'D') this.#column = Math.max(0, this.#column - steps);
    if (command === 'G') this.#column = steps - 1;
    if (command === 'J') {
      this.#erase(number);
      this.#rows.splice(this.#row + 1);
    }
    if (command === 'K') this.#erase(number);
  }

  lines(): readonly string[] {
    const lines = this.#rows.map((cells) => cells.join('').trimEnd());
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  #cells(): string[] {
    while (this.#rows.length <= this.#row) this.#rows.push([]);
    const cells = this.#rows[this.#row];
    if (cells === undefined) throw new RangeError(`there is no row ${this.#row}`);
    return cells;
  }

  #to(row: number, column: number): void {
    this.#row = Math.max(0, row);
    this.#column = column;
    this.#cells();
  }

  /** 0: from the cursor on, 1: up to the cursor, 2: the whole line. */
  #erase(part: number): void {
    const cells = this.#cells();
    if (part === 0) cells.splice(this.#column);
    else cells.fill(' ', 0, part === 1 ? this.#column + 1 : cells.length);
  }
}
