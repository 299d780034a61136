import { describe, expect, test } from 'vitest';
import type { Edit } from '../../src/model/edit.ts';
import { editBy } from '../../src/providers/delta.ts';
import type { WriteOptions } from '../../src/providers/provider.ts';
import { addition, deletion, removal, unbinding } from '../support/edits.ts';
import { ref } from '../support/manifest-builders.ts';

const options: WriteOptions = { notify: true, key: 'k' };
const { signal } = new AbortController();
const ann = { type: 'user', id: 'ou_ann' } as const;
const added = { ...ann, optional: false };

async function callsOf(edit: Edit): Promise<unknown[]> {
  const calls: unknown[] = [];
  const call =
    (name: string) =>
    (_event: unknown, ...given: readonly unknown[]): Promise<void> => {
      calls.push([name, ...given.filter((one) => one !== options && one !== signal)]);
      return Promise.resolve();
    };
  const writes = {
    remove: call('remove'),
    add: call('add'),
    unbindChat: call('unbindChat'),
    deleteEvent: call('deleteEvent'),
  };
  expect(await editBy(writes)(ref(), edit, undefined, options, signal)).toBeNull();
  return calls;
}

describe('an edit where attendees are removed and added by calls of their own', () => {
  test.each([
    ['a removal', removal([ann]), [['remove', [ann]]]],
    ['an addition', addition([added]), [['add', [added]]]],
    ['an unbinding', unbinding('oc_1'), [['unbindChat', 'oc_1']]],
    ['a deletion', deletion, [['deleteEvent']]],
    ['nothing', removal([]), []],
  ])('of %s is one call', async (_name, edit, calls) => {
    expect(await callsOf(edit)).toEqual(calls);
  });

  test.each([
    ['a removal beside an addition', { ...removal([ann]), add: [added] }],
    ['a flag set in place', { ...removal([]), set: [added] }],
  ] as const)('cannot hold %s', async (_name, edit) => {
    await expect(callsOf(edit)).rejects.toBeInstanceOf(RangeError);
  });
});
