import { type ObservedAttendee, identityOf } from '../../src/model/attendee.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import type { PlatformErrorKind } from '../../src/providers/provider.ts';
import { type World, newWorld, onDingTalk, platformIn, wanted } from '../applier/scenario.ts';
import type { Fault, ModelCall } from '../support/model-calls.ts';
import { attendeeOf } from '../support/model-events.ts';
import type { ModelPlatform } from '../support/model-platform.ts';

/** Numbers that a seed gives: the same ones each time. */
export interface Random {
  /** From 0, below `below`. */
  int(below: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
}

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = (seed * 0x9e3779b1) | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    int,
    chance: (probability) => next() < probability,
    // The index is below the length, and the list is not empty.
    pick: <T>(items: readonly [T, ...T[]]) => items[int(items.length)] as T,
  };
}

/** One small run: what is there, what is wanted, what goes wrong. */
export interface Schedule {
  readonly world: World;
  readonly events: readonly DesiredEvent[];
  /** `event identity` of everybody whom somebody else changed meanwhile. */
  readonly touched: Set<string>;
  /** Whether reads never lag longer than they are waited for. */
  readonly settles: boolean;
  readonly verify: boolean;
  /** Whether the plan's own listings are handed on, so that no event is read before it is written. */
  readonly fresh: boolean;
  /** The item at which the consumer goes away, as a killed process does. */
  readonly killAt: number | null;
  readonly controller: AbortController;
  /** From here on calls fail and others interfere. */
  start(): void;
  /** From here on everything goes well. */
  calm(): void;
}

const people = ['ou_0', 'ou_1', 'ou_2', 'ou_3', 'ou_4', 'ou_5', 'ou_6', 'ou_7'] as const;
const others = ['oc_team', 'omm_1', 'omm_2', 'li@example.com'] as const;

export function scheduleOf(seed: number): Schedule {
  const random = randomOf(seed);
  const world = newWorld();
  const names = ['e0', 'e1', 'e2'].slice(0, 1 + random.int(3));
  const events = names.map((name) => eventOf(name, world, random));
  const faulty = random.pick([0, 0.1, 0.3, 0.6]);
  const meddling = random.chance(0.3) ? 0.2 : 0;
  const settles = random.chance(0.8);
  const touched = new Set<string>();
  const controller = new AbortController();
  let abortAt = random.chance(0.2) ? 1 + random.int(20) : null;
  const models = [world.feishu, world.dingtalk];
  const onCall = (model: ModelPlatform, call: ModelCall): Fault | undefined => {
    if (abortAt !== null && (abortAt -= 1) === 0) controller.abort();
    if (random.chance(meddling)) meddle(model, call.eventId, touched, random);
    return random.chance(faulty) ? faultOf(call, random) : undefined;
  };
  world.feishu.lagMs = settles ? random.int(2000) : random.int(9000);
  world.dingtalk.lagMs = settles ? 0 : random.int(3000);
  world.feishu.roomReply = random.pick(['accepted', 'accepted', 'none', 'declined']);
  world.feishu.tellsChats = random.chance(0.8);
  const slow = random.chance(0.5) ? 400 : 1;
  return {
    world,
    events,
    touched,
    settles,
    controller,
    verify: random.chance(0.85),
    fresh: random.chance(0.5),
    killAt: random.chance(0.15) ? random.int(12) : null,
    start: () => {
      for (const model of models) {
        model.onCall = (call) => onCall(model, call);
        model.callMs = () => random.int(slow);
        for (const person of people)
          if (random.chance(faulty / 6)) model.refused.add(identityOf({ type: 'user', id: person }));
      }
    },
    calm: () => {
      for (const model of models) {
        model.onCall = () => undefined;
        model.onEffect = () => {};
        model.callMs = () => 0;
        model.refused.clear();
      }
    },
  };
}

function eventOf(name: string, world: World, random: Random): DesiredEvent {
  const dingtalk = random.chance(0.4);
  const pool = dingtalk ? people : [...people, ...others];
  const live: Partial<ObservedAttendee>[] = [];
  if (random.chance(0.8)) live.push({ type: 'user', id: 'boss', organizer: true });
  for (const id of pool) if (random.chance(0.6)) live.push(...rowsOf(id, dingtalk, random));
  const chat = random.pick([null, 'oc_meet', 'oc_other']);
  platformIn(world, dingtalk ? 'dingtalk' : 'feishu').create(name, live, chat);
  const attendees = [...pool, 'boss']
    .filter(() => random.chance(0.5))
    .map((id) => (random.chance(0.2) && !id.startsWith('omm_') ? `${id}?` : id));
  const event = wanted(name, random.chance(0.95) ? attendees : null, {
    state: random.chance(0.1) ? 'absent' : 'present',
    sync: random.pick(['exact', 'exact', 'exact', 'remove-only', 'add-only']),
    external: random.pick(['keep', 'remove']),
    optionalDrift: random.pick(['replace', 'ignore']),
    ignore: random.chance(0.3) ? [attendeeOf(random.pick(people))] : [],
    unbindChat:
      !dingtalk && random.chance(0.3)
        ? { chatId: 'oc_meet', source: { file: 'x', line: 1, column: 1 } }
        : null,
    guards: random.chance(0.3) ? { maxRemovals: null, allowEmpty: false } : {},
  });
  return dingtalk ? onDingTalk(event) : event;
}

function rowsOf(id: string, dingtalk: boolean, random: Random): Partial<ObservedAttendee>[] {
  const row: Partial<ObservedAttendee> = {
    ...attendeeOf(id),
    optional: !id.startsWith('omm_') && random.chance(0.25),
    external: random.chance(0.15),
    reply: !dingtalk && random.chance(0.1) ? 'removed' : 'accepted',
  };
  return !dingtalk && random.chance(0.1) ? [row, row] : [row];
}

function faultOf(call: ModelCall, random: Random): Fault {
  if (call.kind === 'list' || call.kind === 'look' || call.kind === 'chats') {
    return { unreadable: random.pick(['list-failed', 'list-moved', 'list-refused', 'list-failed', 'quota']) };
  }
  const effect = random.pick<'none' | 'half' | 'all'>(['none', 'half', 'all']);
  if (random.chance(0.6)) return { error: random.pick(['lost', 'lost', 'malformed']), effect };
  const batch: readonly PlatformErrorKind[] =
    call.kind === 'add' || call.kind === 'remove' ? ['entry', 'entry', 'gone'] : [];
  return { error: random.pick(['rate', 'event', 'auth', 'quota', ...batch]) };
}

/** Somebody else adds, takes off or promotes. */
function meddle(model: ModelPlatform, eventId: string, touched: Set<string>, random: Random): void {
  if (eventId.includes(' ')) return;
  const id = random.pick([...people, 'ou_new']);
  touched.add(`${eventId} user:${id}`);
  switch (random.pick(['join', 'leave', 'promote'])) {
    case 'join':
      model.leave(eventId, `user:${id}`);
      model.join(eventId, id);
      break;
    case 'leave':
      model.leave(eventId, `user:${id}`);
      break;
    case 'promote':
      model.edit(eventId, (rows) => rows.map((row) => (row.id === id ? { ...row, organizer: true } : row)));
      break;
  }
}
