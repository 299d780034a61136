import { describe, expect, it } from 'vitest';
import type { Tenant } from '../../../src/manifest/tenants.ts';
import type { TenantOutcome } from '../../../src/model/fleet.ts';
import { type FleetEnd, type FleetWork, workThrough } from '../../../src/run/fleet/fleet.ts';
import { runKey } from '../../../src/run/origin.ts';
import { fleetReport } from '../../../src/run/fleet/report.ts';
import { UsageError } from '../../../src/run/usage-error.ts';
import { type Claims, claimsOfOne } from '../../../src/store/claims.ts';
import { StoreError } from '../../../src/store/postgres/store.ts';

function outcome(exitCode: number, more: Partial<TenantOutcome> = {}): TenantOutcome {
  const none = { events: 1, by: {}, added: 0, removed: 0, problems: [], more: 0, run: null, calls: 1 };
  return { ...none, exitCode, drift: `sha256:${exitCode}`, ...more };
}

function tenants(...names: readonly string[]): Tenant[] {
  const source = { file: 'fleet.yaml', line: 1, column: 1 };
  return names.map((name) => ({ name, labels: {}, provider: 'feishu', manifests: name, source }));
}

interface Scene extends Partial<Omit<FleetWork, 'tenants'>> {
  readonly names?: readonly string[];
}

function fleet({ names = ['a', 'b', 'c'], ...more }: Scene): Promise<FleetEnd> {
  const facts = { key: '', mode: 'apply', tenants: names, settings: {}, maxRemovals: 10 } as const;
  return workThrough({
    tenants: tenants(...names),
    claims: claimsOfOne(facts),
    signal: new AbortController().signal,
    hasRoom: () => true,
    work: async () => outcome(0),
    ...more,
  });
}

const facts = { mode: 'plan', run: 'k', maxRemovals: 10, detailed: true, previous: null } as const;

describe('a fleet run', () => {
  it('works on as many tenants side by side as there is room for', async () => {
    let underWay = 0;
    let most = 0;
    const { rows } = await fleet({
      names: ['a', 'b', 'c', 'd', 'e'],
      hasRoom: (count) => count < 2,
      work: async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return outcome(0);
      },
    });
    expect(most).toBe(2);
    expect(rows.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done']);
  });

  it('goes on with others where one tenant fails, whatever the reason', async () => {
    const { rows } = await fleet({
      work: async ({ name }) => {
        if (name === 'a') throw new UsageError('no credentials', 'Set them.');
        if (name === 'b') throw new TypeError('x is not a function');
        return outcome(0);
      },
    });
    expect(rows.map((row) => row.outcome?.exitCode)).toEqual([1, 1, 0]);
    expect(rows[0]?.outcome?.problems).toEqual([
      { code: 'settings', message: 'no credentials', hint: 'Set them.' },
    ]);
    expect(rows[1]?.outcome?.problems).toMatchObject([{ code: 'internal' }]);
  });

  it('begins nothing after a stop, keeps what is done, and gives back what is not', async () => {
    const stop = new AbortController();
    const given: string[] = [];
    const claims = claimsOfOne({
      key: '',
      mode: 'apply',
      tenants: ['a', 'b', 'c'],
      settings: {},
      maxRemovals: 9,
    });
    const end = await fleet({
      signal: stop.signal,
      hasRoom: (count) => count < 2,
      claims: {
        ...claims,
        giveBack: async (claim) => {
          given.push(claim.tenant);
          await claims.giveBack(claim);
        },
      },
      work: async ({ name }) => {
        if (name === 'a') return outcome(0);
        stop.abort(new Error('interrupted'));
        if (name === 'b') return outcome(130, { removed: 2 });
        throw new Error('interrupted');
      },
    });
    expect(end.rows.map(({ state, outcome: one }) => [state, one?.exitCode])).toEqual([
      ['done', 0],
      ['done', 130],
      ['open', undefined],
    ]);
    expect(given).toContain('b');
    expect(fleetReport(end, facts).exitCode).toBe(130);
  });

  it('waits for tenants that others are at, and takes over those of the dead', async () => {
    const answers = ['wait', 'wait', 'claim', 'over'] as const;
    let asked = 0;
    const claims: Claims = {
      ...claimsOfOne({ key: '', mode: 'plan', tenants: ['a'], settings: {}, maxRemovals: 1 }),
      next: async () => {
        const is = answers[asked] ?? 'over';
        asked += 1;
        if (is === 'wait') return { is, waitMs: 1 };
        return is === 'claim' ? { is, claim: { tenant: 'a', attempt: 2 } } : { is };
      },
      done: async () => true,
    };
    const attempts: number[] = [];
    await fleet({
      names: ['a'],
      claims,
      work: async (_, { attempt }) => {
        attempts.push(attempt);
        return outcome(0);
      },
    });
    expect([asked, attempts]).toEqual([4, [2]]);
  });

  it('tells what it knows where the store goes away, and begins nothing more', async () => {
    const gone = new StoreError('store-unreachable', 'db does not answer', 'Wait.');
    const own = claimsOfOne({ key: '', mode: 'apply', tenants: ['a', 'b'], settings: {}, maxRemovals: 1 });
    const fail = (): Promise<never> => Promise.reject(gone);
    const end = await fleet({
      names: ['a', 'b'],
      hasRoom: () => false,
      claims: { ...own, done: fail, outcomes: fail },
      work: async () => outcome(0, { run: 'r1', removed: 1 }),
    });
    expect(end.failure).toBe(gone);
    expect(end.rows.map(({ state }) => state)).toEqual(['done', 'open']);
    expect(fleetReport(end, { ...facts, mode: 'apply' }).exitCode).toBe(4);
  });
});

