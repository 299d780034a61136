import { expect, test } from 'vitest';
import { wanted } from '../support/manifest-builders.ts';
import { googleFixture, googleRefusal, organizer } from './google.ts';
import { planOf, resultOf } from './suite/ground.ts';
import { openStage, type Script } from './suite/stage.ts';
import { wants } from './suite/wants.ts';
import type { Fault } from '../../src/emulator/intercept.ts';

/** Where a write costs a reply: somebody is on the event by another address than the one that the manifest has. */
const tenant = (): string =>
  JSON.stringify({
    tokens: ['given-token'],
    behaviour: { aliasSwap: 'reset' },
    google: {
      domains: ['corp.com'],
      accounts: [{ clientEmail: 'contract@demo.iam.gserviceaccount.com', delegated: true }],
      aliases: { 'ann.lee@corp.com': 'ann@corp.com' },
      calendars: [
        {
          id: organizer,
          events: [{ id: 'a_0', attendees: [{ email: 'ann@corp.com', name: 'Ann', reply: 'accepted' }] }],
        },
      ],
    },
  });

/** The end of a run whose second write, which puts the reply back, meets this. */
async function endWith(...faults: readonly (Fault | undefined)[]) {
  const script: Script = ({ operation, nth }) => (operation === 'add' ? faults[nth - 1] : undefined);
  await using stage = await openStage({ ...googleFixture, tenant }, { scenes: [] }, { script });
  const { planned, result } = await stage.run([
    wants(googleFixture, 'a_0', [wanted('ann.lee@corp.com', { type: 'email' })]),
  ]);
  expect(planOf(planned, 'a_0').changes).toHaveLength(2);
  const { outcome, notes } = resultOf(result, 'a_0');
  return { outcome, notes, reply: stage.emulator.attendees('a_0')[0]?.reply };
}

const backNote = 'A write cost people their replies, which were put back: Ann (ann@corp.com) (accepted)';
const lostNote =
  'A write cost people their replies, and they could not be put back: Ann (ann@corp.com) (accepted). Ask them to reply again.';

test('a reply that a write cost is put back', async () => {
  expect(await endWith()).toEqual({ outcome: 'failed', notes: [backNote], reply: 'accepted' });
});

test.each<readonly [string, Fault]>([
  ['lost', { kind: 'reset', when: 'after' }],
  ['lost before it had any', { kind: 'reset', when: 'before' }],
])('also where the answer to that is %s', async (_, fault) => {
  expect(await endWith(undefined, fault)).toEqual({
    outcome: 'failed',
    notes: [backNote],
    reply: 'accepted',
  });
});

test('it is not put back on an event that somebody changed since, and that is told', async () => {
  expect(await endWith(undefined, googleRefusal('conditionNotMet', 412))).toEqual({
    outcome: 'not-converged',
    notes: [lostNote],
    reply: 'needsAction',
  });
});

test('the reply is known where the answer to the write that cost it was lost', async () => {
  expect(await endWith({ kind: 'reset', when: 'after' })).toMatchObject({ reply: 'accepted' });
});
