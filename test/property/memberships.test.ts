import { test } from 'vitest';
import { manifestOf, newScene, type Scene, tenantOf } from '../support/scene.ts';
import { Memberships, mishaps } from './memberships.ts';
import { type Random, randomOf } from './random.ts';
import { law, overSeeds, seedsOf } from './seeds.ts';

const all = seedsOf(300);
// Over HTTP, with the command line: one of these takes as long as a hundred of those in memory.
const seeds = { ...all, count: Math.ceil(all.count / 100) };

test(
  `rosters from the organisation keep their laws over ${seeds.count} schedules`,
  { timeout: 3_600_000 },
  () => overSeeds('memberships.test.ts', seeds, hold),
);

const people = ['ou_0', 'ou_1', 'ou_2', 'ou_3', 'ou_4', 'ou_5', 'ou_6', 'ou_7', 'ou_8'] as const;

/** What the manifests of a schedule say, and who is there. */
interface Setting {
  readonly scene: Scene;
  readonly memberships: Memberships;
  /** Whom the event wants, by whoever is in its sources now. */
  readonly wanted: () => Set<string>;
  readonly ignored: ReadonlySet<string>;
}

interface Told {
  readonly events: readonly {
    readonly name: string;
    readonly status: string;
    readonly changes: readonly { readonly action: string; readonly attendee: { readonly id: string } }[];
  }[];
}

async function settingOf(random: Random): Promise<Setting> {
  const memberships = new Memberships();
  const some = (chance: number): string[] => people.filter(() => random.chance(chance));
  for (const one of some(0.6)) memberships.department.add(one);
  for (const one of some(0.4)) memberships.chat.add(one);
  const rows = some(0.6).map((id) => `, { user: ${id} }`);
  const written = some(0.2);
  const excluded = some(0.1);
  const ignored = some(0.1);
  const users = (ids: readonly string[]): string => ids.map((id) => `{ user: ${id} }`).join(', ');
  const team = [...written.map((id) => `{ user: ${id} }`), '{ department: od-team }', '{ roster: below }'];
  const tenant = tenantOf(
    {
      weekly_0: `attendees: [{ user: ou_org, organizer: true }${rows.join('')}]`,
      other_0: 'attendees: [{ user: ou_org, organizer: true }, { user: ou_0 }]',
    },
    `people: [${people.map((id) => `{ openId: ${id} }`).join(', ')}]
departments: [{ id: od-team, name: Team }]
chats: [{ id: oc_team, name: Team, members: [] }]`,
  );
  const head = 'apiVersion: rollcall.dev/v1\nkind: Roster\nmetadata';
  const scene = await newScene(
    { tenant, intercept: memberships.answer },
    {
      team: `${head}: { name: team }\nspec:\n  members: [${team.join(', ')}]\n  exclude: [${users(excluded)}]\n`,
      below: `${head}: { name: below }\nspec: { members: [{ chatMembers: oc_team }] }\n`,
      weekly: manifestOf('weekly', '{ roster: team }', `  ignore: [${users(ignored)}]\n`),
      other: manifestOf('other', '{ user: ou_1 }'),
    },
  );
  return {
    scene,
    memberships,
    ignored: new Set(ignored),
    wanted: () => {
      const wanted = new Set([...memberships.department, ...memberships.chat, ...written]);
      for (const one of excluded) wanted.delete(one);
      return wanted;
    },
  };
}

async function hold(seed: number): Promise<void> {
  const random = randomOf(seed);
  const setting = await settingOf(random);
  try {
    const known = await holdPlan(setting, random);
    await holdSaved(setting, known, random);
    await holdFresh(setting);
  } finally {
    await setting.scene.close();
  }
}

function mishapIn({ memberships }: Setting, random: Random): boolean {
  memberships.mishap = random.pick(mishaps);
  memberships.of = random.chance(0.6) ? 'department' : 'chat';
  return memberships.loses;
}