describe('the report of a fleet run', () => {
  const end = (...codes: readonly number[]): FleetEnd => ({
    rows: codes.map((code, at) => ({
      tenant: `t${at}`,
      state: 'done',
      attempt: 1,
      outcome: outcome(code, { removed: 4 }),
    })),
    failure: null,
    interrupted: false,
    late: false,
  });

  it.each([
    [[0, 0], 0],
    [[0, 2], 2],
    [[2, 1], 1],
    [[1, 3, 2], 3],
    [[3, 4, 1], 4],
    [[4, 130], 130],
  ])('of tenants that end with %j ends with %i, that of the worst', (codes, exitCode) => {
    expect(fleetReport(end(...codes), { ...facts, maxRemovals: 99 }).exitCode).toBe(exitCode);
  });

  it('takes pending changes for nothing to be told unless that was asked for', () => {
    expect(fleetReport(end(2, 0), { ...facts, detailed: false }).exitCode).toBe(0);
  });

  it('refuses a plan whose removals are more than the whole run may make', () => {
    expect(fleetReport(end(2, 2, 2), facts)).toMatchObject({ exitCode: 3, stopped: true });
    expect(fleetReport(end(2, 2), facts)).toMatchObject({ exitCode: 2, stopped: false });
  });

  it('tells with --changed of what differs in another way than before, and of all that failed', () => {
    const previous = new Map([
      ['t0', 'sha256:0'],
      ['t1', 'sha256:2'],
      ['t2', 'sha256:before'],
      ['t3', 'sha256:1'],
    ]);
    const told = (...codes: readonly number[]) => {
      const { tenants: shown, exitCode } = fleetReport(end(...codes), {
        ...facts,
        maxRemovals: 99,
        previous,
      });
      return [shown.map(({ tenant }) => tenant), exitCode];
    };
    // In sync as before, the same changes as before.
    expect(told(0, 2)).toEqual([[], 0]);
    expect(told(0, 2, 2)).toEqual([['t2'], 2]);
    expect(told(0, 2, 0)).toEqual([['t2'], 0]);
    expect(told(0, 2, 2, 1)).toEqual([['t2', 't3'], 1]);
    // New ones of which something was done.
    expect(told(0, 2, 2, 1, 0, 2)).toEqual([['t2', 't3', 't4', 't5'], 1]);
  });
});

describe('the name of a run', () => {
  it.each([
    [{ GITHUB_RUN_ID: '7', GITHUB_RUN_ATTEMPT: '2' }, 'github-7-2'],
    [{ CI_PIPELINE_ID: '99' }, 'gitlab-99'],
    [{ BUILD_TAG: 'jenkins-fleet-12' }, 'jenkins-fleet-12'],
    [{}, null],
  ])('of %j is %s', (env, key) => {
    expect(runKey(undefined, env)).toBe(key);
    expect(runKey('own', env)).toBe('own');
  });

  it('is one line of text', () => {
    expect(() => runKey('a\nb', {})).toThrow(UsageError);
    expect(() => runKey('', {})).toThrow('--run cannot name a run like that');
  });
});
