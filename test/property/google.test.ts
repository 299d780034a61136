import { test } from 'vitest';
import { googleFixture } from '../contract/google.ts';
import type { LiveAttendee } from '../../src/emulator/platform.ts';
import type { EventResult } from '../../src/model/result.ts';
import { planOf, resultOf } from '../contract/suite/ground.ts';
import { openStage, type Stage, type Wire, type Wired } from '../contract/suite/stage.ts';
import {
  desiredOf,
  meddler,
  namedIn,
  swappedIn,
  primary,
  rowsIn,
  tenantOf,
  trouble,
  type Rows,
} from './google-schedule.ts';
import type { Organisation, Turn } from '../../src/providers/provider.ts';
import { randomOf } from './random.ts';
import { law, overSeeds, seedsOf } from './seeds.ts';

type Row = Readonly<Record<string, unknown>>;
type Named = ReturnType<typeof namedIn>;

/** Whom a plan names, and whom by two addresses. */
interface Planned {
  readonly named: Named;
  readonly swaps: ReadonlySet<string>;
}

const seeds = seedsOf(25);

test(
  `no reply and no edit of others is lost over ${seeds.count} schedules on Google`,
  { timeout: 3_600_000 },
  () => overSeeds('google.test.ts', seeds, hold),
);

/** Plans and applies once, over HTTP, while others are at work between any two calls. */
async function hold(seed: number): Promise<void> {
  const random = randomOf(seed);
  const [meddling, failing] = [random.pick([0, 0.4, 0.8]), random.pick([0, 0.2, 0.4])];
  let stage: Stage<Wired> | undefined;
  const now = (): Stage<Wired> => {
    if (stage === undefined) throw new RangeError('no call is made before there is a stage');
    return stage;
  };
  const meddle = meddler(now, random);
  const read = new Map<string, readonly Row[]>();
  const keep = (body: string): void => {
    const {
      kind,
      etag,
      attendees = [],
    } = JSON.parse(body) as {
      readonly kind?: string;
      readonly etag?: string;
      readonly attendees?: readonly Row[];
    };
    if (kind === 'calendar#event' && etag !== undefined) read.set(etag, attendees);
  };
  let named: Named = new Map();
  let swaps: ReadonlySet<string> = new Set();
  let before: Rows | null = null;
  const owed = new Map<string, LiveAttendee>();
  // Between our calls nothing happens but what is done below: a step is all that our own call did.
  const step = (): void => {
    if (before !== null) holdStep(before, rowsIn(now()), { named, swaps }, owed);
    before = null;
  };
  const world = { scenes: [] };
  const options = {
    script: (call: Wire) => {
      if (call.query['quotaUser'] !== undefined || call.operation === 'token') return undefined;
      step();
      if (call.operation === 'add' && random.chance(meddling)) {
        const run = async (): Promise<void> => {
          await meddle();
          before = rowsIn(now());
        };
        return { kind: 'run', run } as const;
      }
      if (call.operation === 'add') before = rowsIn(now());
      if (random.chance(failing)) return trouble(call, random);
      const rewrite = <A extends { readonly body: string }>(answer: A): A => {
        keep(answer.body);
        return answer;
      };
      return { kind: 'rewrite', rewrite } as const;
    },
  };
  await using opened = await openStage({ ...googleFixture, tenant: () => tenantOf(random) }, world, options);
  stage = opened;
  // Whether it may be asked whose an address is.
  const asks = random.chance(0.5);
  const { session } = opened;
  const organisationOf = (_: unknown, turn?: Turn): Organisation => session.organisation(turn);
  const planned = await opened.plan([desiredOf(random)], asks ? { organisationOf } : {});
  const event = planOf(planned, 'a_0');
  named = namedIn(event.status === 'changed' ? event.changes : []);
  swaps = swappedIn(event.changes);
  law(
    'nobody is swapped for an address that is known to be theirs',
    !asks || failing > 0 || swaps.size === 0,
    () => JSON.stringify(event.changes),
  );
  if (random.chance(meddling)) await meddle();
  const result = await opened.apply(planned, random.pick(['fresh', 'saved']));
  step();
  holdBodies(opened, read, named);
  const ended = resultOf(result, 'a_0');
  holdOwed(rowsIn(opened), owed, ended);
  const { outcome, changes } = ended;
  // Who is named by another address than the listed one is left alone.
  const isPerson = changes.some(
    ({ attendee, error }) => error !== undefined && primary(attendee?.id ?? '') === 'p0@corp.com',
  );
  const quiet = meddling === 0 && failing === 0 && event.status === 'changed' && !isPerson;
  law('a run that nothing gets in the way of converges', !quiet || outcome === 'converged', () =>
    JSON.stringify([outcome, changes]),
  );
}

