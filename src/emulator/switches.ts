/** Help and schema list the switches by these, and within one by platform. */
export const topics = ['attendees', 'people', 'roomsAndSeries', 'others'] as const;

/** A switch: its values, the default first, and what it decides. */
export type Choice = readonly [values: readonly [string, ...string[]], help: string];

/** How long something takes: the default, and what takes that long. */
export type Duration = readonly [text: string, help: string];

export type Choices = Readonly<Partial<Record<(typeof topics)[number], Readonly<Record<string, Choice>>>>>;
export type Durations = Readonly<Record<string, Duration>>;

/** What a text about all platforms says of one: it stands there for `{key}`. */
export type Says = Readonly<Record<string, string>>;

/** What a platform's pages leave open. */
export interface Switches {
  readonly choices: Choices;
  readonly durations?: Durations;
}

/** Of no single platform; those of platforms stand between. */
export const firstDurations = {
  readLag: ['0ms', 'how long reads lag behind writes'],
} as const;
export const lastDurations = {
  tokenLifetime: ['2h', 'how long an access token lives'],
  pageTokenLifetime: ['1h', 'how long a page token lives{pageTokenLifetime}'],
} as const;
