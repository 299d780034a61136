import { describe, expect, it, test } from 'vitest';
import { rowsAfter } from '../../../src/providers/google/write.ts';
import { type Random, randomOf } from '../../property/random.ts';
import { addition, removal } from '../../support/edits.ts';
import { inTurn, signal } from '../bench.ts';
import { answer, basisOf, body, event, onGoogle, path, refusal, type Row } from './bench.ts';

const options = { notify: false, key: 'k' } as const;
const rows: readonly Row[] = [
  { email: 'lead@corp.com', organizer: true, self: true, responseStatus: 'accepted' },
  {
    id: '1',
    email: 'Ann@Corp.com',
    displayName: 'Ann',
    responseStatus: 'accepted',
    comment: 'ok',
    additionalGuests: 2,
  },
  { email: 'bob@corp.com', responseStatus: 'tentative', optional: true },
  { email: 'c_1@resource.calendar.google.com', resource: true, responseStatus: 'accepted' },
];
const email = (id: string) => ({ type: 'email', id }) as const;
const added = (id: string) => ({ ...email(id), optional: false });

describe('a write', () => {
  it('sends the attendees alone under the version, with every other row as it was read', async () => {
    const edit = {
      kind: 'attendees' as const,
      remove: [email('bob@corp.com')],
      add: [
        { ...email('new@corp.com'), optional: true },
        { type: 'room' as const, id: 'c_2@resource.calendar.google.com', optional: false },
        { type: 'group' as const, id: 'all@corp.com', optional: false },
      ],
      set: [{ ...email('ann@corp.com'), optional: true }],
    };
    const after = [
      rows[0],
      { ...rows[1], optional: true },
      rows[3],
      { email: 'new@corp.com', optional: true },
      { email: 'c_2@resource.calendar.google.com', resource: true },
      { email: 'all@corp.com' },
    ];
    await onGoogle(
      (request) =>
        request.method === 'GET' ? answer(rows) : { body: body(after as Row[], { etag: '"2"' }) },
      async ({ reader, writer, calls }) => {
        const answered = await writer.edit(event, edit, await basisOf(reader), options, signal);
        const call = calls().at(-1);
        expect([call?.method, call?.path, call?.query]).toEqual(['PATCH', path, { sendUpdates: 'none' }]);
        expect(call?.headers['if-match']).toBe('"1"');
        expect(call?.json).toStrictEqual({ attendees: after });
        expect(answered).toMatchObject({ complete: true });
      },
    );
  });

  test.each([
    [true, 'all'],
    [false, 'none'],
  ])('tells people as notify %s says', async (notify, sendUpdates) => {
    await onGoogle(
      (request) => (request.method === 'GET' ? answer(rows) : answer(rows.slice(0, 2), { etag: '"2"' })),
      async ({ reader, writer, calls }) => {
        await writer.edit(
          event,
          removal([email('bob@corp.com')]),
          await basisOf(reader),
          { ...options, notify },
          signal,
        );
        expect(calls().at(-1)?.query).toEqual({ sendUpdates });
      },
    );
  });

  it('that comes too late is a conflict, and is not repeated', async () => {
    await onGoogle(
      (request) => (request.method === 'GET' ? answer(rows) : refusal(412, 'conditionNotMet')),
      async ({ reader, writer, calls }) => {
        const edit = writer.edit(
          event,
          removal([email('bob@corp.com')]),
          await basisOf(reader),
          options,
          signal,
        );
        await expect(edit).rejects.toMatchObject({ kind: 'conflict' });
        expect(calls()).toHaveLength(2);
      },
    );
  });

  it('that is answered with success and changes nothing names the organizer', async () => {
    await onGoogle(
      () => answer(rows),
      async ({ reader, writer }) => {
        const edit = writer.edit(
          event,
          removal([email('bob@corp.com')]),
          await basisOf(reader),
          options,
          signal,
        );
        await expect(edit).rejects.toMatchObject({
          kind: 'event',
          code: 'no-effect',
          message: expect.stringContaining('lead@corp.com'),
        });
      },
    );
  });

  it.each([
    ['marked as the organizer', 'LEAD@corp.com', rows],
    ['of its address', 'LEAD@corp.com', [{ email: 'lead@corp.com' }]],
    ["of the calendar's own", 'boss@corp.com', [{ email: 'boss@corp.com', self: true }]],
  ])('takes off nobody who organizes the event: a row %s', async (_, id, listed) => {
    await onGoogle(
      () => answer(listed),
      async ({ reader, writer, calls }) => {
        const edit = writer.edit(event, removal([email(id)]), await basisOf(reader), options, signal);
        await expect(edit).rejects.toMatchObject({ code: 'organizer' });
        expect(calls()).toHaveLength(1);
      },
    );
  });

  it('after an addition that came back as another address takes nobody off', async () => {
    const script = inTurn(
      answer(rows),
      answer([...rows, { email: 'primary@corp.com' }], { etag: '"2"' }),
      answer(rows, { etag: '"3"' }),
    );
    await onGoogle(script, async ({ reader, writer, calls }) => {
      const answered = await writer.edit(
        event,
        addition([added('alias@corp.com')]),
        await basisOf(reader),
        options,
        signal,
      );
      const basis = answered?.complete === true ? answered.basis : undefined;
      const edit = writer.edit(event, removal([email('primary@corp.com')]), basis, options, signal);
      await expect(edit).rejects.toMatchObject({
        code: 'alias',
        message: expect.stringContaining('alias@corp.com'),
      });
      expect(calls()).toHaveLength(2);
    });
  });

  test.each([
    [400, 'invalid', 'entry'],
    [403, 'forbiddenForNonOrganizer', 'event'],
    [403, 'quotaExceeded', 'quota'],
    [404, 'notFound', 'absent'],
    [503, 'backendError', 'lost'],
  ])('refused with %i %s is of kind %s and sent once', async (status, reason, kind) => {
    await onGoogle(
      (request) => (request.method === 'GET' ? answer(rows) : refusal(status, reason)),
      async ({ reader, writer, calls }) => {
        const edit = writer.edit(
          event,
          removal([email('bob@corp.com')]),
          await basisOf(reader),
          options,
          signal,
        );
        await expect(edit).rejects.toMatchObject({ kind });
        expect(calls()).toHaveLength(2);
      },
    );
  });

  it('is never made without a version', async () => {
    await onGoogle(
      () => answer(rows),
      async ({ writer, calls }) => {
        for (const edit of [removal([email('bob@corp.com')]), { kind: 'delete-event' } as const]) {
          await expect(writer.edit(event, edit, undefined, options, signal)).rejects.toBeInstanceOf(
            RangeError,
          );
        }
        expect(calls()).toEqual([]);
      },
    );
  });
});

