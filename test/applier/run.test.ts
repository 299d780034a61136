import { expect, test } from 'vitest';
import { refOf } from '../../src/model/event.ts';
import type { EventRef } from '../../src/model/event.ts';
import type { EventPlan } from '../../src/model/plan.ts';
import { eventPlan } from '../support/plans.ts';

const named = {
  provider: 'feishu',
  calendarId: 'feishu.cn_demo@group.calendar.feishu.cn',
  eventId: 'weekly_0',
  userIdType: 'open_id',
} as const;
const admin = { instanceStartTime: '1' };

test.each<[string, Partial<EventPlan>, EventRef]>([
  ['with nothing more than there is', {}, named],
  ['by its organizer', { organizer: 'ou_o' }, { ...named, organizer: 'ou_o' }],
  ['by the kind of its ids', { userIdType: 'union_id' }, { ...named, userIdType: 'union_id' }],
  ['as administrators do', { admin }, { ...named, admin }],
  ['with whoever answers for its rooms', { roomContact: 'ou_z' }, { ...named, roomContact: 'ou_z' }],
])('calls name an event %s', (_how, more, ref) => {
  expect(refOf(eventPlan('weekly', more))).toStrictEqual(ref);
});

test('an event whose plan does not say the kind of its ids leaves it to the platform', () => {
  const { userIdType: _unsaid, ...plan } = eventPlan('weekly');
  const { userIdType: _none, ...ref } = named;
  expect(refOf(plan)).toStrictEqual(ref);
});
