import { durationMs } from '../model/duration.ts';
import { emulated, type PlatformChoices, type PlatformDurations } from './platforms.ts';
import { type Choice, type Duration, firstDurations, lastDurations, topics } from './switches.ts';

/** How durations are written: `500ms`, `2s`, `10m`, `2h`. */
const durationPattern = '^[0-9]+(ms|s|m|h)$';

/** Of a duration: milliseconds, or how it is written. */
export const durationSchema: object = { type: ['string', 'integer'], pattern: durationPattern, minimum: 0 };

/** Milliseconds of a duration; a number is milliseconds already. */
export function msOf(given: string | number): number {
  return typeof given === 'number' ? given : (durationMs(given) ?? 0);
}

type ByTopic = PlatformChoices[keyof PlatformChoices];
type NamesIn<Group> = Group extends unknown ? keyof Group : never;
type ValuesIn<Group, Name> =
  Group extends Readonly<Record<Name & string, readonly [readonly (infer Value)[], string]>> ? Value : never;

type ChoiceName = NamesIn<ByTopic>;
type DurationName = keyof (typeof firstDurations & PlatformDurations & typeof lastDurations);

/** How this server answers where the API pages do not say; durations in milliseconds. */
export type Behaviour = { readonly [Name in ChoiceName]: ValuesIn<ByTopic, Name> } & {
  readonly [Name in DurationName]: number;
};

/** All switches, in the order in which they are listed. */
// The types are those of what is put together here.
export const choices = Object.fromEntries(
  topics.flatMap((topic) =>
    emulated.flatMap(({ switches }) => Object.entries(switches?.choices[topic] ?? {})),
  ),
) as Readonly<Record<ChoiceName, Choice>>;

const durations: Readonly<Record<string, Duration>> = {
  ...firstDurations,
  ...Object.fromEntries(emulated.flatMap(({ switches }) => Object.entries(switches?.durations ?? {}))),
  ...lastDurations,
};

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
        { description: sentence(filled(help)), enum: values, default: values[0] },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(durations).map(([name, [text, help]]) => [
        name,
        { description: sentence(filled(help)), ...durationSchema, default: text },
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
  return [head, ...lines.flatMap(([usage, help]) => helpEntry(usage, filled(help)))].join('\n');
}

/** A text about all platforms with what each has to say in it: that stands there for `{key}`. */
export function filled(text: string): string {
  return text.replaceAll(/\{([a-z]\w*)\}/gi, (_, key: string) =>
    emulated.map(({ says }) => says?.[key] ?? '').join(''),
  );
}

/** A schema with such texts. */
export function filledIn(schema: object): object {
  const copy: object = JSON.parse(JSON.stringify(schema), (_, value: unknown) =>
    typeof value === 'string' ? filled(value) : value,
  );
  return copy;
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