describe('a deletion', () => {
  it('stands on the version that was looked at', async () => {
    await onGoogle(
      (request) => (request.method === 'GET' ? answer(rows) : { status: 204 }),
      async ({ reader, writer, calls }) => {
        const facts = await reader.read(event, 'facts', signal);
        const basis = facts.state === 'present' ? facts.basis : undefined;
        expect(await writer.edit(event, { kind: 'delete-event' }, basis, options, signal)).toBeNull();
        const call = calls().at(-1);
        expect([call?.method, call?.path, call?.query, call?.headers['if-match']]).toEqual([
          'DELETE',
          path,
          { sendUpdates: 'none' },
          '"1"',
        ]);
      },
    );
  });

  it.each([
    [410, 'deleted', 'done'],
    [404, 'notFound', 'absent'],
    [412, 'conditionNotMet', 'conflict'],
  ])('answered with %i %s is %s', async (status, reason, kind) => {
    await onGoogle(
      (request) => (request.method === 'GET' ? answer(rows) : refusal(status, reason)),
      async ({ reader, writer }) => {
        const edit = writer.edit(event, { kind: 'delete-event' }, await basisOf(reader), options, signal);
        await expect(edit).rejects.toMatchObject({ kind });
      },
    );
  });
});

const replies = ['needsAction', 'declined', 'tentative', 'accepted', undefined] as const;

/** A row with any of what the platform answers, and more that nobody knows. */
function anyRow(random: Random, at: number): Row {
  const row: Record<string, unknown> = { email: `${random.chance(0.5) ? 'P' : 'p'}${at}@corp.com` };
  if (random.chance(0.5)) row['displayName'] = `名 ${at} "é"`;
  if (random.chance(0.3)) row['optional'] = random.chance(0.5);
  if (random.chance(0.8)) row['responseStatus'] = random.pick(replies);
  if (random.chance(0.2)) row['comment'] = 'late\n';
  if (random.chance(0.2)) row['additionalGuests'] = random.int(5);
  if (random.chance(0.1)) row['resource'] = true;
  if (random.chance(0.1)) row['unheardOf'] = { deep: [null, 1.5, '0123'] };
  return row;
}

test('rows that no change names go back as they were read, in their order, over all edits', () => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const random = randomOf(seed);
    const list = Array.from({ length: random.int(30) }, (_, at) => anyRow(random, at));
    const read: unknown = JSON.parse(JSON.stringify(list));
    // It was a list of objects a line above.
    const known = read as Row[];
    const of = (at: number) => email(`p${at}@corp.com`);
    const named = known.map((_, at) => at).filter(() => random.chance(0.3));
    const removed = named.filter(() => random.chance(0.5));
    const set = named
      .filter((at) => !removed.includes(at))
      .map((at) => ({ ...of(at), optional: random.chance(0.5) }));
    const add = Array.from({ length: random.int(4) }, (_, at) => added(`new${at}@corp.com`));
    const after = rowsAfter(known, { kind: 'attendees', remove: removed.map(of), add, set });
    const sent: unknown = JSON.parse(JSON.stringify(after));
    const kept = list.filter((_, at) => !removed.includes(at));
    const expected = kept.map((row) => {
      const flag = set.find(({ id }) => id === String(row['email']).toLowerCase());
      return flag === undefined ? row : { ...row, optional: flag.optional };
    });
    const wanted: unknown = JSON.parse(
      JSON.stringify([...expected, ...add.map(({ id }) => ({ email: id }))]),
    );
    expect(sent, `seed ${seed}`).toStrictEqual(wanted);
  }
});
