import { describe, expect, test } from 'vitest';
import type { Edit } from '../../src/model/edit.ts';
import type { Basis, Observed } from '../../src/model/event.ts';
import { addition, removal } from '../support/edits.ts';
import { ref } from '../support/manifest-builders.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { WholePlatform } from '../support/whole-platform.ts';
import { replaceLists } from '../support/whole-row.ts';
import { everyPlatform } from './suite/every.ts';
import { openWhole, wholePlace } from './whole.ts';

/** What every platform does, and what one that replaces its lists owes to planner and applier beyond that. */

replaceLists();

describe(wholePlace.title, () => {
  everyPlatform(wholePlace, openWhole);
});

const event = ref({ eventId: 'weekly' });
const options = { notify: false, key: 'k' } as const;
const { signal } = new AbortController();

function platform(): WholePlatform {
  const model = new WholePlatform('feishu', virtualClock());
  model.create('weekly', ['ou_a', { id: 'ou_b', reply: 'accepted', name: 'B' }, 'ou_c']);
  return model;
}

async function basisOf(model: WholePlatform): Promise<Basis | undefined> {
  const observed: Observed = await model.read(event, 'attendees', signal);
  return observed.complete ? observed.basis : undefined;
}

const user = (id: string): { readonly type: 'user'; readonly id: string } => ({ type: 'user', id });

const all: Edit = {
  kind: 'attendees',
  remove: [user('ou_a')],
  add: [{ ...user('ou_d'), optional: false }],
  set: [{ ...user('ou_c'), optional: true }],
};

describe('a list that is replaced', () => {
  test('takes removals, additions and flags in one request', async () => {
    const model = platform();
    await model.edit(event, all, await basisOf(model), options, signal);
    expect(model.live('weekly')).toEqual(['user:ou_b', 'user:ou_c?', 'user:ou_d']);
    expect(model.writes).toHaveLength(1);
  });

  test('keeps every row that no change names as it was read, in its order', async () => {
    const model = platform();
    const before = model.rows('weekly');
    await model.edit(event, removal([user('ou_a')]), await basisOf(model), options, signal);
    expect(model.rows('weekly')).toStrictEqual(before.slice(1));
  });

  test('is not written without having been read', async () => {
    const model = platform();
    await expect(model.edit(event, all, undefined, options, signal)).rejects.toBeInstanceOf(RangeError);
    expect(model.effects).toEqual([]);
  });

  test('conflicts where anything moved it meanwhile, takes nothing, and is written on a new reading', async () => {
    const model = platform();
    const basis = await basisOf(model);
    model.join('weekly', 'ou_new');
    const stale = model.edit(
      event,
      addition(all.kind === 'attendees' ? all.add : []),
      basis,
      options,
      signal,
    );
    await expect(stale).rejects.toMatchObject({ kind: 'conflict' });
    expect(model.effects).toEqual([]);
    await model.edit(event, all, await basisOf(model), options, signal);
    expect(model.live('weekly')).toContain('user:ou_new');
  });

  test('answers what it is after the write, with a basis for the next', async () => {
    const model = platform();
    const after = await model.edit(event, all, await basisOf(model), options, signal);
    if (after?.complete !== true) throw new TypeError('no list was answered');
    await model.edit(event, removal([user('ou_b')]), after.basis, options, signal);
    expect(model.live('weekly')).toEqual(['user:ou_c?', 'user:ou_d']);
  });
});
