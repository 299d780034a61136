import { type Identity, type ObservedAttendee, identityOf } from '../../src/model/attendee.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import { type World, newWorld, onDingTalk, platformIn, wanted } from '../applier/scenario.ts';
import type { Fault, ModelCall } from '../support/model-calls.ts';
import { attendeeOf } from '../support/model-events.ts';
import type { ModelPlatform } from '../support/model-platform.ts';
import { type Random, randomOf } from './random.ts';
import { faultOf, meddle, moved } from './schedule-faults.ts';

/** One small run: what is there, what is wanted, what goes wrong. */
export interface Schedule {
  readonly world: World;
  readonly events: readonly DesiredEvent[];
  /** Who may not be removed from an event, whatever the plan says; by the event's name. */
  readonly shielded: ReadonlyMap<string, ReadonlySet<Identity>>;
  /** `event identity` of everybody whom somebody else changed meanwhile. */
  readonly touched: Set<string>;
  /** Whether somebody else changes the events. */
  readonly meddles: boolean;
  /** Whether reads never lag longer than they are waited for. */
  readonly settles: boolean;
  /** Nothing fails, nobody interferes, nothing is cut off. */
  readonly smooth: boolean;
  readonly verify: boolean;
  /** Whether the manifests are applied: the plan's own listings and wishes are handed on to apply. */
  readonly fresh: boolean;
  /** Whether calls fail while the plan is made. */
  readonly plansUnderFire: boolean;
  /** Whether a run that was cut off is finished from the manifests, not with its own plan. */
  readonly replans: boolean;
  /** The item at which the consumer goes away, as a killed process does. */
  readonly killAt: number | null;
  /** How long a line takes to be on disk, in milliseconds. */
  readonly diskMs: () => number;
  readonly controller: AbortController;
  /** Events at work at most. */
  readonly concurrency: number;
  /** Between planning and applying some leave the organisation, and some come back. Whether anybody did. */
  turnOver(): boolean;
  /** From here on calls fail and others interfere. */
  start(): void;
  /** From here on everything goes well. */
  calm(): void;
}

const people = ['ou_0', 'ou_1', 'ou_2', 'ou_3', 'ou_4', 'ou_5', 'ou_6', 'ou_7'] as const;
const others = ['oc_team', 'omm_1', 'omm_2', 'li@example.com'] as const;

/** How many events a schedule has at most: few, or a crowd that is all at work at once. */
export type Size = 3 | 300;

/** The events of a schedule alone, and who may not be removed from them. */
export function eventsOf(
  world: World,
  random: Random,
  size: Size = 3,
): Pick<Schedule, 'events' | 'shielded'> {
  const most = 1 + random.int(3);
  const names = Array.from({ length: (most * size) / 3 }, (_, index) => `e${index}`);
  const shielded = new Map<string, ReadonlySet<Identity>>();
  const events = names.map((name) => {
    const { event, rows } = eventOf(name, world, random);
    shielded.set(name, shieldedIn(event, rows));
    return event;
  });
  return { events, shielded };
}

