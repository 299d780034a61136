import { describe, expect, it, test } from 'vitest';
import type { ApplyEvent, BatchAttendee } from '../../src/model/result.ts';
import { batch, effects, event, settled, user } from './journal-lines.ts';

const b = user('ou_b');

describe('what a run did', () => {
  test.each<[string, readonly ApplyEvent[], boolean | null]>([
    ['a batch that was done', batch(1, 'remove', [b]), true],
    ['a batch without an end', batch(1, 'remove', [b], 'open'), false],
    ['a batch whose answer was lost', batch(1, 'remove', [b], 'unknown'), false],
    ['a batch that was refused', batch(1, 'remove', [b], 'failed'), null],
    [
      'a lost answer that reading settled',
      [...batch(1, 'remove', [b], 'unknown'), settled({ action: 'remove', attendee: b, outcome: 'done' })],
      true,
    ],
    [
      'what was so already',
      [...batch(1, 'remove', [b], 'failed'), settled({ action: 'remove', attendee: b, outcome: 'already' })],
      null,
    ],
    [
      'what was accepted and never seen',
      [...batch(1, 'remove', [b]), settled({ action: 'remove', attendee: b, outcome: 'unknown' })],
      false,
    ],
    [
      'a refused batch whose other half went through',
      [...batch(1, 'remove', [b, user('ou_c')], 'failed'), ...batch(2, 'remove', [b])],
      true,
    ],
  ])('%s', (_what, events, certain) => {
    const [one] = effects(...events);
    expect(one?.attendees[0]?.removed?.certain ?? null).toBe(certain);
  });

  it('names the line, the flag, the contact of a room and who is from outside', () => {
    const room: BatchAttendee = { type: 'room', id: 'omm_1', optional: false, operateId: 'ou_z' };
    const out = user('ou_out', { external: true, name: 'Out', optional: true });
    const [one] = effects(...batch(1, 'remove', [room, out, { ...out, attendeeId: 'second' }]));
    const source = { file: 'run.ndjson', line: 2, column: 1 };
    const trace = { certain: true, source };
    expect(one?.attendees).toEqual([
      {
        type: 'room',
        id: 'omm_1',
        removed: { ...trace, optional: false, operateId: 'ou_z', external: false },
        added: null,
      },
      {
        type: 'user',
        id: 'ou_out',
        name: 'Out',
        removed: { ...trace, optional: true, external: true },
        added: null,
      },
    ]);
  });

  it('speaks of a meeting room in admin mode as the run did', () => {
    const admin = { instanceStartTime: '1647320400' };
    const [one] = effects(...batch(1, 'remove', [b], 'done', { ...event, userIdType: 'union_id', admin }));
    expect(one?.ref).toEqual({
      provider: 'feishu',
      calendarId: 'cal',
      eventId: 'weekly_0',
      userIdType: 'union_id',
      admin,
    });
  });

  it('to one event is told once, under whatever names', () => {
    const names = ['a', 'b', 'c'].map((name) => ({ ...event, name, organizer: `of ${name}` }));
    const found = effects(
      ...names.flatMap((one, index) => batch(index + 1, 'add', [user(`ou_${one.name}`)], 'open', one)),
    );
    expect(found.map(({ name }) => name)).toEqual(['a']);
    expect(found[0]?.attendees.map(({ id }) => id)).toEqual(['ou_a', 'ou_b', 'ou_c']);
  });

  it('is nothing where nothing was sent', () => {
    expect(effects(settled({ action: 'remove', attendee: b, outcome: 'not-attempted' }))).toEqual([]);
  });
});