/** Whom the saved plan takes off and adds; null where it leaves the event alone. */
async function holdPlan(setting: Setting, random: Random): Promise<ReadonlySet<string> | null> {
  const { scene, ignored } = setting;
  const wanted = setting.wanted();
  const live = scene.live('weekly_0').filter((one) => one !== 'ou_org');
  const loses = mishapIn(setting, random);
  const ran = await scene.run('plan', '--format', 'json', '--out', 'plan.json');
  // The shape is that of the plan's schema.
  const told = JSON.parse(ran.stdout) as Told;
  const of = (name: string): Told['events'][number] | undefined =>
    told.events.find((event) => event.name === name);
  const { status = '', changes = [] } = of('weekly') ?? {};
  const whole = status !== 'unknown';
  law('a list that is not whole makes its event unknown', whole === !loses, () => `${status}: ${ran.stderr}`);
  law('what is unknown has no changes', whole || changes.length === 0, () => JSON.stringify(changes));
  law('an event without such a list goes on', of('other')?.status === 'changed', () => ran.stdout);
  if (!whole) return null;
  const named = (action: string): string =>
    changes
      .flatMap((one) => (one.action === action ? one.attendee.id : []))
      .sort()
      .join();
  const leaving = live.filter((one) => !wanted.has(one) && !ignored.has(one));
  const coming = [...wanted].filter((one) => !live.includes(one) && one !== 'ou_org');
  law('whoever is in no list is removed', named('remove') === leaving.sort().join(), () => ran.stdout);
  law('whoever is in a list is added', named('add') === coming.sort().join(), () => ran.stdout);
  const emptied = live.length > 0 && wanted.size === 0 && live.every((one) => !ignored.has(one));
  law('an empty list is stopped by the guards', !emptied || status === 'refused', () => status);
  return status === 'refused' ? null : wanted;
}

/** People come and go, lists fail, and the saved plan is applied beside its manifests. */
async function holdSaved(setting: Setting, known: ReadonlySet<string> | null, random: Random): Promise<void> {
  const { scene, memberships, ignored } = setting;
  const stood = (): string =>
    JSON.stringify([[...memberships.department].sort(), [...memberships.chat].sort()]);
  const before = stood();
  if (random.chance(0.5)) memberships.change(people, random);
  const moved = before !== stood();
  const loses = mishapIn(setting, random);
  const live = scene.live('weekly_0');
  const writes = scene.writes().length;
  const ran = await scene.run('apply', '--plan', 'plan.json', '.');
  const refused = ran.stderr.includes('have other members now');
  const now = scene.live('weekly_0');
  const written = scene.writes().length > writes;
  law('a refused plan writes nothing', !refused || (!written && ran.code === 3), () => ran.stderr);
  if (known === null || loses) {
    const same = known !== null || now.join() === live.join();
    law('what was unknown or refused is left alone', same, () => now.join());
    if (known !== null)
      law('a list that fails is no reason to write', now.join() === live.join(), () => now.join());
    return;
  }
  law(
    'others than the plan was made of refuse it',
    refused === moved,
    () => `${before} ${stood()} ${ran.stderr}`,
  );
  if (moved) return;
  const gone = live.filter((one) => !now.includes(one));
  const right = gone.every((one) => !known.has(one) && !ignored.has(one) && one !== 'ou_org');
  law('nobody whom a list holds is removed', right, () => gone.join());
  law(
    'the plan is done',
    [...known].every((one) => now.includes(one)),
    () => `${now.join()} ${ran.stderr}`,
  );
}

/** Once all is well the manifests are applied, unless a guard stops them. */
async function holdFresh({ scene, memberships, wanted, ignored }: Setting): Promise<void> {
  memberships.mishap = 'none';
  const before = scene.live('weekly_0');
  const ran = await scene.run('apply', '--auto-approve');
  const now = scene.live('weekly_0');
  if (ran.stdout.includes('weekly: refused')) {
    law('what a guard stops is left alone', now.join() === before.join(), () => now.join());
    return;
  }
  const ends = new Set([...wanted(), ...before.filter((one) => ignored.has(one)), 'ou_org']);
  law(
    'the next run ends with whoever is in the lists',
    now.join() === [...ends].sort().join(),
    () => `${now.join()}, not ${[...ends].sort().join()}: ${ran.stdout}${ran.stderr}`,
  );
}
