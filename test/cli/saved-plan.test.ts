import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPlanAccounts } from '../../src/run/accounts.ts';
import { runProgram } from '../../src/cli/program.ts';
import { checkSavedPlan } from '../../src/run/saved-plan.ts';
import { UsageError } from '../../src/run/usage-error.ts';
import { manifestDigest } from '../../src/diff/digest.ts';
import { planOf } from '../../src/diff/event-plan.ts';
import { loadTexts } from '../../src/manifest/load.ts';
import type { EventPlan, Plan } from '../../src/model/plan.ts';
import { sealed } from '../../src/planner/plan-events.ts';
import { folderWith } from '../support/cli.ts';
import { desiredEvent, policy, ref, row, wanted } from '../support/manifest-builders.ts';
import { plan, removal, user } from '../support/plans.ts';

const now = Date.parse('2026-11-21T08:00:00Z');
const hour = 3_600_000;
const limits = { now, ttlMs: 24 * hour, maxRemovals: undefined };

function made(more: Partial<Plan> = {}, events: readonly EventPlan[] = [changed()]): Plan {
  const { digest: _, ...body } = plan(events, { createdAt: new Date(now - hour).toISOString(), ...more });
  return sealed(body);
}

/** An event that loses ou_a and ou_b of five, as planning has it; `more` is said of it besides. */
function changed(more: Partial<EventPlan> = {}, name: string = 'weekly'): EventPlan {
  const attendees = ['ou_c', 'ou_d', 'ou_e'].map((id) => wanted(id));
  const live = ['ou_a', 'ou_b', 'ou_c', 'ou_d', 'ou_e'].map((id) => row(id));
  const desired = desiredEvent({ name, attendees, ref: ref({ eventId: `${name}_0` }) });
  return { ...planOf(desired, { rows: live, facts: null, chat: null }, policy()).plan, ...more };
}

function withoutLeftOut({ summary }: Plan): Plan['summary'] {
  const { leftOut: _, ...rest } = summary;
  return rest;
}

function refusalOf(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    expect(error.exitCode).toBe(3);
    expect(error.hint).not.toBe('');
    return error.message;
  }
}

describe('a saved plan', () => {
  it('is taken as it was made', () => {
    expect(refusalOf(() => checkSavedPlan(made(), limits))).toBeNull();
  });

  it.each<[string, Plan, Partial<typeof limits> | { maxRemovals: number }, RegExp]>([
    ['changed since', { ...made(), maxRemovals: 5000 }, {}, /digest/],
    ['without a digest', { ...made(), digest: undefined } as never, {}, /digest/],
    ['redacted', { ...made(), redacted: true }, {}, /redacted/],
    ['of 0.1.0', { ...made(), summary: withoutLeftOut(made()) }, {}, /from rollcall/],
    ['too old', made({ createdAt: new Date(now - 25 * hour).toISOString() }), {}, /25h ago, more than 24h/],
    ['too old for a shorter limit', made(), { ttlMs: hour / 2 }, /1h ago, more than 30m/],
    ['made in the future', made({ createdAt: new Date(now + hour).toISOString() }), {}, /future/],
    ['made at no time', made({ createdAt: 'yesterday' }), {}, /not a plan: \/createdAt/],
    [
      'stopped by the guard of the run',
      made({ violations: [{ code: 'run-removals', message: 'too many' }] }),
      {},
      /run-removals.*too many/,
    ],
    ['over the limit of its own', made({ maxRemovals: 1 }), {}, /run-removals/],
    ['over the limit of the command line', made(), { maxRemovals: 1 }, /run-removals/],
  ])('is refused when %s', (_, saved, more, message) => {
    expect(refusalOf(() => checkSavedPlan(saved, { ...limits, ...more }))).toMatch(message);
  });

  it('counts the removals of events that it will change alone', () => {
    const tight = { ...changed().limits, maxRemovals: 1 };
    const violations = [{ code: 'max-removals' as const, message: 'too many' }];
    const refused = changed({ status: 'refused', limits: tight, violations }, 'all-hands');
    const saved = made({ maxRemovals: 2 }, [refused, changed()]);
    expect(refusalOf(() => checkSavedPlan(saved, limits))).toBeNull();
  });
});

