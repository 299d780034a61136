import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/model/diagnostic.ts';
import { lockKey, type LockBy, type LockLine, type Need } from '../../../src/model/lock.ts';
import { platforms } from '../../../src/platforms/index.ts';
import { idTypesOf } from '../../../src/manifest/ids.ts';
import { lookUp } from '../../../src/run/lock/look-up.ts';
import type { Fixture, World } from './fixture.ts';
import { running } from './ground.ts';
import { openStage, type Script, type Wire } from './stage.ts';
import { deviates, on } from './topics.ts';

/** More people than one call names, and than one page of a department has. */
const crowd = 120;

const person = (name: string, more: object = {}): object => ({
  name,
  openId: `ou_${name}`,
  unionId: `on_${name}`,
  userId: `id${name}`,
  dingtalk: `union${name}`,
  dingtalkUserId: `staff${name}`,
  email: `${name}@corp.com`,
  employeeNo: `E-${name}`,
  ...more,
});

function world(people: readonly object[] = [], more: Partial<World> = {}): World {
  const organisation = {
    people: [
      person('lead', { mobile: '+8613800000001', departments: ['od-1'] }),
      person('gone', { mobile: '+8613800000009', left: '2026-11-01' }),
      ...people,
    ],
    departments: [{ id: 'od-1', dingtalk: 12, name: 'One' }],
  };
  return { scenes: [{ id: 'a_0', seats: [] }], organisation, ...more };
}

const many = Array.from({ length: crowd }, (_, at) => person(`n${at}`));

function need(fixture: Fixture, by: LockBy, written: string, idType: string = firstOf(fixture)): Need {
  const source = { file: 'a.yaml', line: 1, column: 1 };
  return { person: written, provider: fixture.provider, idType, keys: [lockKey(by, written)], source };
}

function firstOf({ provider }: Fixture): string {
  return idTypesOf(provider)[0] ?? '';
}

interface Looked {
  readonly lines: readonly LockLine[];
  readonly unresolved: readonly Diagnostic[];
  readonly calls: readonly Wire[];
}

async function look(
  fixture: Fixture,
  needs: readonly Need[],
  of: World = world(),
  script?: Script,
): Promise<Looked> {
  await using stage = await openStage(fixture, of, script === undefined ? {} : { script });
  const found = await lookUp(needs, {
    finderOf: () => stage.session.finder(),
    signal: running,
    now: () => '2026-11-20T00:00:00Z',
  });
  return { ...found, calls: stage.wire.filter(({ operation }) => operation !== 'token') };
}

const codes = ({ unresolved }: Looked): string[] => unresolved.map(({ code }) => code);

