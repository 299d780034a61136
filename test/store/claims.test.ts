import { describe, expect, it } from 'vitest';
import type { TenantOutcome } from '../../src/model/fleet.ts';
import { type Claim, type Claims, claimsOfOne } from '../../src/store/claims.ts';

const outcome: TenantOutcome = {
  exitCode: 0,
  events: 1,
  by: { 'in-sync': 1 },
  added: 0,
  removed: 0,
  problems: [],
  more: 0,
  drift: 'sha256:0',
  run: null,
  calls: 0,
};

function claims(tenants: readonly string[], maxRemovals = 10): Claims {
  return claimsOfOne({ key: 'k', mode: 'apply', tenants, settings: {}, maxRemovals });
}

async function take(from: Claims): Promise<Claim> {
  const next = await from.next();
  if (next.is !== 'claim') throw new Error(`no claim: ${next.is}`);
  return next.claim;
}

describe('the claims of one process', () => {
  it('gives each tenant once, in order, and says when all are done', async () => {
    const own = claims(['a', 'b']);
    const [a, b] = [await take(own), await take(own)];
    expect([a.tenant, b.tenant]).toEqual(['a', 'b']);
    expect(await own.next()).toMatchObject({ is: 'wait' });
    expect(await own.done(b, outcome)).toBe(true);
    expect(await own.done(a, { ...outcome, exitCode: 4 })).toBe(true);
    expect(await own.next()).toEqual({ is: 'over' });
    expect(await own.outcomes()).toMatchObject([
      { tenant: 'a', state: 'done', attempt: 1, outcome: { exitCode: 4 } },
      { tenant: 'b', state: 'done', attempt: 1, outcome: { exitCode: 0 } },
    ]);
  });

  it('takes no outcome of a claim that was given back, and gives the tenant anew', async () => {
    const own = claims(['a']);
    const first = await take(own);
    expect(own.mayStart(first)).toBe(true);
    await own.giveBack(first);
    expect(own.mayStart(first)).toBe(false);
    expect(await own.done(first, outcome)).toBe(false);
    expect(await take(own)).toMatchObject({ tenant: 'a', attempt: 1 });
  });

  it('begins no tenant any more once removals do not fit', async () => {
    const own = claims(['a', 'b', 'c', 'd'], 10);
    const [a, b, c] = [await take(own), await take(own), await take(own)];
    expect(await own.reserve(a, 8)).toEqual({ fits: true });
    expect(await own.reserve(b, 3)).toEqual({ fits: false, reserved: 8, maxRemovals: 10 });
    // What is under way and fits goes on.
    expect(await own.reserve(c, 2)).toEqual({ fits: true });
    expect(await own.reserve(b, 0)).toEqual({ fits: true });
    for (const claim of [a, b, c]) await own.done(claim, outcome);
    expect(await own.next()).toEqual({ is: 'over' });
    expect((await own.outcomes()).map(({ state }) => state)).toEqual([
      'done',
      'done',
      'done',
      'not-attempted',
    ]);
  });

  it('gives back at the end what is not done', async () => {
    const own = claims(['a']);
    await take(own);
    expect(await own.outcomes()).toMatchObject([{ state: 'open', attempt: 1 }]);
    await own.end(130);
    expect(await own.outcomes()).toMatchObject([{ state: 'open', attempt: 0 }]);
  });
});