describe('the account of a saved plan', () => {
  const account = (appId: string | null, host = 'open.feishu.cn'): Plan['accounts'] => ({
    feishu: { host, appId },
  });

  it.each<
    [string, Plan['accounts'], Plan['accounts'], string | undefined, Partial<EventPlan>, RegExp | null]
  >([
    ['the same', account('cli_a'), account('cli_a'), undefined, {}, null],
    ['another app', account('cli_a'), account('cli_b'), undefined, {}, /app cli_a, but this is cli_b/],
    ['another host', account('cli_a'), account('cli_a', 'other.example'), undefined, {}, /open.feishu.cn/],
    ['made with a token alone', account(null), account('cli_b'), undefined, {}, null],
    ['applied with a token alone', account('cli_a'), account(null), undefined, {}, null],
    [
      'a token alone at another host',
      account(null),
      account(null, 'other.example'),
      undefined,
      {},
      /host|at/,
    ],
    ['an accepted app', account('cli_a'), account('cli_b'), 'cli_a', { userIdType: 'union_id' }, null],
    ['an app that is not the accepted one', account('cli_a'), account('cli_b'), 'cli_c', {}, /cli_a/],
    ['an accepted app under open_id', account('cli_a'), account('cli_b'), 'cli_a', {}, /open_id/],
    [
      'an accepted app on a primary calendar',
      account('cli_a'),
      account('cli_b'),
      'cli_a',
      { userIdType: 'user_id', calendarId: 'primary' },
      /primary/,
    ],
    [
      'an accepted app whose bound event has nothing to apply',
      account('cli_a'),
      account('cli_b'),
      'cli_a',
      { status: 'in-sync', changes: [] },
      null,
    ],
    [
      'an accepted app at another host',
      account('cli_a'),
      account('cli_b', 'other.example'),
      'cli_a',
      {},
      /at/,
    ],
  ])('%s', (_, planned, own, accepted, event, message) => {
    const saved = made({ accounts: planned }, [changed(event)]);
    const refused = refusalOf(() => checkPlanAccounts(saved, own, accepted));
    if (message === null) expect(refused).toBeNull();
    else expect(refused).toMatch(message);
  });
});

describe('the manifests beside a saved plan', () => {
  const manifest = {
    file: 'weekly.yaml',
    named: true,
    text: `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: weekly }
spec:
  provider: feishu
  calendarId: feishu.cn_t@group.calendar.feishu.cn
  eventId: weekly_0
  attendees: [{ user: ou_a }, { user: ou_b, until: 2098-12-31 }]
`,
  };
  const folder = folderWith({ [manifest.file]: manifest.text });

  /** Applies a plan that removes ou_b and says which day it is of. No credentials: an error of its own, and no call. */
  async function applied(asOf: string, ...more: readonly string[]): Promise<string> {
    const { events } = loadTexts([manifest], asOf).desired;
    const planned = events.map(
      (event) =>
        planOf(event, { rows: [row('ou_a'), row('ou_b')], facts: null, chat: null }, policy({ asOf })).plan,
    );
    const changes = [removal(user('ou_b'), { reason: 'expired' })];
    const saved = made(
      { asOf, manifestDigest: manifestDigest(events), createdAt: new Date().toISOString() },
      planned.map((one) => ({ ...one, status: 'changed', changes })),
    );
    const file = join(folder, 'plan.json');
    writeFileSync(file, JSON.stringify(saved));
    const sink = { write: () => true };
    const { signal } = new AbortController();
    const surroundings = { env: {}, stdin: process.stdin, stdout: sink, stderr: sink, signal };
    return runProgram(surroundings, ['apply', '--plan', file, ...more, folder]).then(
      String,
      (error: unknown) => (error instanceof UsageError ? error.message : String(error)),
    );
  }

  it('are judged by the day that the plan says', async () => {
    expect(await applied('2098-12-31', '--as-of', '2098-12-31')).toBe(
      'the plan does not follow from the manifests',
    );
    expect(await applied('2099-01-01', '--as-of', '2099-01-01')).toContain('Feishu needs credentials');
  });

  it('are not read for a day far from now that nobody names', async () => {
    expect(await applied('2099-01-01')).toContain('the plan is for 2099-01-01');
    expect(await applied('2020-01-01')).toContain('the plan is for 2020-01-01');
    expect(await applied('2099-01-01', '--as-of', '2099-01-02')).toContain('the plan is for 2099-01-01');
  });
});
