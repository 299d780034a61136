import { durationMs } from '../model/duration.ts';
import { choices, durations } from './switches.ts';

/** How durations are written: `500ms`, `2s`, `10m`, `2h`. */
const durationPattern = '^[0-9]+(ms|s|m|h)$';

/** Of a duration: milliseconds, or how it is written. */
export const durationSchema: object = { type: ['string', 'integer'], pattern: durationPattern, minimum: 0 };

/** Milliseconds of a duration; a number is milliseconds already. */
export function msOf(given: string | number): number {
  return typeof given === 'number' ? given : (durationMs(given) ?? 0);
}

type Choices = { readonly [Name in keyof typeof choices]: (typeof choices)[Name][0][number] };
type Durations = { readonly [Name in keyof typeof durations]: number };

/** How this server answers where the API pages do not say; durations in milliseconds. */
export type Behaviour = Choices & Durations;

/** What the tenant file holds under `behaviour:` once it passed {@link behaviourSchema}. */
export type BehaviourInput = { readonly [name: string]: string | number };

/** The JSON Schema of `behaviour:`. */
export const behaviourSchema: object = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...Object.fromEntries(
      Object.entries(choices).map(([name, [values, help]]) => [
        name,
        { description: sentence(help), enum: values, default: values[0] },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(durations).map(([name, [text, help]]) => [
        name,
        { description: sentence(help), ...durationSchema, default: text },
      ]),
    ),
  },
};

/** The defaults with what the tenant file sets in their place. */
export function behaviourOf(given: BehaviourInput = {}): Behaviour {
  const chosen = Object.entries(choices).map(([name, [values]]) => [name, given[name] ?? values[0]]);
  const timed = Object.entries(durations).map(([name, [text]]) => [name, msOf(given[name] ?? text)]);
  // The schema has checked every given value against the same two tables.
  return Object.fromEntries([...chosen, ...timed]) as Behaviour;
}

/** The switches for `rollcall emulator --help`: name, values with the default first, and what each decides. */
export function behaviourHelp(): string {
  const lines = [
    ...Object.entries(choices).map(
      ([name, [values, help]]) => [`${name}: ${values.join(' | ')}`, help] as const,
    ),
    ...Object.entries(durations).map(([name, [text, help]]) => [`${name}: ${text}`, help] as const),
  ];
  const head = 'Switches under `behaviour:` in the tenant file (the first value is the default):';
  return [head, ...lines.flatMap(([usage, help]) => helpEntry(usage, help))].join('\n');
}

/** What help says of something, by itself. */
export function sentence(help: string): string {
  return `${help.charAt(0).toUpperCase()}${help.slice(1)}.`;
}

/** An entry of a help page: how something is written, and below it what it does, in lines of at most 100 columns. */
export function helpEntry(usage: string, help: string): readonly string[] {
  return [`  ${usage}`, ...wrapped(help)];
}

/** A text in lines of at most 100 columns. */
export function wrapped(
  text: string,
  indent: string = '      ',
  further: string = indent,
): readonly string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length > 94) {
      lines.push(line.trimEnd());
      line = further;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
