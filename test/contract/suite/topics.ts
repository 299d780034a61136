import { describe, expect, it } from 'vitest';

import type { AttendeeType } from '../../../src/model/platform.ts';
import { PlatformError } from '../../../src/providers/provider.ts';
import type { Fixture, Place, Topic } from './fixture.ts';
import { running } from './ground.ts';
import { openStage, writesOf, type Stage } from './stage.ts';
import { addition, removal, unbinding } from '../../support/edits.ts';

/** Whether this provider does without. */
export function deviates(fixture: Place, topic: Topic): boolean {
  return fixture.deviations.some((deviation) => deviation.topic === topic);
}

/** A group on something that not every platform has. */
export function on(fixture: Place, topic: Topic, name: string, group: () => void): void {
  if (!deviates(fixture, topic)) describe(name, group);
}

const scenes = [
  { id: 'probe_0', seats: [], crowd: 2, meetingChat: { id: 'oc_meet' } },
  { id: 'outside_0', seats: [{ id: 'guest', external: true }] },
  { id: 'handed_0', seats: [{ id: 'heir' }], handedTo: 'heir' },
] as const;
const options = { notify: false, key: 'key1' } as const;

/** A refusal by this program itself, before any call, is what "not there" looks like. */
async function without(stage: Stage, work: () => Promise<unknown>): Promise<boolean> {
  const before = stage.wire.length;
  try {
    await work();
    return false;
  } catch (error) {
    if (!(error instanceof PlatformError) || stage.wire.length > before) throw error;
    return true;
  }
}

function adds(type: AttendeeType, id: string): (stage: Stage) => Promise<boolean> {
  return async (stage) => {
    const batch = [{ type, id, optional: false }];
    const refused = await without(stage, () =>
      stage.session.writer().edit(stage.fixture.ref('probe_0'), addition(batch), undefined, options, running),
    );
    return (
      !refused && stage.emulator.attendees('probe_0').some((live) => live.type === type && live.id === id)
    );
  };
}

async function lastWrite(stage: Stage, notify: boolean): Promise<string> {
  const { fixture, session } = stage;
  const row = { type: 'user', id: fixture.user('crowd1') } as const;
  await session
    .writer()
    .edit(fixture.ref('probe_0'), removal([row]), undefined, { notify, key: 'key1' }, running);
  const { query, body } = writesOf(stage.wire).at(-1) ?? {};
  return JSON.stringify([query, body]);
}

/** How each topic shows: true where the platform, through its provider, does it. */
const probes: Readonly<Record<Topic, (stage: Stage) => Promise<boolean>>> = {
  chats: adds('chat', 'oc_1'),
  rooms: adds('room', 'omm_1'),
  emails: adds('email', 'a@example.com'),
  'meeting-chat': async (stage) =>
    !(await without(stage, () =>
      stage.session
        .writer()
        .edit(stage.fixture.ref('probe_0'), unbinding('oc_meet'), undefined, options, running),
    )),
  'room-admin': async (stage) => {
    const ref = { ...stage.fixture.ref('probe_0'), admin: {} };
    const room = { type: 'room', id: 'omm_1' } as const;
    if (
      await without(stage, () =>
        stage.session.writer().edit(ref, removal([room]), undefined, options, running),
      )
    )
      return false;
    return JSON.stringify(stage.wire.at(-1)?.body).includes('admin');
  },
  'user-id-types': async (stage) => {
    await stage.session
      .reader()
      .read({ ...stage.fixture.ref('probe_0'), userIdType: 'union_id' }, 'attendees', running);
    return JSON.stringify(stage.wire.at(-1)?.query).includes('union_id');
  },
  external: async (stage) => {
    const observed = await stage.session.reader().read(stage.fixture.ref('outside_0'), 'attendees', running);
    return observed.complete && observed.attendees.some(({ external }) => external);
  },
  'removal-notice': async (stage) => (await lastWrite(stage, true)) !== (await lastWrite(stage, false)),
  'idempotency-key': async (stage) => {
    await lastWrite(stage, false);
    return JSON.stringify(stage.emulator.requests.at(-1)).includes('key1');
  },
  'removed-rows': async (stage) => {
    await lastWrite(stage, false);
    const observed = await stage.session.reader().read(stage.fixture.ref('probe_0'), 'attendees', running);
    return observed.complete && observed.attendees.some(({ reply }) => reply === 'removed');
  },
  'handed-over': async (stage) => {
    const facts = await stage.session.reader().read(stage.fixture.ref('handed_0'), 'facts', running);
    return facts.state === 'present' && facts.organizer === stage.fixture.user('heir');
  },
  'page-token-expiry': async (stage) => {
    const observed = await stage.session.reader().read(stage.fixture.ref('probe_0'), 'attendees', running);
    return observed.complete;
  },
};

/** Holds each declared deviation, and each topic that is not declared, against what the provider does. */
export function deviations(fixture: Fixture): void {
  describe('deviations', () => {
    it.each(fixture.deviations)('$topic: $reason', ({ reason }) => {
      expect(reason).toMatch(/\w+ \w+ \w+/);
    });

    // Its own keys, as the type names them.
    const topics = Object.keys(probes) as Topic[];
    it.each(topics)('%s is there, or declared and really missing', async (topic) => {
      let refused = false;
      await using stage = await openStage(
        fixture,
        { scenes },
        {
          script: ({ operation }) => {
            if (topic !== 'page-token-expiry' || operation !== 'list' || refused) return undefined;
            refused = true;
            return fixture.expiredPage;
          },
        },
      );
      expect(await probes[topic](stage)).toBe(!deviates(fixture, topic));
    });
  });
}
