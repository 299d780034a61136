import { utc } from '../model/day.ts';
import type { Env } from '../providers/account.ts';
import { UsageError } from './usage-error.ts';

/**
 * The zone that days are counted in: `ROLLCALL_TIME_ZONE`, else UTC. @throws UsageError where it is not an IANA
 * zone.
 */
export function timeZoneOf(env: Env): string {
  const zone = env['ROLLCALL_TIME_ZONE'] || utc;
  if (zone === utc) return zone;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone }).format();
    return zone;
  } catch {
    throw new UsageError(
      `ROLLCALL_TIME_ZONE is not a time zone: ${zone}`,
      'Give an IANA name, like Asia/Shanghai.',
    );
  }
}
