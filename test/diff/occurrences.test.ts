import { describe, expect, test } from 'vitest';
import { contradictions } from '../../src/diff/contradictions.ts';
import { manifestDigest } from '../../src/diff/digest.ts';
import { deviations } from '../../src/diff/follows.ts';
import { namesOf } from '../../src/diff/occurrences.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import type { Exceptions, OfSeries } from '../../src/model/occurrence.ts';
import type { EventPlan, Plan } from '../../src/model/plan.ts';
import { planEvents } from '../../src/planner/plan-events.ts';
import { desiredEvent, rows, wanted } from '../support/manifest-builders.ts';
import { FakeReader } from '../planner/fake-reader.ts';
import { context } from '../planner/run.ts';

describe('names of occurrences', () => {
  const at = (...originals: string[]): { original: string }[] => originals.map((original) => ({ original }));

  test('are the series and the day of the original start', () => {
    expect(namesOf('weekly', at('2099-02-08T02:00:00Z', '2099-02-15T02:00:00Z'), 'UTC')).toEqual([
      'weekly@2099-02-08',
      'weekly@2099-02-15',
    ]);
  });

  test('go by the day in the zone', () => {
    expect(namesOf('weekly', at('2099-02-08T20:00:00Z'), 'Asia/Shanghai')).toEqual(['weekly@2099-02-09']);
  });

  test('have the time where a day has two, and those of other days have none', () => {
    const originals = at('2099-02-08T02:00:00Z', '2099-02-08T09:30:00Z', '2099-02-09T02:00:00Z');
    expect(namesOf('daily', originals, 'Asia/Shanghai')).toEqual([
      'daily@2099-02-08T1000',
      'daily@2099-02-08T1730',
      'daily@2099-02-09',
    ]);
  });

  test('differ also in the hour that comes twice where clocks are set back', () => {
    const originals = at('2099-10-25T00:30:00Z', '2099-10-25T01:30:00Z');
    expect(namesOf('n', originals, 'Europe/Berlin')).toEqual(['n@2099-10-25T0230', 'n@2099-10-25T0230-2']);
  });

  test('leave days without a time as they are', () => {
    expect(namesOf('n', at('2099-02-08'), 'America/New_York')).toEqual(['n@2099-02-08']);
  });
});

const start = Date.parse('2026-12-07T02:00:00Z') / 1000;
const occurrence = {
  eventId: `weekly_${start}`,
  original: '2026-12-07T02:00:00Z',
  start: '2026-12-08T06:00:00Z',
};

function series(exceptions: Exceptions = 'follow'): DesiredEvent {
  return desiredEvent({ name: 'weekly', exceptions, attendees: [wanted('ou_1'), wanted('ou_2')] });
}

async function honest(exceptions: Exceptions = 'follow'): Promise<Plan> {
  const reader = new FakeReader({
    weekly_0: { rows: rows(2), occurrences: { complete: true, occurrences: [occurrence] } },
    [occurrence.eventId]: { rows: rows(3) },
  });
  const desired = { asOf: '2026-11-20', events: [series(exceptions)] };
  return (await planEvents(desired, context({ feishu: reader }))).plan;
}

const name = 'weekly@2026-12-07';

/** A plan in which the event of that name is another. */
function changed(plan: Plan, of: string, change: (event: EventPlan) => Partial<EventPlan>): Plan {
  return {
    ...plan,
    events: plan.events.map((event) => (event.name === of ? { ...event, ...change(event) } : event)),
  };
}

const series0: OfSeries = { name: 'weekly', original: occurrence.original };

describe('a plan with a followed occurrence', () => {
  test('agrees with itself, and follows from the manifest of the series', async () => {
    const plan = await honest();
    expect(plan.events.map(({ name: own, status }) => [own, status])).toEqual([
      ['weekly', 'in-sync'],
      [name, 'changed'],
    ]);
    expect(contradictions(plan)).toEqual([]);
    expect(deviations(plan, [series()], { allowed: new Map(), maxRemovals: 1000 })).toEqual([]);
    // Which occurrences there are is no part of what the manifests want.
    expect(plan.manifestDigest).toBe(manifestDigest([series()]));
  });

  test.each<[string, string, (event: EventPlan) => Partial<EventPlan>]>([
    ['an occurrence of another series', name, () => ({ eventId: `other_${start}` })],
    ['the series itself', name, () => ({ eventId: 'weekly_0' })],
    ['an occurrence of another time', name, () => ({ eventId: `weekly_${start + 60}` })],
    ['another original start', name, () => ({ series: { ...series0, original: '2026-12-07T02:01:00Z' } })],
    ['no series that is in the plan', name, () => ({ series: { ...series0, name: 'others' } })],
    [
      'another name than its own',
      'weekly',
      ({ occurrences = [] }) => ({
        occurrences: occurrences.map((one) => ({ ...one, name: 'weekly@2026-12-14' })),
      }),
    ],
    ['something that the series does not list', 'weekly', () => ({ occurrences: [] })],
    ['a series that is not followed', 'weekly', () => ({ exceptions: 'report' })],
    ['other limits', name, ({ limits }) => ({ limits: { ...limits, maxRemovals: '100%' } })],
    ['another sync', name, () => ({ sync: 'remove-only' })],
    ['another way with people of other tenants', name, () => ({ external: 'remove' })],
    ['people told', name, () => ({ notify: true })],
    [
      'all occurrences that could not be read, and changes them',
      name,
      () => ({ series: { name: 'weekly' } }),
    ],
    ['occurrences of its own', name, () => ({ exceptions: 'follow' })],
  ])('contradicts itself where it is about %s', async (_what, of, change) => {
    expect(contradictions(changed(await honest(), of, change)).join('\n')).toMatch(/weekly/);
  });

  test.each<[string, DesiredEvent]>([
    ['leaves occurrences alone', series('leave')],
    ['only reports them', series('report')],
    [
      'wants somebody who is removed',
      { ...series(), attendees: [wanted('ou_1'), wanted('ou_2'), wanted('ou_3')] },
    ],
    ['is about another series', { ...series(), ref: { ...series().ref, eventId: 'other_0' } }],
  ])('does not follow from a manifest that %s', async (_what, manifest) => {
    expect(deviations(await honest(), [manifest], { allowed: new Map(), maxRemovals: 1000 })).not.toEqual([]);
  });

  test('is refused where the occurrence is under the name of an event of its own', async () => {
    const plan = await honest();
    const events = plan.events.map((event): EventPlan => {
      const { series: _, ...own } = event;
      return own;
    });
    const found = deviations({ ...plan, events }, [series()], { allowed: new Map(), maxRemovals: 1000 });
    expect(found).toContain(`${name}: the manifests have no such event`);
  });
});

test('a series that reports its occurrences plans nothing for them, and lists what its manifest would change', async () => {
  const plan = await honest('report');
  expect(plan.events.map(({ name: own }) => own)).toEqual(['weekly']);
  expect(plan.events[0]?.occurrences).toMatchObject([
    { ...occurrence, name, differs: { changes: [{ action: 'remove', attendee: { id: 'ou_3' } }] } },
  ]);
  expect(plan.summary).toMatchObject({ events: 1, inSync: 1, remove: 0 });
  expect(contradictions(plan)).toEqual([]);
  expect(deviations(plan, [series('report')], { allowed: new Map(), maxRemovals: 1000 })).toEqual([]);
});
