import { readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

import { behaviourSchema } from '../../../src/emulator/behaviour.ts';
import type { DesiredEvent } from '../../../src/model/event.ts';
import { type ProviderId, platforms } from '../../../src/platforms/index.ts';
import type { Fixture, World } from './fixture.ts';
import { planOf, resultOf } from './ground.ts';
import { switchesOf } from './switches-of-kinds.ts';
import { openStage, type Stage } from './stage.ts';
import { deviates, editNow, on } from './topics.ts';
import { crowds, onEvent, rests, step, users, wants, wantsGone } from './wants.ts';
import { addition, removal } from '../../support/edits.ts';

/** Each switch of the server with each of its answers, from the schema, so that a new one is held to this too. */
function answers(): (readonly [string, string])[] {
  // The schema is built from the table of switches: an object whose choices have an enum.
  const { properties } = behaviourSchema as {
    properties: Record<string, { readonly enum?: readonly string[] }>;
  };
  return Object.entries(properties).flatMap(([name, { enum: values = [] }]) =>
    values.map((value) => [name, value] as const),
  );
}

/**
 * The first answer of each switch is the server's own: it holds wherever nothing is said, so the others are tried. Where
 * the server's code of this platform does not look at a switch, its answers are all the one where nothing is said.
 */
function others({ provider }: Fixture): (readonly [string, string])[] {
  const code = codeOf(provider);
  return answers().filter(([name], index, all) => all[index - 1]?.[0] === name && code.includes(name));
}

const emulator = fileURLToPath(new URL('../../../src/emulator/', import.meta.url));

/** The server's code but for the tables of switches, which name all of them, and for the other platforms. */
function codeOf(provider: ProviderId): string {
  const elsewhere = new Set(Object.keys(platforms).filter((id) => id !== provider));
  return readdirSync(emulator, { recursive: true, encoding: 'utf8' })
    .filter(
      (file) =>
        file.endsWith('.ts') && !file.endsWith('switches.ts') && !elsewhere.has(file.split(sep)[0] ?? ''),
    )
    .map((file) => readFileSync(join(emulator, file), 'utf8'))
    .join('\n');
}

const people = [{ id: 'back' }, { id: 'new' }, { id: 'late' }];

/** One of everything that all platforms do; the list is longer than a page where pages are what it is about. */
function ordinary(
  fixture: Fixture,
  name = '',
): { readonly world: World; readonly desired: readonly DesiredEvent[] } {
  const crowd = name === 'largePage' ? fixture.caps.page + 5 : 3;
  return {
    world: {
      people,
      scenes: [
        {
          id: 'mixed_0',
          seats: [
            { id: 'stays' },
            { id: 'leaves' },
            { id: 'maybe', optional: true },
            { id: 'back', removed: true },
          ],
          crowd,
        },
        { id: 'over_0', seats: [{ id: 'stays' }] },
      ],
    },
    desired: [
      wants(fixture, 'mixed_0', ['stays', 'maybe', 'back', 'new', ...crowds(1, crowd)], {
        optionalDrift: 'replace',
      }),
      wantsGone(fixture, 'over_0'),
    ],
  };
}

/** Somebody else's hand on the same event, between the plan and the write. */
async function meanwhile(
  stage: Stage,
  eventId: string,
  action: 'add' | 'remove',
  name: string,
): Promise<void> {
  const { fixture } = stage;
  const entry = { type: 'user', id: fixture.user(name), optional: true } as const;
  const edit = action === 'add' ? addition([entry]) : removal([entry]);
  await editNow(stage, fixture.ref(eventId), edit, { key: `other${action}` });
}

/** What the API pages leave open: whatever the platform does, the client ends up right. */
export function switches(fixture: Fixture): void {
  const inert = new Set(Object.keys(fixture.inertSwitches ?? {}));
  describe('whatever the platform answers', () => {
    it.each([['nothing', 'said'] as const, ...others(fixture)])(
      'with %s %s, ordinary changes converge and rest',
      async (name, value) => {
        const { world, desired } = ordinary(fixture, name);
        const behaviour = name === 'nothing' ? {} : { [name]: value };
        await using stage = await openStage(fixture, { ...world, behaviour });
        await step(stage, desired);
        expect(onEvent(stage, 'mixed_0')).toEqual(
          desired[0]?.attendees?.map(({ id }) => id).sort((a, b) => (a < b ? -1 : 1)),
        );
      },
    );

    it.each(answers().filter(([name]) => name === 'unknownAttendee'))(
      'with %s %s, somebody who left between plan and write is no failure',
      async (name, value) => {
        await using stage = await openStage(fixture, {
          scenes: [{ id: 'a_0', seats: [{ id: 'stays' }], crowd: 6 }],
          behaviour: { [name]: value },
        });
        const desired = wants(fixture, 'a_0', ['stays']);
        const planned = await stage.plan([desired]);
        await meanwhile(stage, 'a_0', 'remove', 'crowd4');
        const result = await stage.apply(planned);
        const event = resultOf(result, 'a_0');
        expect(onEvent(stage, 'a_0')).toEqual(users(stage, 'stays'));
        expect(event.changes.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
        expect(event.outcome).toBe('converged');
        await rests(stage, [desired]);
      },
    );

    it.each(answers().filter(([name]) => name === 'duplicateAdd'))(
      'with %s %s, somebody who came between plan and write is not added twice',
      async (name, value) => {
        await using stage = await openStage(fixture, {
          scenes: [{ id: 'a_0', seats: [{ id: 'stays' }] }],
          behaviour: { [name]: value },
        });
        const desired = wants(fixture, 'a_0', ['stays', 'late', 'new']);
        const planned = await stage.plan([desired]);
        await meanwhile(stage, 'a_0', 'add', 'late');
        const result = await stage.apply(planned);
        expect(onEvent(stage, 'a_0')).toEqual(users(stage, 'stays', 'late', 'new'));
        // Somebody else made it optional: only a platform that takes the flag over shows what was asked for.
        const outcomes = { ignored: 'not-converged', updates: 'converged', refused: 'partial' };
        expect({ ...outcomes, ...fixture.duplicateAdd }).toMatchObject({
          [value]: resultOf(result, 'a_0').outcome,
        });
        await rests(stage, [desired]);
      },
    );

    it.each(answers().filter(([name]) => name === 'unknownUser'))(
      'with %s %s, a user whom the platform does not know is added or named',
      async (name, value) => {
        await using stage = await openStage(fixture, {
          scenes: [{ id: 'a_0', seats: [{ id: 'stays' }] }],
          people: [{ id: 'new' }],
          behaviour: { [name]: value },
        });
        const { result } = await stage.run([wants(fixture, 'a_0', ['stays', 'new', 'nobody'])]);
        const refused = value === 'refused';
        expect(onEvent(stage, 'a_0')).toEqual(users(stage, 'stays', 'new', ...(refused ? [] : ['nobody'])));
        const failed = resultOf(result, 'a_0').changes.filter(({ outcome }) => outcome === 'failed');
        expect(failed.map(({ attendee }) => attendee?.id)).toEqual(refused ? [fixture.user('nobody')] : []);
      },
    );

    it.each(answers().filter(([name]) => name === 'capCode' && !inert.has(name)))(
      'with %s %s, an event that others filled meanwhile keeps its attendees',
      async (name, value) => {
        const crowd = fixture.caps.event - 2;
        await using stage = await openStage(fixture, {
          scenes: [{ id: 'a_0', seats: [], crowd }],
          behaviour: { [name]: value },
        });
        const planned = await stage.plan([wants(fixture, 'a_0', ['new', ...crowds(1, crowd)])]);
        await meanwhile(stage, 'a_0', 'add', 'late');
        const result = await stage.apply(planned);
        expect(resultOf(result, 'a_0')).toMatchObject({
          outcome: 'failed',
          changes: [{ action: 'add', outcome: 'failed', error: { hint: expect.stringMatching(/\w/) } }],
        });
        expect(stage.emulator.attendees('a_0')).toHaveLength(fixture.caps.event);
      },
    );

    it.each(['ignored', 'refused'])(
      'with reads that lag, a change is waited for (%s)',
      async (unknownAttendee) => {
        const { world, desired } = ordinary(fixture);
        await using stage = await openStage(fixture, {
          ...world,
          behaviour: { readLag: '1500ms', unknownAttendee },
        });
        const run = await stage.run(desired);
        expect(run.result.events.map(({ outcome }) => outcome)).toEqual(desired.map(() => 'converged'));
      },
    );

    on(fixture, 'read-back', 'in the end', () => {
      it('with reads that lag longer than verifying, the event is not converged and says what is not seen', async () => {
        await using stage = await openStage(fixture, {
          scenes: [{ id: 'a_0', seats: [{ id: 'stays' }, { id: 'leaves' }] }],
          behaviour: { readLag: '5m' },
        });
        const { result } = await stage.run([wants(fixture, 'a_0', ['stays'])]);
        expect(resultOf(result, 'a_0')).toMatchObject({
          outcome: 'not-converged',
          changes: [{ outcome: 'unknown', error: { code: 'not-seen' } }],
        });
        expect(result.exitCode).toBe(4);
      });
    });
  });

  switchesOf(fixture, inert);

  it('the organizer, listed or not, is no change', async () => {
    for (const organizerListed of ['always', 'never']) {
      await using stage = await openStage(fixture, {
        scenes: [{ id: 'a_0', seats: [{ id: 'stays' }], bare: !deviates(fixture, 'external') }],
        behaviour: { organizerListed },
      });
      const { planned } = await rests(stage, [wants(fixture, 'a_0', ['stays'])]);
      expect(planOf(planned, 'a_0').observed?.managed).toBe(1);
    }
  });
}