/** What the platform takes from somebody whom a write names by another address alone is given back, or is told. */
function holdOwed(
  rows: Rows,
  owed: ReadonlyMap<string, LiveAttendee>,
  { notes, changes }: EventResult,
): void {
  for (const [address, { id, reply }] of owed) {
    const row = rows.get(address);
    const isBack = row === undefined || row.reply === reply;
    const error = changes.find((one) => one.action === 'remove' && one.attendee?.id === id)?.error;
    const isTold = notes.some((note) => note.includes(id)) || (error !== undefined && error.code !== 'alias');
    law('a reply that a write cost is put back, or told', isBack || isTold, () =>
      JSON.stringify([id, notes, changes]),
    );
  }
}

/** One write does what the plan names, and nothing to anybody else: not to an answer, not to what others wrote. */
function holdStep(
  before: Rows,
  after: Rows,
  { named, swaps }: Planned,
  owed: Map<string, LiveAttendee>,
): void {
  for (const [address, row] of before) {
    const actions = named.get(address) ?? [];
    const left = after.get(address);
    law(
      'nobody goes but whom the plan removes',
      left !== undefined || actions.includes('remove'),
      () => address,
    );
    if (left === undefined) continue;
    const isBack = owed.get(address)?.reply === left.reply;
    if (isBack) owed.delete(address);
    // Whoever is sent by another address alone may be without it until a later step.
    const swapped = swaps.has(address) && left.reply === 'needsAction';
    if (swapped && row.reply !== 'needsAction') owed.set(address, row);
    const replied = left.reply === row.reply || row.type === 'room' || swapped || isBack;
    law('no reply of a row that stays is lost', replied, () => `${address}: ${row.reply} is ${left.reply}`);
    const flagged = left.optional === row.optional || actions.length > 0;
    law('no flag changes but those that the plan names', flagged, () => address);
    law('nobody is called otherwise', left.id === row.id, () => `${row.id} is ${left.id}`);
  }
  for (const address of after.keys()) {
    const planned = before.has(address) || named.get(address)?.includes('add') === true;
    law('nobody comes but whom the plan adds', planned, () => address);
  }
}

/** Every write is conditional, and sends what no change names back as it was read under that version. */
function holdBodies(
  { emulator }: Stage<Wired>,
  read: ReadonlyMap<string, readonly Row[]>,
  named: Named,
): void {
  for (const { api, query, headers, body } of emulator.requests) {
    if (api !== 'google.event.patch' || query['quotaUser'] !== undefined) continue;
    const { 'if-match': etag = '' } = headers;
    law('no list is written but under the version that was read', etag !== '', () => JSON.stringify(headers));
    law('nothing is written but the list', Object.keys(body as Row).join() === 'attendees', () =>
      JSON.stringify(body),
    );
    const rows = read.get(etag);
    if (rows === undefined) continue;
    const isOther = ({ email }: Row): boolean => !named.has(primary(String(email)));
    const sent = (body as { readonly attendees: readonly Row[] }).attendees.filter(isOther);
    const same = JSON.stringify(sent) === JSON.stringify(rows.filter(isOther));
    law('rows that no change names go back as they were read', same, () => JSON.stringify(sent));
  }
}
