import { expect, test } from 'vitest';
import { Ledger } from '../../src/applier/ledger.ts';
import type { ChangeError, ChangeOutcome, ChangeResult } from '../../src/model/result.ts';
import { eventPlan, removal, user } from '../support/plans.ts';

const change = removal(user('ou_a'));
const error: ChangeError = { code: '1', message: 'no' };
const { attendee } = { attendee: user('ou_a'), ...change };

type Left = Pick<ChangeResult, 'outcome' | 'error'>;

test.each<[string, ChangeOutcome | null, ChangeOutcome | 'pending', ChangeError | undefined, Left | null]>([
  ['was told as it is', 'done', 'done', undefined, null],
  ['failed, and was told so with why', 'failed', 'failed', error, null],
  ['is in doubt, and why is to be kept', 'unknown', 'unknown', error, { outcome: 'unknown', error }],
  ['was told as in doubt and is done', 'unknown', 'done', undefined, { outcome: 'done' }],
  ['was told as done and is not seen', 'done', 'unknown', error, { outcome: 'unknown', error }],
  ['was so already', null, 'already', undefined, { outcome: 'already' }],
  ['was never sent', null, 'pending', undefined, { outcome: 'not-attempted' }],
  ['was sent and is to be sent again', 'unknown', 'pending', undefined, { outcome: 'failed' }],
])(
  'of a change that %s, the end of its event says what is not said yet',
  (_what, told, outcome, why, left) => {
    const ledger = new Ledger(eventPlan('weekly', { changes: [change] }));
    if (told !== null) ledger.tell([change], told);
    ledger.mark([change], outcome, why);
    expect(ledger.untold()).toStrictEqual(left === null ? [] : [{ action: 'remove', attendee, ...left }]);
  },
);

test('an unbinding that was never sent is told with its chat', () => {
  const unbinding = {
    action: 'unbind-chat',
    chatId: 'oc_meet',
    reason: 'chat-absent',
    certain: true,
  } as const;
  const ledger = new Ledger(eventPlan('weekly', { changes: [unbinding] }));
  expect(ledger.untold()).toStrictEqual([
    { action: 'unbind-chat', chatId: 'oc_meet', outcome: 'not-attempted' },
  ]);
});

test('what is tried again keeps why, in case there is no further try', () => {
  const ledger = new Ledger(eventPlan('weekly', { changes: [change] }));
  ledger.tell([change], 'failed');
  ledger.mark([change], 'failed', error);
  ledger.mark([change], 'pending');
  expect(ledger.pending()).toEqual([change]);
  ledger.mark([change], 'failed', ledger.untold()[0]?.error);
  expect(ledger.untold()).toEqual([]);
  expect(ledger.with('failed')).toEqual([change]);
});

test('a change that the plan does not have is a mistake of the program', () => {
  const ledger = new Ledger(eventPlan('weekly', { changes: [] }));
  expect(() => ledger.mark([change], 'done')).toThrow(RangeError);
});
