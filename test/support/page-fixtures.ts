import type { EventPlan, Plan, PlanAttendee } from '../../src/model/plan.ts';
import { refused, removals, unknown } from './plan-fixtures.ts';
import { addition, eventPlan, plan, removal, user } from './plans.ts';

/** Plans that a page is made from. */

/** Every platform and every status in one plan. */
export const mixed: Plan = plan(
  [
    ...refused.events,
    ...removals.events,
    ...unknown.events,
    eventPlan('lark-sync', {
      provider: 'lark',
      event: { summary: 'Lark sync – 每周例会', start: '2026-12-01', recurring: false },
      changes: [addition(user('ou_9', 'Ada')), addition(user('ou_10', 'Grace'))],
    }),
  ],
  {
    diagnostics: refused.diagnostics,
    selection: refused.selection,
    accounts: {
      feishu: { host: 'open.feishu.cn', appId: 'cli_demo' },
      dingtalk: { host: 'api.dingtalk.com', appId: null },
    },
  },
);

/** The same with a guard of the run that stops all of it. */
export const stopped: Plan = plan(mixed.events, { violations: refused.violations });

const told = (id: string, name: string, reply: NonNullable<PlanAttendee['reply']>): PlanAttendee => ({
  ...user(id, name),
  reply,
});

/** Replies that are lost, somebody who is concerned by several events, events that are no longer managed. */
export const replies: Plan = plan(
  [
    eventPlan('incident-review', {
      event: { summary: 'Incident review', start: '2099-01-08T07:00:00Z', recurring: false },
      observed: { count: 9, managed: 8 },
      changes: [
        removal(told('ou_bob', 'Bob Keller', 'accepted'), { reason: 'expired' }),
        removal(told('ou_f', 'Frank Osei', 'tentative'), { reason: 'optional-drift' }),
        addition(user('ou_f', 'Frank Osei', true), { reason: 'optional-drift' }),
      ],
      kept: [{ attendee: user('ou_boss', 'Maria Lopez'), reason: 'organizer' }],
    }),
    eventPlan('platform-daily', {
      event: { summary: 'Platform', start: '2099-01-05T02:00:00Z', recurring: true },
      observed: { count: 23, managed: 20 },
      changes: [removal(told('ou_bob', 'Bob Keller', 'none')), addition(user('ou_ann', 'Ann Müller'))],
    }),
    eventPlan('platform-weekly', {
      event: { summary: 'Platform', start: '2099-01-06T02:00:00Z', recurring: true },
      observed: { count: 12, managed: 11 },
      changes: [
        removal(told('ou_bob', 'Bob Keller', 'accepted')),
        removal(told('ou_eve', 'Eve Adams', 'declined')),
        addition(user('ou_ann', 'Ann Müller')),
      ],
      drift: [{ attendee: user('ou_d', 'Dan Wu', true), reason: 'optional-drift' }],
    }),
  ],
  {
    unmanaged: [
      {
        name: 'old-standup',
        provider: 'feishu',
        calendarId: 'c',
        eventId: 'e1',
        source: { file: 'manifests/old-standup.yaml', line: 1, column: 1 },
        observed: { count: 11 },
        renamedTo: null,
      },
      {
        name: 'weekly',
        provider: 'feishu',
        calendarId: 'c',
        eventId: 'e2',
        source: { file: 'manifests/weekly.yaml', line: 1, column: 1 },
        observed: null,
        renamedTo: 'platform-weekly',
      },
    ],
  },
);

/** 40 events with so many changes each. */
function fortyEvents(changes: number): Plan {
  return plan(
    Array.from({ length: 40 }, (_, event) =>
      eventPlan(`event-${String(event + 1).padStart(2, '0')}`, {
        observed: { count: 200, managed: 199 },
        changes: Array.from({ length: changes }, (_, row) =>
          row % 3 === 0
            ? addition(user(`ou_${event + 1}_${row}`, `新人 ${row}`))
            : removal(user(`ou_${event + 1}_${row}`, `Person ${row}`)),
        ),
      }),
    ),
  );
}

/** 5,000 changes. */
export const many: Plan = fortyEvents(125);

/** Just too many changes for all to be open from the start. */
export const long: Plan = fortyEvents(3);

function redactedEvent(name: string): EventPlan {
  const { observed: _, ...event } = eventPlan(name, {
    event: { summary: 'event-1', recurring: false },
    changes: [removal(user('user-1')), addition({ type: 'email', id: 'email-2', optional: false })],
  });
  return { ...event, observed: { count: 20, managed: 19 } };
}

const { digest: _digest, ...withoutDigest } = plan([redactedEvent('platform-weekly')]);

/** As `--redact` leaves it: ordinals for people, no digest, no fingerprint. */
export const redacted: Plan = { ...withoutDigest, redacted: true };

/** Twenty people who leave two events each. */
export const crowd: Plan = plan(
  ['daily', 'weekly'].map((name) =>
    eventPlan(name, {
      observed: { count: 30, managed: 30 },
      changes: Array.from({ length: 20 }, (_, index) => removal(user(`ou_${index}`, `Person ${index}`))),
    }),
  ),
);
