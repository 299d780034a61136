import { expect, test } from 'vitest';
import { planOf } from '../../src/diff/event-plan.ts';
import { readingOf } from '../../src/diff/reading.ts';
import type { ObservedAttendee } from '../../src/model/attendee.ts';
import type { ChatBinding, DesiredEvent, EventFacts } from '../../src/model/event.ts';
import { requestsNeeded } from '../../src/planner/needed.ts';
import {
  desiredEvent,
  dingtalkRef,
  guards,
  ids,
  policy,
  present,
  row,
  rows,
  source,
  wanted,
} from '../support/manifest-builders.ts';

interface Read {
  readonly rows?: readonly ObservedAttendee[];
  readonly facts?: EventFacts;
  readonly chat?: ChatBinding;
}

/** Calls that applying takes: right after planning, and from a saved plan. */
function needed(desired: DesiredEvent, { rows: listed, facts, chat }: Read): [number, number] {
  const loose = { ...desired, guards: guards({ maxRemovals: '100%', allowEmpty: true, allowDelete: true }) };
  const reads = { rows: listed ?? null, facts: facts ?? null, chat: chat ?? null };
  const { plan } = planOf(loose, reads, policy());
  const reading = readingOf(plan, listed ?? []);
  const count = (rereads: boolean): number =>
    requestsNeeded(plan, reading, { rows: listed?.length ?? null }, rereads);
  return [count(false), count(true)];
}

const wants = (count: number, prefix?: string): DesiredEvent['attendees'] =>
  ids(count, prefix).map((id) => wanted(id));
const dingtalk = (attendees: DesiredEvent['attendees']): DesiredEvent =>
  desiredEvent({ ref: dingtalkRef, attendees });
const unbindChat = { chatId: 'oc_meet', source: source() };
const bound: ChatBinding = { state: 'bound', chatId: 'oc_meet' };

// One removal of 3: a write and a page to verify; from a saved plan a page before it too.
test.each<[string, DesiredEvent, Read, [number, number]]>([
  ['nothing to do', desiredEvent({ attendees: wants(2) }), { rows: rows(2) }, [0, 0]],
  ['one removal', desiredEvent({ attendees: wants(2) }), { rows: rows(3) }, [2, 3]],
  ['one addition', desiredEvent({ attendees: wants(4) }), { rows: rows(3) }, [2, 3]],
  [
    'one of each',
    desiredEvent({ attendees: [...(wants(2) ?? []), wanted('ou_new')] }),
    { rows: rows(3) },
    [3, 4],
  ],
  // Feishu goes on listing the removed: 501 of 1000 take 2 batches and leave 10 pages.
  ['501 removals on Feishu', desiredEvent({ attendees: wants(499) }), { rows: rows(1000) }, [12, 22]],
  // DingTalk does not: 499 are left, on one page.
  ['501 removals on DingTalk', dingtalk(wants(499)), { rows: rows(1000) }, [3, 5]],
  ['500 removals', desiredEvent({ attendees: wants(500) }), { rows: rows(1000) }, [11, 21]],
  ['a page that is added to', desiredEvent({ attendees: wants(101) }), { rows: rows(100) }, [3, 4]],
  ['1001 additions on Feishu', desiredEvent({ attendees: wants(1001) }), { rows: [] }, [13, 14]],
  ['501 additions on DingTalk', dingtalk(wants(501)), { rows: [] }, [4, 5]],
  [
    'whoever was removed and comes back on the row that is there',
    desiredEvent({ attendees: [...(wants(100) ?? [])] }),
    { rows: [...rows(99), row('ou_100', { reply: 'removed' })] },
    [2, 3],
  ],
  [
    'identities with several rows',
    desiredEvent({ attendees: wants(1, 'stay') }),
    { rows: [row('stay1'), ...rows(251), ...rows(251)] },
    [8, 14],
  ],
  [
    'rooms by the hundred',
    desiredEvent({ attendees: ids(101, 'omm_').map((id) => wanted(id, { type: 'room' })) }),
    { rows: [] },
    [4, 5],
  ],
  [
    'a replaced flag',
    desiredEvent({ attendees: [wanted('ou_1', { optional: true })], optionalDrift: 'replace' }),
    { rows: rows(1) },
    [3, 4],
  ],
  [
    '501 replaced flags on DingTalk',
    { ...dingtalk(ids(501).map((id) => wanted(id, { optional: true }))), optionalDrift: 'replace' },
    { rows: rows(501) },
    [6, 8],
  ],
  [
    '700 replaced flags on Feishu',
    desiredEvent({
      attendees: ids(700).map((id) => wanted(id, { optional: true })),
      optionalDrift: 'replace',
    }),
    { rows: rows(700) },
    // Two chunks of two calls each; the rows that were removed stay listed, beside those that were added.
    [18, 25],
  ],
  ['a deletion', desiredEvent({ attendees: null, state: 'absent' }), { facts: present() }, [2, 3]],
  [
    'a deletion of which people are told',
    desiredEvent({ attendees: null, state: 'absent', notify: true }),
    { facts: present(), rows: rows(150) },
    [2, 3],
  ],
  ['an unbinding', desiredEvent({ attendees: null, unbindChat }), { chat: bound }, [2, 3]],
  [
    'an unbinding that cannot be asked about',
    desiredEvent({ attendees: null, unbindChat }),
    { chat: { state: 'unknown' } },
    [1, 1],
  ],
  [
    'an unbinding where the attendees are in sync',
    desiredEvent({ attendees: wants(150), unbindChat }),
    { rows: rows(150), chat: bound },
    [2, 3],
  ],
  [
    'an unbinding beside a removal',
    desiredEvent({ attendees: wants(2), unbindChat }),
    { rows: rows(3), chat: bound },
    [3, 5],
  ],
])('counts the calls of %s', (_, desired, read, expected) => {
  expect(needed(desired, read)).toEqual(expected);
});