/** The calls that the lock makes: each person once, and one answer for each that is never another. */
export function people(fixture: Fixture): void {
  const { user } = fixture;
  const { peopleBy, finds } = platforms[fixture.provider];
  const ways: readonly (readonly [LockBy, string])[] = [
    ['email', 'Lead@Corp.com'],
    ['mobile', '138 0000 0001'],
    ['employeeNo', 'E-lead'],
  ];

  it.each(ways.filter(([by]) => peopleBy.includes(by)))('somebody is found by %s', async (by, written) => {
    const { lines, unresolved } = await look(fixture, [need(fixture, by, written)]);
    expect(unresolved).toEqual([]);
    expect(lines).toMatchObject([{ id: user('lead'), by, value: lockKey(by, written).value }]);
  });

  it.each(ways.filter(([by]) => !peopleBy.includes(by)))('nobody is looked up by %s', async (by, written) => {
    const looked = await look(fixture, [need(fixture, by, written)]);
    expect(codes(looked)).toEqual(['person-not-looked-up']);
    expect(looked.calls).toEqual([]);
  });

  it('a part of a name, of a number or of an address is nobody', async () => {
    const by = peopleBy.includes('employeeNo') ? 'employeeNo' : 'email';
    const parts = by === 'employeeNo' ? ['lead', 'E-lea'] : ['ead@corp.com', 'lead@corp.co'];
    const nobody = deviates(fixture, 'contact-range') ? 'person-not-visible' : 'person-not-found';
    const looked = await look(
      fixture,
      parts.map((part) => need(fixture, by, part)),
    );
    expect(codes(looked)).toEqual([nobody, nobody]);
  });

  it('who is not there is not found where the app may see everybody, and not visible where it may not', async () => {
    const asked = [need(fixture, 'email', 'nobody@corp.com')];
    const nobody = deviates(fixture, 'contact-range') ? 'person-not-visible' : 'person-not-found';
    expect(codes(await look(fixture, asked))).toEqual([nobody]);
    if (deviates(fixture, 'contact-range')) return;
    const partly = world([person('hidden', { visible: false })]);
    const needs = [
      ...asked,
      need(fixture, 'email', 'hidden@corp.com'),
      need(fixture, 'email', 'lead@corp.com'),
    ];
    const looked = await look(fixture, needs, partly);
    expect(codes(looked)).toEqual(['person-not-visible', 'person-not-visible']);
    expect(looked.lines).toHaveLength(1);
  });

  on(fixture, 'leavers', 'whoever has left', () => {
    it('is said to have left, as far as the platform says so, and is not locked', async () => {
      const looked = await look(fixture, [need(fixture, 'mobile', '+8613800000009')]);
      expect(looked.lines).toEqual([]);
      expect(codes(looked)).toEqual(['person-left']);
    });
  });

  it('all are found, however many, each kind of id of somebody by one look-up', async () => {
    const kinds = idTypesOf(fixture.provider);
    const needs = Array.from({ length: crowd }, (_, at) =>
      kinds.map((kind) => need(fixture, 'email', `n${at}@corp.com`, kind)),
    ).flat();
    const { lines, unresolved, calls } = await look(fixture, needs, world(many));
    expect(unresolved).toEqual([]);
    expect(lines).toHaveLength(crowd * kinds.length);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
    // Fifty people a call, or a hundred a page and their bare ids; never a call a person where that can be.
    expect(calls.length).toBeLessThan(deviates(fixture, 'look-ups-together') ? crowd + 1 : crowd / 10);
  });

  it('a permission that is missing is named, and is no answer about anybody', async () => {
    const looked = await look(fixture, [need(fixture, 'email', 'lead@corp.com')], world([], { scopes: [] }));
    expect(codes(looked)).toEqual(['person-not-looked-up']);
    const [permission] = 'cannot' in finds.people ? [] : finds.people.permissions;
    expect(looked.unresolved[0]?.hint).toMatch(/contact:|qyapi_|Contact\.|admin\.directory\./);
    expect(permission).toBeDefined();
  });

  it('an answer that was cut short, or none, is no answer about anybody', async () => {
    const needs = Array.from({ length: crowd }, (_, at) => need(fixture, 'email', `n${at}@corp.com`));
    const whole = await look(fixture, needs, world(many));
    // Of several answers one came before it.
    const from = Math.min(2, whole.calls.length);
    const cut = await look(fixture, needs, world(many), ({ operation, nth }) =>
      operation === 'other' && nth >= from
        ? { kind: 'rewrite', rewrite: (answer) => ({ ...answer, body: answer.body.slice(0, -20) }) }
        : undefined,
    );
    expect(new Set(codes(cut))).toEqual(new Set(['person-not-looked-up']));
    const none = await look(fixture, needs.slice(0, 1), world(many), ({ operation }) =>
      operation === 'other' ? fixture.serverError : undefined,
    );
    expect(codes(none)).toEqual(['person-not-looked-up']);
  });

  const kind = idTypesOf(fixture.provider).find((one) => one === 'user_id');
  if (kind === undefined) return;
  describe('kinds of id', () => {
    it('that the app is not told are an error of their own', async () => {
      const granted = ['contact:user.id:readonly', 'contact:contact.base:readonly'];
      const looked = await look(
        fixture,
        [need(fixture, 'email', 'lead@corp.com', kind), need(fixture, 'email', 'lead@corp.com')],
        world([], { scopes: granted }),
      );
      expect(codes(looked)).toEqual(['person-no-id']);
      expect(looked.unresolved[0]?.hint).toContain('contact:user.employee_id:readonly');
      expect(looked.lines).toMatchObject([{ id: user('lead') }]);
    });
  });
}
