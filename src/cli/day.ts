import type { Env } from '../providers/account.ts';
import { UsageError } from './usage-error.ts';

const utc = 'UTC';

/** The zone that days are counted in: `ROLLCALL_TIME_ZONE`, else UTC. @throws UsageError where it is no IANA zone. */
export function timeZoneOf(env: Env): string {
  const zone = env['ROLLCALL_TIME_ZONE'] || utc;
  if (zone === utc) return zone;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone }).format();
    return zone;
  } catch {
    throw new UsageError(
      `ROLLCALL_TIME_ZONE is no time zone: ${zone}`,
      'Give an IANA name, like Asia/Shanghai.',
    );
  }
}

/** The day of an instant in a zone, `YYYY-MM-DD`. */
export function dayIn(timeZone: string, now: number): string {
  // Time zone data takes long to load.
  if (timeZone === utc) return new Date(now).toISOString().slice(0, 10);
  // The Swedish locale writes YYYY-MM-DD.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);
}