export function scheduleOf(seed: number, size: Size = 3): Schedule {
  const random = randomOf(seed);
  const world = newWorld();
  const { events: drawn, shielded } = eventsOf(world, random, size);
  // Drawn apart: so a seed stands for the same run as it did before anybody left.
  const leaving = randomOf(seed + 1_000_003);
  const events = drawn.map((event) => ({ ...event, leavers: leaving.pick(['keep', 'remove'] as const) }));
  // In a crowd as many calls fail as among few: it is to come to its end often enough.
  const faulty = (random.pick([0, 0.1, 0.3, 0.6]) * 3) / size;
  const meddling = random.chance(0.3) ? 0.2 : 0;
  const dropping = random.chance(0.2) ? 0.6 : 0;
  const settles = random.chance(0.8);
  const touched = new Set<string>();
  const controller = new AbortController();
  const aborts = random.chance(0.2);
  let abortAt = aborts ? 1 + random.int(7 * size) : null;
  const killAt = random.chance(0.15) ? random.int(4 * size) : null;
  const models = [world.feishu, world.dingtalk];
  const leaves = leaving.chance(0.3);
  for (const person of people) if (leaves && leaving.chance(0.25)) world.left.add(person);
  if (leaves) world.leavers = leaving.chance(0.9) ? 'told' : 'refused';
  const turns = leaves && leaving.chance(0.5);
  const onCall = (model: ModelPlatform, call: ModelCall): Fault | undefined => {
    if (abortAt !== null && (abortAt -= 1) === 0) controller.abort();
    if (random.chance(meddling)) meddle(model, call.eventId, [...people, 'ou_new'], touched, random);
    // Where reads lag at all, an addition may be on its way for as long again: the second reading is for that.
    const lateMs = settles && model === world.feishu ? 2000 : 0;
    if (call.kind === 'add' && random.chance(dropping)) {
      // What the platform says that it did and did not is nothing that the run could know.
      for (const identity of call.identities) touched.add(`${call.eventId} ${identity}`);
      return { drops: random.pick(['all', 'half']) };
    }
    return random.chance(faulty) ? faultOf(call, lateMs, random) : undefined;
  };
  world.feishu.lagMs = settles ? random.int(2000) : random.int(9000);
  world.dingtalk.lagMs = settles ? 0 : random.int(3000);
  world.feishu.roomReply = random.pick(['accepted', 'accepted', 'none', 'declined']);
  world.feishu.tellsChats = random.chance(0.8);
  // A call that waits for a rate limit takes seconds.
  const slow = random.pick([1, 400, 400, 5000]);
  const disk = random.pick([0, 0, 30]);
  const moves = random.chance(0.3);
  const declines = world.feishu.roomReply === 'declined';
  return {
    world,
    events,
    shielded,
    touched,
    meddles: meddling > 0,
    settles,
    controller,
    concurrency: size === 3 ? 8 : random.pick([8, Number.POSITIVE_INFINITY]),
    smooth:
      settles && !declines && !aborts && killAt === null && !turns && faulty + meddling + dropping === 0,
    verify: random.chance(0.85),
    fresh: random.chance(0.5),
    plansUnderFire: random.chance(0.2),
    replans: random.chance(0.5),
    killAt,
    diskMs: () => (disk === 0 ? 0 : random.int(disk)),
    turnOver: () => {
      const before = [...world.left].sort().join();
      for (const person of people) {
        if (!turns || leaving.chance(0.6)) continue;
        if (!world.left.delete(person)) world.left.add(person);
      }
      return before !== [...world.left].sort().join();
    },
    start: () => {
      for (const model of models) {
        model.onCall = (call) => onCall(model, call);
        model.callMs = () => random.int(slow);
        if (moves) model.order = (rows) => moved(rows, random);
        for (const person of people)
          if (random.chance(faulty / 6)) model.refused.add(identityOf({ type: 'user', id: person }));
      }
    },
    calm: () => {
      for (const model of models) {
        model.onCall = () => undefined;
        model.onEffect = () => {};
        model.callMs = () => 0;
        model.order = (rows) => rows;
        model.refused.clear();
      }
    },
  };
}

function eventOf(
  name: string,
  world: World,
  random: Random,
): { readonly event: DesiredEvent; readonly rows: readonly Partial<ObservedAttendee>[] } {
  const dingtalk = random.chance(0.4);
  const pool = dingtalk ? people : [...people, ...others];
  const rows: Partial<ObservedAttendee>[] = [];
  if (random.chance(0.8)) rows.push({ type: 'user', id: 'boss', organizer: true });
  for (const id of pool) if (random.chance(0.6)) rows.push(...rowsOf(id, dingtalk, random));
  // Now and then more than one batch of removals.
  if (random.chance(0.001)) {
    for (let number = 0; number < 520; number += 1) rows.push({ type: 'user', id: `ou_many${number}` });
  }
  const chat = random.pick([null, 'oc_meet', 'oc_other']);
  platformIn(world, dingtalk ? 'dingtalk' : 'feishu').create(name, rows, chat);
  // Now and then nobody stays.
  const leaving = random.chance(0.2) ? new Set(rows.map(({ id }) => id)) : new Set();
  const attendees = [...pool, 'boss']
    .filter((id) => !leaving.has(id) && random.chance(0.5))
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
    guards: random.pick([
      {},
      {},
      { maxRemovals: null, allowEmpty: false },
      { maxRemovals: '100%' as const, allowEmpty: false },
    ]),
  });
  return { event: dingtalk ? onDingTalk(event) : event, rows };
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

/** Worked out from the manifest and the rows alone, not as the planner does: whoever may not be removed. */
function shieldedIn(event: DesiredEvent, rows: readonly Partial<ObservedAttendee>[]): ReadonlySet<Identity> {
  const shielded = new Set<Identity>([identityOf({ type: 'user', id: 'boss' })]);
  const wantedOnes = new Set(event.attendees?.map(identityOf));
  // Whoever is ignored is so as well if somebody else adds them only later.
  for (const rule of event.ignore) {
    if ('id' in rule && !wantedOnes.has(identityOf(rule))) shielded.add(identityOf(rule));
  }
  for (const { type = 'user', id = '', external } of rows) {
    const identity = identityOf({ type, id });
    const foreign = external === true && (type === 'user' || type === 'chat');
    if (foreign && event.external === 'keep') shielded.add(identity);
  }
  return shielded;
}
