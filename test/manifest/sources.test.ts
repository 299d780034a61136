import { describe, expect, it } from 'vitest';
import { sourceKey } from '../../src/model/organisation.ts';
import { dingtalk, feishu, findings, load, roster } from './support.ts';

const uses = 'attendees: [ { roster: team } ]';

function found(members: string, ...events: readonly string[]): string[] {
  const files = Object.fromEntries(events.map((text, at) => [`e${at}.yaml`, text]));
  return findings(roster('team', `members: [ ${members} ]`), files);
}

describe('members from the organisation', () => {
  it('stay what they are until they are read', () => {
    const { desired } = load({
      'a.yaml': roster(
        'team',
        'members: [ { department: od-x, recursive: true }, { role: 7023 }, { user: ou_a } ]',
      ),
      'e.yaml': feishu(uses),
    });
    const [event] = desired.events;
    expect(event?.sources?.map(({ kind, id, recursive }) => [kind, id, recursive])).toEqual([
      ['department', 'od-x', true],
      ['role', '7023', false],
    ]);
    expect(event?.attendees?.map(({ id }) => id)).toEqual(['ou_a']);
    expect(event?.unknown?.code).toBe('source-unread');
  });

  it.each<readonly [string, string, readonly string[]]>([
    ['a group on DingTalk', '{ group: g1 }', ['not-allowed 5:14']],
    ['a chat on DingTalk', '{ chatMembers: oc_x }', ['not-allowed 5:14']],
    ['an id of Feishu on DingTalk', '{ department: od-x }', ['wrong-id 5:14']],
    ['a department of another platform', '{ department: od-x, provider: feishu }', []],
  ])('are held against what DingTalk can read: %s', (_what, member, expected) => {
    expect(found(member, dingtalk(uses))).toEqual(expected);
  });

  it('say whose they are where several platforms use the Roster', () => {
    expect(found('{ department: "12" }', feishu(uses), dingtalk(uses))).toEqual(['which-platform 5:14']);
    expect(
      found(
        '{ department: "12", provider: dingtalk }, { department: od-x, provider: feishu }',
        feishu(uses),
        dingtalk(uses),
      ),
    ).toEqual([]);
  });

  it.each([
    ['{ department: 007 }', ['number-for-id 5:28']],
    ['{ user: ou_a, recursive: true }', ['not-a-source 5:28']],
    ['{ group: g1, recursive: true }', ['not-a-department 5:27']],
    ['{ department: od-x, group: g1 }', ['two-kinds 5:14']],
  ])('%s is a mistake', (member, expected) => {
    expect(found(member, feishu(uses))).toEqual(expected);
  });

  it('count for max, which is told where the manifests alone pass it', () => {
    const text = roster('team', 'members: [ { user: ou_a }, { user: ou_b } ]\nmax: 1');
    expect(findings(text, { 'e.yaml': feishu(uses) })).toEqual(['over-max? 6:3']);
    const [event] = load({ 'a.yaml': text, 'e.yaml': feishu(uses) }).desired.events;
    expect(event?.unknown?.code).toBe('over-max');
  });

  it('are not known where one of them was not read', () => {
    const { desired } = load({
      'a.yaml': roster('team', 'members: [ { department: od-x }, { user: ou_a } ]'),
      'e.yaml': feishu(uses),
    });
    const expand = desired.expand?.(new Map());
    expect(desired.events.map((event) => expand?.(event).unknown?.code)).toEqual(['source-unread']);
  });

  it('that are more than an event holds are told of each event by itself', () => {
    const { desired } = load({
      'a.yaml': roster('team', 'members: [ { department: od-x } ]'),
      'e.yaml': feishu(uses),
      'f.yaml': feishu(uses, 'other'),
    });
    const members = Array.from({ length: 3001 }, (_, at) => ({ id: `ou_${at}` }));
    const source = desired.events[0]?.sources?.[0];
    if (source === undefined) throw new Error('it has a source');
    const expand = desired.expand?.(new Map([[sourceKey(source), { name: null, complete: true, members }]]));
    for (const event of desired.events) {
      expect(expand?.(event).unknown?.message).toContain(
        `the Event ${JSON.stringify(event.name)} lists 3001`,
      );
    }
    expect(desired.events).toHaveLength(2);
  });
});
