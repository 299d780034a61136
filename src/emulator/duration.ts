const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** What {@link parseDuration} reads, for schemas: `500ms`, `2s`, `10m`, `2h`. */
export const durationPattern = '^[0-9]+(ms|s|m|h)$';

/** Milliseconds of a duration such as `500ms`, `2s`, `10m`, `2h`; a number is milliseconds already. */
export function parseDuration(text: string | number): number {
  if (typeof text === 'number') return text;
  const [, digits = '0', unit = 'ms'] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
  return Number(digits) * (unitMs[unit] ?? 1);
}
