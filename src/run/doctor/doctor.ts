import { proxySettings } from '../../http/proxy.ts';
import type { RequestEvent } from '../../http/transport.ts';
import { isLoopback } from '../../http/url.ts';
import { shownDuration } from '../../model/duration.ts';
import type { DesiredEvent } from '../../model/event.ts';
import type { Finding, Health } from '../../model/finding.ts';
import { counted } from '../../model/say.ts';
import { credentialNames, type ProviderId, platforms, providerIds } from '../../platforms/index.ts';
import { type AccountProblem, accountOf, type Env } from '../../providers/account.ts';
import { isPlaceholder } from '../init/manifests.ts';
import { type FoundManifests, someOf } from '../manifests.ts';
import type { Sessions } from '../sessions.ts';
import { examine, type Shown } from './examine.ts';
import { needsOf, permissionFindings } from './permissions.ts';

export interface DoctorTools {
  readonly env: Env;
  readonly signal: AbortSignal;
  /** Events at work at most. */
  readonly concurrency: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly shown: Shown;
  readonly onRead: (done: number, total: number) => void;
  /** Opens a session of one platform, told of each answer. */
  readonly open: (provider: ProviderId, onRequest: (event: RequestEvent) => void) => Promise<Sessions>;
}

/** The platforms that manifests are of; without manifests, those that the environment has credentials of. */
export function providersOf(events: readonly DesiredEvent[], env: Env): ProviderId[] {
  const used = new Set(events.map(({ ref }) => ref.provider));
  const given = providerIds.filter((id) => {
    const names = platforms[id].env;
    return [...credentialNames(names), names.token].some((name) => (env[name] ?? '') !== '');
  });
  return used.size === 0 ? given : providerIds.filter((id) => used.has(id));
}

/** Looks at all that work on these platforms rests on, one platform after the other. Writes nothing. */
export async function health(
  providers: readonly ProviderId[],
  manifests: FoundManifests,
  tools: DoctorTools,
): Promise<Health> {
  const begun = manifests.desired.events.filter(({ ref }) => !isPlaceholder(ref));
  const findings: Finding[] = [...manifestFindings(manifests, begun)];
  const calls: { provider: ProviderId; made: number; metered: number }[] = [];
  for (const provider of providers) {
    const events = begun.filter(({ ref }) => ref.provider === provider);
    const account = accountOf(provider, tools.env);
    if ('problem' in account) {
      findings.push(...withoutAccount(provider, events, account));
      continue;
    }
    const clock = new ClockCheck(tools.now);
    const sessions = await tools.open(provider, (event) => {
      clock.answered(event);
    });
    try {
      const { host } = new URL(account.baseUrl);
      const found = await examine(
        provider,
        { host, appId: account.appId, proxy: proxyFor(host, tools.env) },
        events,
        {
          ...tools,
          begin: (id, signal, subject) => sessions.begin(id, signal, subject),
          finder: sessions.finderOf(provider),
          readerOf: (turn) => sessions.readerOf(provider, turn),
        },
      );
      const door = found.filter(({ subject }) => subject === 'host' || subject === 'credentials');
      findings.push(...door, clock.finding(provider, host), ...found.filter((one) => !door.includes(one)));
      calls.push({ provider, made: sessions.requests(), metered: sessions.metered(provider) });
    } finally {
      await sessions.close();
    }
  }
  const ok = findings.every(({ status, needed }) => !needed || (status !== 'missing' && status !== 'wrong'));
  return { findings, ok, calls };
}

/** The proxy on the way to a host. Its settings were checked when the session was opened. */
function proxyFor(host: string, env: Env): string | null {
  return isLoopback(new URL(`https://${host}`).hostname) ? null : (proxySettings(env)?.proxy.host ?? null);
}

function manifestFindings(
  { desired, diagnostics, failed }: FoundManifests,
  begun: readonly DesiredEvent[],
): Finding[] {
  const base = { provider: null, subject: 'manifests', name: 'manifests', permission: null } as const;
  if (failed) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    const message = `have ${counted(errors, 'error')}; those without one are checked`;
    return [{ ...base, needed: true, status: 'wrong', message, hint: 'See: rollcall validate' }];
  }
  const names = desired.events.filter(({ ref }) => isPlaceholder(ref)).map(({ name }) => name);
  const found: Finding[] = [];
  if (begun.length > 0) {
    const message = `of ${counted(begun.length, 'event')} are valid`;
    found.push({ ...base, needed: true, status: 'ok', message, hint: null });
  }
  if (names.length > 0) {
    const message = `still have placeholders for ids: ${someOf(names)}`;
    const hint = 'Write the ids that rollcall find shows, or delete it and let rollcall import write one.';
    found.push({ ...base, needed: false, status: 'unknown', message, hint });
  }
  return found;
}

/** Without credentials nothing can be asked: what an app needs is told all the same. */
function withoutAccount(
  provider: ProviderId,
  events: readonly DesiredEvent[],
  { problem, variables, message, hint }: AccountProblem,
): Finding[] {
  const uses = needsOf(provider, events).uses.map((use) => ({ use, needed: true }));
  return [
    {
      provider,
      subject: 'credentials',
      name: variables.join(', '),
      status: problem === 'missing-credentials' ? 'missing' : 'wrong',
      needed: true,
      message,
      hint,
      permission: null,
    },
    ...permissionFindings(provider, uses, null, new Map()),
  ];
}

/** So far apart no day and no age is misjudged. */
const closeMs = 60_000;
/** What the `Date` of an answer leaves out: it counts in seconds. */
const roundedMs = 500;

/** Compares this machine's clock with a server's, by the dates of its answers. */
class ClockCheck {
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
