import { join } from 'node:path';
import { ResultFold } from '../../applier/result-of.ts';
import type { Limiter } from '../../http/limiter.ts';
import type { Waiting } from '../../http/traffic.ts';
import type { RequestEvent } from '../../http/transport.ts';
import { errorAt } from '../../manifest/diagnostics.ts';
import { type Tenant, tenantLockFolder } from '../../manifest/tenants.ts';
import type { FleetMode, TenantOutcome } from '../../model/fleet.ts';
import { given } from '../../model/given.ts';
import type { Plan } from '../../model/plan.ts';
import type { Origin } from '../../model/result.ts';
import { plain, say } from '../../model/say.ts';
import { accountOf, type Env } from '../../providers/account.ts';
import type { Claim, Claims } from '../../store/claims.ts';
import type { Store } from '../../store/postgres/store.ts';
import { applyRun, isPending } from '../apply.ts';
import { waitAfterCrash } from '../lag.ts';
import { checkedManifests, findManifests, type FoundManifests } from '../manifests.ts';
import { defaultMaxRemovals, type Planned, planManifests } from '../plan.ts';
import { openSessions, type Sessions } from '../sessions.ts';
import { exitCodes, UsageError } from '../usage-error.ts';
import { accountAgain, tenantFolder, tenantVariables } from './credentials.ts';
import { outcomeBeyond, outcomeOfPlan, outcomeOfResult, problemsIn } from './outcome.ts';

/** What the work on each tenant is told. */
export interface TenantSettings {
  readonly mode: FleetMode;
  /** The process's own variables. */
  readonly env: Env;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly store: Store | null;
  /** The windows of all tenants: of those that have one app they are the same. */
  readonly limiters: Map<string, Limiter>;
  readonly origin: Origin;
  /** The folder that has a folder of journals for each tenant. */
  readonly journalDir: string;
  readonly verify: boolean;
  readonly verifyTimeoutMs: number;
  readonly waitMs: number;
  /** Told each plan, before anything is written. */
  readonly onPlan?: (tenant: Tenant, plan: Plan) => void;
  /** Told of a file among a tenant's credentials that is none. */
  readonly onUnknown?: (sentence: string) => void;
  readonly onRequest?: (event: RequestEvent) => void;
  /** Told how many calls of a tenant are in flight, each time that changes. */
  readonly onInFlight?: (tenant: string, count: number) => void;
  readonly onWaiting?: (waiting: Waiting) => void;
}

/**
 * Plans one tenant, or plans and applies it, as `rollcall plan` and `apply` do for one account. Rejects with what ends the work
 * on this tenant, and with the signal's reason.
 */
export async function workOn(
  tenant: Tenant,
  settings: TenantSettings,
  claims: Claims,
  claim: Claim,
): Promise<TenantOutcome> {
  const { mode, signal } = settings;
  const { env, unknown } = tenantVariables(tenant, settings.env);
  for (const sentence of unknown) settings.onUnknown?.(sentence);
  const manifests = manifestsOf(tenant, env);
  const journalDir = join(settings.journalDir, tenant.name);
  if (mode === 'apply') await waitAfterCrash(env, journalDir, signal);
  const planned = await planManifests(manifests, {
    env,
    signal,
    selection: { target: [], exclude: [], selector: [] },
    allowRemovals: new Map(),
    maxRemovals: defaultMaxRemovals,
    concurrency: Number.POSITIVE_INFINITY,
    rereads: mode === 'plan',
    journalDir,
    open: (providers) => sessionsOf(tenant, env, providers, settings),
  });
  try {
    const { plan } = planned;
    settings.onPlan?.(tenant, plan);
    if (mode === 'plan') return outcomeOfPlan(plan);
    const reserved = await claims.reserve(claim, plan.summary.remove);
    if (!reserved.fits) return outcomeBeyond(plan, reserved);
    return await applied(planned, settings, {
      tenant: tenant.name,
      journalDir,
      mayStart: () => claims.mayStart(claim),
    });
  } finally {
    await planned.sessions.close();
  }
}

/** The tenant's manifests, all of them on its platform. @throws ManifestError */
function manifestsOf({ name, manifests, provider }: Tenant, env: Env): FoundManifests {
  const found = findManifests([manifests], { env, lockIn: tenantLockFolder(manifests), unlocked: 'error' });
  const others = found.desired.events
    .filter(({ ref }) => ref.provider !== provider)
    .map(({ ref, source }) =>
      errorAt(
        source,
        'other-provider',
        plain(`the tenant ${JSON.stringify(name)} is on ${provider}, but this event is on ${ref.provider}`),
        say`make a Tenant of its own for that platform`,
      ),
    );
  return checkedManifests({ ...found, diagnostics: [...found.diagnostics, ...others] });
}

function sessionsOf(
  tenant: Tenant,
  env: Env,
  providers: Iterable<Tenant['provider']>,
  settings: TenantSettings,
): Promise<Sessions> {
  for (const provider of providers) {
    const account = accountOf(provider, env);
    if (!('problem' in account)) continue;
    const folder = tenantFolder(tenant, settings.env);
    throw new UsageError(account.message, `${account.hint} A tenant's variables are the files in ${folder}.`);
  }
  const { timeoutMs, store, limiters, signal, onRequest, onInFlight, onWaiting } = settings;
  return openSessions(providers, {
    env,
    timeoutMs,
    store,
    limiters,
    signal,
    again: (account) => accountAgain(tenant, settings.env, account),
    onInFlight: (count) => onInFlight?.(tenant.name, count),
    ...given({ onRequest, onWaiting }),
  });
}

/** Applies what was planned just now, with its journal ahead of every write. */
async function applied(
  planned: Planned,
  settings: TenantSettings,
  own: { readonly tenant: string; readonly journalDir: string; readonly mayStart: () => boolean },
): Promise<TenantOutcome> {
  const { signal, store, origin, verify, verifyTimeoutMs, waitMs } = settings;
  const { plan, sessions, calls: _, ...rest } = planned;
  const { journal, events } = applyRun(
    { ...rest, plan, sessions, follows: planned.wants },
    {
      signal,
      concurrency: Number.POSITIVE_INFINITY,
      verify,
      verifyTimeoutMs,
      journal: own.journalDir,
      origin,
      waitMs,
      tenant: own.tenant,
      mayStart: own.mayStart,
    },
  );
  const fold = new ResultFold();
  const outcome = (others: ReturnType<typeof problemsIn>, failed?: { readonly requests: number }) => {
    const result = fold.result(journal, failed);
    const kept = isPending(plan) && (journal !== null || store !== null);
    const guards = outcomeOfPlan(plan).problems.filter(({ event }) => event === undefined);
    return outcomeOfResult(result, { run: kept ? result.runId : null, others: [...others, ...guards] });
  };
  try {
    for await (const event of events) fold.add(event);
  } catch (error) {
    // What was written until then counts, whatever ended it.
    if (!fold.wrote) throw error;
    return {
      ...outcome(problemsIn(error), { requests: sessions.requests() }),
      exitCode: exitCodes.incomplete,
    };
  }
  return outcome([]);
}
