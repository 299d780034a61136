import { given } from '../../model/given.ts';
import { systemClock } from '../../http/clock.ts';
import type { Tenant } from '../../manifest/tenants.ts';
import type { FleetMode, FleetReport, TenantOutcome } from '../../model/fleet.ts';
import { type Begun, claimsOfOne, type Claims, type FleetFacts } from '../../store/claims.ts';
import type { Store } from '../../store/postgres/store.ts';
import { newRunId } from '../apply.ts';
import { someOf } from '../manifests.ts';
import { originOf } from '../origin.ts';
import { openStore, told } from '../store.ts';
import { UsageError } from '../usage-error.ts';
import { type FleetEnd, workThrough } from './fleet.ts';
import { problemsIn } from './outcome.ts';
import { fleetReport } from './report.ts';
import { type TenantSettings, workOn } from './tenant.ts';

/** What a fleet run is told. */
export interface FleetSettings extends Omit<TenantSettings, 'store' | 'limiters' | 'origin'> {
  readonly mode: FleetMode;
  readonly tenants: readonly Tenant[];
  /** What the run is called; null: nothing names it, which will do without a store. */
  readonly key: string | null;
  readonly selector: readonly string[];
  readonly maxRemovals: number;
  /** Whether only tenants are told of that differ in another way than in the run before. */
  readonly changed: boolean;
  /** Whether exit 2 stands for pending changes. */
  readonly detailed: boolean;
  readonly hasRoom: (underWay: number) => boolean;
  readonly onDone?: (tenant: Tenant, outcome: TenantOutcome) => void;
  /** Told where the run was over when this replica came: it reports what was found then, and did nothing. */
  readonly onOver?: () => void;
}

/**
 * Works through a fleet: alone, or with a store as one of any number of replicas of the same line.
 *
 * @throws UsageError for a run that cannot be begun: nothing was called then
 */
export async function runFleet(settings: FleetSettings): Promise<FleetReport> {
  const { env, signal, key, changed } = settings;
  const store = await openStore(env, signal);
  try {
    if (store !== null && key === null) {
      throw new UsageError(
        'a fleet run in a shared store needs a name, by which its replicas find each other',
        "Pass --run KEY, the same for all of them: the pipeline's id.",
      );
    }
    if (store === null && changed) {
      throw new UsageError(
        '--changed compares with the run before, which only a shared store knows',
        'Name the store with ROLLCALL_STORE, or leave --changed out.',
      );
    }
    const claims = await begun(settings, store, key ?? '');
    return await withClaims(claims, settings, store);
  } finally {
    await store?.close();
  }
}

async function withClaims(
  claims: Claims,
  settings: FleetSettings,
  store: Store | null,
): Promise<FleetReport> {
  const { mode, key, maxRemovals, detailed, changed, env, tenants, signal, hasRoom, onDone } = settings;
  let exitCode: number | null = null;
  try {
    const previous = changed ? await told(() => claims.previous()) : null;
    const own = { ...settings, store, limiters: new Map(), origin: originOf(env) };
    const end: FleetEnd = await workThrough({
      tenants,
      claims,
      signal,
      hasRoom,
      work: (tenant, claim) => workOn(tenant, own, claims, claim),
      ...given({ onDone }),
    });
    if (end.late) settings.onOver?.();
    const failures = end.failure === null ? [] : problemsIn(end.failure);
    const report = fleetReport(end, { mode, run: key, maxRemovals, detailed, previous });
    exitCode = report.exitCode;
    return failures.length === 0 ? report : { ...report, problems: failures };
  } finally {
    await claims.end(exitCode);
  }
}

/** The claims of this replica. @throws UsageError where the run was started with other settings */
async function begun(settings: FleetSettings, store: Store | null, key: string): Promise<Claims> {
  const facts = factsOf(settings, key);
  if (store === null) return claimsOfOne(facts);
  const { beginClaims } = await import('../../store/postgres/claims.ts');
  const answer = await told(() =>
    beginClaims(store, facts, {
      origin: originOf(settings.env),
      clock: systemClock,
      newId: () => newRunId(systemClock.date()),
    }),
  );
  if (answer.is === 'begun') return answer.claims;
  throw differing(key, facts, answer.held);
}

function factsOf({ mode, tenants, selector, maxRemovals, env }: FleetSettings, key: string): FleetFacts {
  const { commit } = originOf(env);
  return {
    key,
    mode,
    tenants: tenants.map(({ name }) => name),
    maxRemovals,
    settings: {
      '--max-removals': String(maxRemovals),
      ...(selector.length === 0 ? {} : { '--selector': [...selector].sort().join(' ') }),
      ...given({ commit }),
    },
  };
}

function differing(
  key: string,
  facts: FleetFacts,
  held: (Begun & { readonly is: 'differs' })['held'],
): UsageError {
  const names = new Set([...Object.keys(facts.settings), ...Object.keys(held.settings)]);
  const settings = [...names]
    .filter((name) => facts.settings[name] !== held.settings[name])
    .map(
      (name) =>
        `${name}: it has ${held.settings[name] ?? 'none'}, this one ${facts.settings[name] ?? 'none'}`,
    );
  const missing = held.tenants.filter((name) => !facts.tenants.includes(name));
  const strange = facts.tenants.filter((name) => !held.tenants.includes(name));
  const details = [
    ...settings,
    ...(missing.length === 0 ? [] : [`tenants missing from this one: ${someOf(missing)}`]),
    ...(strange.length === 0 ? [] : [`tenants missing from that one: ${someOf(strange)}`]),
  ];
  return new UsageError(
    `the fleet run ${key} was started with other settings`,
    'Start all replicas with the same command on the same commit, and use a new --run for another run.',
    undefined,
    details,
  );
}
