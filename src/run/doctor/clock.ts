import type { RequestEvent } from '../../http/transport.ts';
import { shownDuration } from '../../model/duration.ts';
import type { Finding } from '../../model/finding.ts';
import type { ProviderId } from '../../platforms/index.ts';

/** So far apart no day and no age is misjudged. */
const closeMs = 60_000;
/** What the `Date` of an answer leaves out: it counts in seconds. */
const roundedMs = 500;

/** Compares this machine's clock with a server's, by the dates of its answers. */
export class ClockCheck {
  readonly #now: () => number;
  #offMs: number | null = null;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes the answer that says least against this machine's clock. */
  answered({ serverDate, durationMs }: Pick<RequestEvent, 'serverDate' | 'durationMs'>): void {
    const theirs = serverDate === undefined ? Number.NaN : Date.parse(serverDate);
    if (Number.isNaN(theirs)) return;
    const off = this.#now() - durationMs / 2 - (theirs + roundedMs);
    if (this.#offMs === null || Math.abs(off) < Math.abs(this.#offMs)) this.#offMs = off;
  }

  finding(provider: ProviderId, host: string): Finding {
    const base = { provider, subject: 'clock', name: host, needed: true, permission: null } as const;
    if (this.#offMs === null) {
      const message = `cannot be compared: ${host} does not say what time it is`;
      return { ...base, needed: false, status: 'unknown', message, hint: null };
    }
    if (Math.abs(this.#offMs) <= closeMs) {
      return { ...base, status: 'ok', message: `agrees with that of ${host}`, hint: null };
    }
    const by = shownDuration(Math.abs(this.#offMs));
    return {
      ...base,
      status: 'wrong',
      message: `is ${by} ${this.#offMs > 0 ? 'ahead of' : 'behind'} that of ${host}`,
      hint: 'Set the clock of this machine: it decides when each `until` ends and how old saved plans are.',
    };
  }
}
