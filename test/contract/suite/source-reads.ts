import { expect, it } from 'vitest';
import type { Fault } from '../../../src/emulator/intercept.ts';
import type { Membership, RosterSource, SourceKind } from '../../../src/model/organisation.ts';
import { platforms } from '../../../src/platforms/index.ts';
import type { Fixture, World } from './fixture.ts';
import { running } from './ground.ts';
import { listIn, objectIn, type Page, rewritten } from './page.ts';
import { staffed } from './staff.ts';
import { openStage, type Script, type Wire } from './stage.ts';

const numbers: Readonly<Record<string, string>> = {
  'od-platform': '12',
  'od-infra': '13',
  'od-large': '14',
  'od-empty': '15',
  '0': '1',
};

export function sourceOf(fixture: Fixture, kind: SourceKind, id: string, recursive = false): RosterSource {
  const oneKind = platforms[fixture.provider].event.userIds.length === 0;
  const own = fixture.sourceId?.(id) ?? (kind === 'department' && oneKind ? (numbers[id] ?? id) : id);
  const userIdType = oneKind ? null : 'open_id';
  // What is in a group is always in it as a whole.
  return { kind, provider: fixture.provider, id: own, recursive: recursive && kind !== 'group', userIdType };
}

export interface Read {
  readonly membership: Membership;
  readonly calls: readonly Wire[];
}

export async function read(
  fixture: Fixture,
  source: RosterSource,
  of: World = staffed(),
  script?: Script,
): Promise<Read> {
  await using stage = await openStage(fixture, of, script === undefined ? {} : { script });
  const membership = await stage.session.organisation().members(source, running);
  return { membership, calls: stage.wire.filter(({ operation }) => operation !== 'token') };
}

export function idsIn(membership: Membership): readonly string[] {
  if (!membership.complete) throw new Error(membership.problem.message);
  return membership.members.map(({ id }) => id).sort();
}

export function problemOf({ membership }: Read): {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
} {
  if (membership.complete) throw new Error('it is complete');
  return membership.problem;
}

/** The call that lists people page by page. */
export const isPage = ({ api }: Wire): boolean =>
  /users\.department|(?:chat|google\.group)\.members/.test(api);

/** Where the people of an organisation are found: its departments, or groups where it has none. */
export function mainKind(fixture: Fixture): 'department' | 'group' {
  return has(fixture, 'department') ? 'department' : 'group';
}

export function has(fixture: Fixture, kind: SourceKind): boolean {
  return !('cannot' in platforms[fixture.provider].sources[kind]);
}

/** A kind of source that the platform does not have. */
export function refusedWithReason(fixture: Fixture, kind: SourceKind, id: string): void {
  it('are refused with the reason', async () => {
    const { membership, calls } = await read(fixture, sourceOf(fixture, kind, id));
    expect(problemOf({ membership, calls }).message).toContain('cannot be read');
    expect(calls).toEqual([]);
  });
}

/** Sends a page without its first row. */
export function withoutFirst(list: string): Fault {
  return changed((page) => {
    const data = page['data'] as Record<string, unknown>;
    return { ...page, data: { ...data, [list]: (data[list] as unknown[]).slice(1) } };
  });
}

/** Sends a page that begins with the same person as all others. */
export function withSame({ provider }: Fixture): Fault {
  return changed((page) => {
    if (provider === 'google') {
      const same = { id: 'same', email: 'same@corp.com', type: 'USER' };
      return { ...page, members: [same, ...listIn(page, 'members')] };
    }
    const part = provider === 'dingtalk' ? 'result' : 'data';
    const list = provider === 'dingtalk' ? 'list' : 'items';
    const data = page[part] as Record<string, unknown>;
    const same = { userid: 'same', unionid: 'same', open_id: 'ou_same', name: 'Same' };
    return { ...page, [part]: { ...data, [list]: [same, ...(data[list] as unknown[])] } };
  });
}

function changed(change: (page: Page) => unknown): Fault {
  return rewritten((body) => JSON.stringify(change(objectIn(JSON.parse(body)))));
}
