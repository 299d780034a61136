import { describe, expect, it } from 'vitest';

import type { DesiredAttendee } from '../../../src/model/attendee.ts';
import type { Edit } from '../../../src/model/edit.ts';
import type { EventRef } from '../../../src/model/event.ts';
import { PlatformError } from '../../../src/providers/provider.ts';
import type { Fixture, Place, Scene, Topic } from './fixture.ts';
import { running } from './ground.ts';
import { staffed } from './staff.ts';
import { openStage, sentAs, writesOf, type Script, type Stage } from './stage.ts';
import { crowds, wants } from './wants.ts';
import { addition, removal, unbinding } from '../../support/edits.ts';

/** Whether this provider does without. */
export function deviates(fixture: Place, topic: Topic): boolean {
  return fixture.deviations.some((deviation) => deviation.topic === topic);
}

/** A group on something that not every platform has. */
export function on(fixture: Place, topic: Topic, name: string, group: () => void): void {
  if (!deviates(fixture, topic)) describe(name, group);
}

const scenesFor = ({ caps }: Fixture): readonly Scene[] => [
  { id: 'probe_0', seats: [], crowd: 2, meetingChat: { id: 'oc_meet' } },
  { id: 'bare_0', seats: [] },
  { id: 'long_0', seats: [], crowd: caps.page },
  { id: 'outside_0', seats: [{ id: 'guest', external: true }] },
  { id: 'handed_0', seats: [{ id: 'heir' }], handedTo: 'heir' },
  ...['s1_0', 's2_0', 's3_0'].map((id) => ({
    id,
    seats: [],
    series: { rule: 'FREQ=WEEKLY', start: '2026-11-02T02:00:00Z' },
  })),
];

/** One call that goes otherwise than usual, where a topic is about that. */
function scriptFor(fixture: Fixture, topic: Topic): Script {
  const refusal = fixture.errors.find(({ on, meaning }) => on === 'list' && meaning === 'event');
  return ({ operation, nth }) => {
    if (operation !== 'list' || nth > 1) return undefined;
    if (topic === 'page-token-expiry') return fixture.expiredPage;
    return topic === 'log-ids' && refusal !== undefined
      ? fixture.refusal(refusal.code, refusal.status)
      : undefined;
  };
}

/** Makes an edit on a fresh reading. */
export async function editNow(
  { session }: Pick<Stage, 'session'>,
  ref: EventRef,
  edit: Edit,
  { notify = false, key = 'key1' }: { readonly notify?: boolean; readonly key?: string } = {},
): Promise<void> {
  const { basis } = await session
    .reader()
    .read(ref, edit.kind === 'attendees' ? 'attendees' : 'facts', running)
    .then((read) => ('basis' in read ? read : { basis: undefined }));
  await session.writer().edit(ref, edit, basis, { notify, key }, running);
}

/** A refusal by this program itself, before any call that writes, is what "not there" looks like. */
async function without(stage: Stage, work: () => Promise<unknown>): Promise<boolean> {
  const before = writesOf(stage.wire).length;
  try {
    await work();
    return false;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    // A call that was refused for what it names is as good.
    if (writesOf(stage.wire).length > before && error.kind !== 'entry') throw error;
    return true;
  }
}

function adds(
  of: (fixture: Fixture) => Pick<DesiredAttendee, 'type' | 'id'>,
): (stage: Stage) => Promise<boolean> {
  return async (stage) => {
    const { type, id } = of(stage.fixture);
    const refused = await without(stage, () =>
      editNow(stage, stage.fixture.ref('probe_0'), addition([{ type, id, optional: false }])),
    );
    return (
      !refused && stage.emulator.attendees('probe_0').some((live) => live.type === type && live.id === id)
    );
  };
}

async function lastWrite(stage: Stage, notify: boolean): Promise<string> {
  const { fixture } = stage;
  const row = { type: 'user', id: fixture.user('crowd1') } as const;
  await editNow(stage, fixture.ref('probe_0'), removal([row]), { notify });
  const { query, body } = writesOf(stage.wire).at(-1) ?? {};
  return JSON.stringify([query, body]);
}

/** How each topic shows: true where the platform, through its provider, does it. */
const probes: Readonly<Record<Topic, (stage: Stage) => Promise<boolean>>> = {
  chats: adds(() => ({ type: 'chat', id: 'oc_1' })),
  rooms: adds(({ others }) => others.room('1')),
  emails: adds(() => ({ type: 'email', id: 'a@example.com' })),
  'meeting-chat': async (stage) =>
    !(await without(stage, () => editNow(stage, stage.fixture.ref('probe_0'), unbinding('oc_meet')))),
  'room-admin': async (stage) => {
    const ref = { ...stage.fixture.ref('probe_0'), admin: {} };
    const room = { type: 'room', id: 'omm_1' } as const;
    if (await without(stage, () => editNow(stage, ref, removal([room])))) return false;
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
  pages: async (stage) => {
    await stage.session.reader().read(stage.fixture.ref('long_0'), 'attendees', running);
    return stage.wire.filter(({ operation }) => operation === 'list').length > 1;
  },
  batches: async (stage) => {
    await stage.run([wants(stage.fixture, 'bare_0', crowds(1, stage.fixture.caps.add + 1))]);
    return writesOf(stage.wire).length > 1;
  },
  'removing-call': ({ fixture }) => Promise.resolve(sentAs(fixture, 'remove') !== sentAs(fixture, 'add')),
  'read-back': async (stage) => {
    await stage.run([wants(stage.fixture, 'bare_0', ['new'])]);
    return stage.wire.at(-1)?.operation === 'list';
  },
  'log-ids': async (stage) => {
    const planned = await stage.plan([wants(stage.fixture, 'bare_0', ['new'])]);
    return planned.plan.events[0]?.problem?.logId !== undefined;
  },
  leavers: async (stage) => {
    const ids = [stage.fixture.user('gone')];
    const idType = stage.fixture.ref('probe_0').userIdType;
    const { of } = await stage.session.organisation().standing({ ids, idType, soon: false }, running);
    return of.get(ids[0] ?? '') === 'left';
  },
  'contact-range': async ({ session }) => {
    const { range } = await session.finder().grants(new Set(), running);
    return range !== null;
  },
  'look-ups-together': async (stage) => {
    const texts = Array.from({ length: 100 }, (_, at) => `n${at}@corp.com`);
    await stage.session.finder().find('people', { texts, by: 'email' }, running);
    return stage.wire.filter(({ operation }) => operation === 'other').length < 50;
  },
  'series-together': async ({ fixture, session, wire }) => {
    const refs = ['s1_0', 's2_0', 's3_0'].map((id) => fixture.ref(id));
    const stretch = { fromMs: Date.UTC(2026, 10, 20), toMs: Date.UTC(2026, 11, 20) };
    await session.reader().occurrences(refs, stretch, running);
    return wire.filter(({ api }) => api === fixture.series.several).length < refs.length;
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
      await using stage = await openStage(
        fixture,
        { ...staffed(), scenes: scenesFor(fixture) },
        { script: scriptFor(fixture, topic) },
      );
      expect(await probes[topic](stage)).toBe(!deviates(fixture, topic));
    });
  });
}
