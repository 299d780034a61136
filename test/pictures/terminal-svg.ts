import { columns } from '../support/terminals.ts';

/** A piece of a line that looks the same throughout. */
interface Run {
  readonly text: string;
  /** The column that it begins in. */
  readonly column: number;
  /** Names of styles of the picture. */
  readonly styles: readonly string[];
}

/** What the codes of ECMA-48 (SGR) switch on, and the codes that switch it off. */
const styles: ReadonlyMap<number, { readonly name: string; readonly off: number }> = new Map([
  [1, { name: 'bold', off: 22 }],
  [2, { name: 'dim', off: 22 }],
  [31, { name: 'red', off: 39 }],
  [32, { name: 'green', off: 39 }],
  [33, { name: 'yellow', off: 39 }],
]);

const cell = 8.4;
const row = 20;
const edge = 16;

// On a ground of its own the text can be read on any page; the colours are those of GitHub's own themes.
const sheet = `
    text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace; white-space: pre; fill: #1f2328 }
    rect { fill: #f6f8fa; stroke: #d1d9e0 }
    .bold { font-weight: 600 } .dim { fill: #59636e } .red { fill: #b3202c } .green { fill: #116329 } .yellow { fill: #7d4e00 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      rect { fill: #0d1117; stroke: #3d444d }
      .dim { fill: #9198a1 } .red { fill: #ff7b72 } .green { fill: #7ee787 } .yellow { fill: #e3b341 }
    }`;

/**
 * A picture, as SVG, of what a terminal of this width shows after `output`, which holds text, line breaks and colours
 * alone. Each run of text is fitted to its columns, so that lines stand below each other in any font. Throws a RangeError
 * at what it cannot draw.
 */
export function terminalSvg(output: string, { width, title }: { width: number; title: string }): string {
  const lines = output.replaceAll('\r\n', '\n').trimEnd().split('\n');
  const active: number[] = [];
  const drawn = lines.flatMap((line, index) =>
    runsOf(line, active).map((run) => textOf(run, edge + row * (index + 0.7))),
  );
  const size = [edge * 2 + cell * width, edge * 2 + row * lines.length].map(Math.ceil);
  const [wide = 0, high = 0] = size;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" role="img">
  <title>${escaped(title)}</title>
  <style>${sheet}
  </style>
  <rect x="0.5" y="0.5" width="${wide - 1}" height="${high - 1}" rx="8"/>
${drawn.map((text) => `  ${text}\n`).join('')}</svg>
`;
}

/** The runs of a line; `active` has the codes that are on, before it and after. */
function runsOf(line: string, active: number[]): Run[] {
  const runs: Run[] = [];
  let column = 0;
  // oxlint-disable-next-line no-control-regex -- control characters are what a terminal obeys
  for (const [part, code] of line.matchAll(/\u001b\[(\d+)m|[^\u001b]+|\u001b/g)) {
    if (code !== undefined) turn(Number(code), active);
    else {
      // oxlint-disable-next-line no-control-regex -- as above
      if (/[\u0000-\u001f]/.test(part)) throw new RangeError(`no picture of ${JSON.stringify(part)}`);
      const names = active.map((on) => styles.get(on)?.name ?? '');
      // A font for Chinese need not be twice as wide as the one for Latin: each has runs of its own.
      for (const [text] of part.matchAll(/[\u2e80-\uffff]+|[^\u2e80-\uffff]+/g)) {
        if (text.trim() !== '') runs.push({ text, column, styles: names });
        column += columns(text);
      }
    }
  }
  return runs;
}

function turn(code: number, active: number[]): void {
  if (styles.has(code)) {
    active.push(code);
    return;
  }
  const ended = active.filter((on) => styles.get(on)?.off === code);
  if (ended.length === 0) throw new RangeError(`no picture of the code ${code}`);
  active.splice(0, active.length, ...active.filter((on) => !ended.includes(on)));
}

function textOf({ text, column, styles }: Run, y: number): string {
  const shown = text.trim();
  const x = edge + cell * (column + columns(text.slice(0, text.indexOf(shown))));
  const named = styles.length === 0 ? '' : ` class="${styles.join(' ')}"`;
  const place = `x="${x.toFixed(1)}" y="${y}" textLength="${(cell * columns(shown)).toFixed(1)}"`;
  return `<text ${place}${named}>${escaped(shown)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
