import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/diff/event-plan.ts';
import { guardRun } from '../../src/diff/guards.ts';
import { retold } from '../../src/diff/retold.ts';
import type { ObservedAttendee } from '../../src/model/attendee.ts';
import type { DesiredEvent, EventFacts } from '../../src/model/event.ts';
import { type Plan, violationOf } from '../../src/model/plan.ts';
import { notesIn, notesOf, plain, told } from '../../src/model/say.ts';
import {
  desiredEvent,
  dingtalkRef,
  guards,
  policy,
  present,
  row,
  wanted,
} from '../support/manifest-builders.ts';
import { eventPlan, plan, removal, user } from '../support/plans.ts';

const rows = (...ids: readonly string[]): ObservedAttendee[] => ids.map((id) => row(id));

function planned(
  desired: DesiredEvent,
  listed: readonly ObservedAttendee[],
  facts: EventFacts | null = null,
): Plan {
  return plan([planOf(desired, { rows: listed, facts, chat: null }, policy()).plan]);
}

const nobody = desiredEvent({ attendees: [] });
const chat = row('oc_team', { type: 'chat' });

const plans: readonly (readonly [string, Plan])[] = [
  ['that would leave nobody, or remove all', planned(nobody, rows('ou_a', 'ou_b', 'ou_c'))],
  [
    'of too many additions, and notices',
    planned(
      desiredEvent({
        notify: true,
        attendees: [wanted('ou_a'), wanted('ou_b')],
        guards: guards({ maxAdditions: 1, maxNotified: 1 }),
      }),
      [],
    ),
  ],
  ['of a deletion', planned(desiredEvent({ state: 'absent', attendees: null }), rows('ou_a'), present())],
  [
    'of an event that is over',
    planned(nobody, rows('ou_a'), present({ start: '2020-01-01', end: '2020-01-02' })),
  ],
  [
    'of a series, of a chat that stays and of a flag that is replaced',
    planned(
      desiredEvent({
        attendees: [wanted('ou_a', { optional: true }), wanted('oc_team', { type: 'chat' })],
        optionalDrift: 'replace',
      }),
      [...rows('ou_a', 'ou_b'), chat],
      present({ recurring: true }),
    ),
  ],
  [
    'of a platform that tells people by itself',
    planned(desiredEvent({ ref: dingtalkRef, attendees: [wanted('a')] }), rows('a', 'b')),
  ],
  [
    'of a run that removes too many',
    {
      ...plan([eventPlan('weekly', { changes: [removal(user('ou_a')), removal(user('ou_b'))] })]),
      maxRemovals: 1,
      violations: guardRun(2, 1),
    },
  ],
];

/** As it is read from a file. */
const fromFile = (made: Plan): Plan => JSON.parse(JSON.stringify(made));

const partsOf = (made: Plan): unknown => ({
  run: made.violations.map((one) => one[told]),
  events: made.events.map((event) => ({
    violations: event.violations.map((one) => one[told]),
    notes: notesIn(event),
  })),
});

describe('a plan that was read from a file', () => {
  it.each(plans)('has the parts of its messages again: %s', (_, made) => {
    expect(JSON.stringify(partsOf(made))).toMatch(/"(run|violations|notes)":\[[^\]]/);
    expect(partsOf(retold(fromFile(made)))).toEqual(partsOf(made));
    expect(retold(fromFile(made))).toMatchObject(fromFile(made));
  });

  it('has no parts of what does not follow from it', () => {
    const forged = plan([
      eventPlan('weekly', {
        changes: [removal(user('ou_a'))],
        violations: [violationOf('max-additions', plain('weekly: ask Zhang San'))],
        ...notesOf([plain('Ask Zhang San.')]),
      }),
    ]);
    const [event] = retold(fromFile(forged)).events;
    expect(event?.violations[0]?.[told]).toBeUndefined();
    expect(event === undefined ? [] : notesIn(event)).toEqual([{ text: 'Ask Zhang San.', parts: [] }]);
  });
});
