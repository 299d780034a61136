import { describe, expect, test } from 'vitest';
import type { Occurrence, Occurrences } from '../../src/model/occurrence.ts';
import { ref, row, rows } from '../support/manifest-builders.ts';
import type { Shown } from './fake-reader.ts';
import { named, planned, statuses, wantsTwo } from './run.ts';

const refusal = { code: 'list-refused', message: 'no right' } as const;

function id(original: string): string {
  return `w_${Date.parse(original) / 1000}`;
}

function moved(original: string, start: string = original): Occurrence {
  return { eventId: id(original), original, start };
}

function having(...occurrences: Occurrence[]): Occurrences {
  return { complete: true, occurrences };
}

const dec7 = moved('2026-12-07T02:00:00Z', '2026-12-08T06:00:00Z');
const follows = named('w', { ...wantsTwo, ref: ref({ eventId: 'w_0' }), exceptions: 'follow' });
const reports = { ...follows, exceptions: 'report' } as const;

describe('a series whose occurrences are followed', () => {
  const shown: Readonly<Record<string, Shown>> = {
    w_0: { rows: rows(2), occurrences: having(dec7) },
    [dec7.eventId]: { rows: rows(3), facts: { state: 'present', recurring: false, exception: true } },
  };

  test('has a plan of its own for each changed one, read and looked at like any event', async () => {
    const { plan, reader, readings } = await planned([follows], shown);
    expect(statuses(plan)).toEqual(['w in-sync', 'w@2026-12-07 changed']);
    expect(plan.events[1]).toMatchObject({
      eventId: dec7.eventId,
      series: { name: 'w', original: dec7.original, start: dec7.start },
      changes: [{ action: 'remove', attendee: { id: 'ou_3' } }],
    });
    expect(plan.summary).toMatchObject({ events: 2, changed: 1, remove: 1 });
    expect([...readings.keys()]).toEqual(['w@2026-12-07']);
    expect(reader.calls).toEqual([
      'occurrences w_0',
      'list w_0',
      `list ${dec7.eventId}`,
      `look ${dec7.eventId}`,
    ]);
  });

  test('counts their removals for the guard of the run', async () => {
    const { plan } = await planned([follows], shown, { maxRemovals: 0 });
    expect(plan.violations).toMatchObject([{ code: 'run-removals' }]);
  });

  test('guards each by the limits of its manifest', async () => {
    const { plan } = await planned([follows], { ...shown, [dec7.eventId]: { rows: rows(20) } });
    expect(statuses(plan)).toEqual(['w in-sync', 'w@2026-12-07 refused']);
  });

  test('asks nothing where they are left alone', async () => {
    const { reader } = await planned([{ ...follows, exceptions: 'leave' }], shown);
    expect(reader.calls).toEqual(['list w_0']);
  });

  test('plans nothing for one that is as its series has it by the time it is looked at', async () => {
    const facts = { state: 'present', recurring: false, exception: false } as const;
    const { plan } = await planned([follows], { ...shown, [dec7.eventId]: { rows: rows(3), facts } });
    expect(plan.events[1]).toMatchObject({ status: 'unknown', changes: [], problem: { code: 'list-moved' } });
  });

  test('plans nothing for one that was cancelled meanwhile', async () => {
    const { plan } = await planned([follows], {
      ...shown,
      [dec7.eventId]: { rows: rows(3), facts: { state: 'deleted' } },
    });
    expect(plan.events[1]).toMatchObject({ status: 'unknown', changes: [] });
  });

  test('leaves out those that are not chosen', async () => {
    const { plan, reader } = await planned([follows], shown, {
      choosesOccurrence: (name) => name !== 'w@2026-12-07',
    });
    expect(statuses(plan)).toEqual(['w in-sync']);
    expect(reader.calls).toEqual(['occurrences w_0', 'list w_0']);
  });
});

describe('occurrences', () => {
  test.each<[string, string, boolean]>([
    ['the day before', '2026-11-19T23:59:00Z', false],
    ['the day of the plan', '2026-11-20T00:00:00Z', true],
    ['365 days later', '2027-11-20T23:59:00Z', true],
    ['366 days later', '2027-11-21T00:00:00Z', false],
  ])('that start on %s are read: %s is %s', async (_when, start, read) => {
    const { plan } = await planned([reports], {
      w_0: { rows: rows(2), occurrences: having(moved('2026-12-07T02:00:00Z', start)) },
    });
    expect(plan.events[0]?.occurrences).toHaveLength(read ? 1 : 0);
  });

  test('are listed by their original start', async () => {
    const first = moved('2026-12-07T02:00:00Z', '2026-12-24T02:00:00Z');
    const second = moved('2026-12-14T02:00:00Z');
    const { plan } = await planned([reports], {
      w_0: { rows: rows(2), occurrences: having(second, first) },
      [first.eventId]: { rows: [row('ou_1')] },
      [second.eventId]: { rows: rows(2) },
    });
    expect(plan.events[0]?.occurrences).toMatchObject([
      { name: 'w@2026-12-07', differs: { changes: [{ action: 'add' }] } },
      { name: 'w@2026-12-14', differs: { changes: [] } },
    ]);
  });

  test('that are reported cost a list each and no look, and nothing to apply', async () => {
    const { plan, reader } = await planned([reports], {
      w_0: { rows: rows(2), occurrences: having(dec7) },
      [dec7.eventId]: { rows: rows(3) },
    });
    expect(reader.calls).toEqual(['occurrences w_0', 'list w_0', `list ${dec7.eventId}`]);
    expect(plan.requests.needed).toBe(0);
  });

  test('of several series of a calendar are asked for in one go', async () => {
    const other = named('v', { ...wantsTwo, ref: ref({ eventId: 'v_0' }), exceptions: 'report' });
    const { reader } = await planned([follows, other], { w_0: { rows: rows(2) }, v_0: { rows: rows(2) } });
    expect(reader.calls.filter((call) => call.startsWith('occurrences'))).toEqual(['occurrences w_0 v_0']);
  });
});

describe.each(['report', 'follow'] as const)('under %s', (exceptions) => {
  const series = { ...follows, exceptions };

  test('occurrences that could not be read are unknown, and the series is planned as usual', async () => {
    const { plan } = await planned([series], {
      w_0: { rows: rows(3), occurrences: { complete: false, problem: refusal } },
    });
    expect(statuses(plan)).toEqual(['w changed', 'w@* unknown']);
    expect(plan.events[1]).toMatchObject({ problem: refusal, series: { name: 'w' }, changes: [] });
    expect([plan.complete, plan.applyable]).toEqual([false, false]);
  });

  test('one whose list could not be read is unknown by its name', async () => {
    const { plan } = await planned([series], {
      w_0: { rows: rows(2), occurrences: having(dec7) },
      [dec7.eventId]: { problem: refusal },
    });
    expect(statuses(plan)).toEqual(['w in-sync', 'w@2026-12-07 unknown']);
    expect(plan.events[0]?.occurrences).toEqual([{ name: 'w@2026-12-07', ...dec7 }]);
  });
});
