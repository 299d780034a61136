import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/cli.ts';
import { type Editor, openEditor } from '../support/editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await openEditor(join(root, 'examples/manifests'));
});
afterAll(() => editor[Symbol.asyncDispose]());

const line = '# yaml-language-server: $schema=../../schemas/manifest.schema.json\n';

const event = `${line}apiVersion: rollcall.dev/v1
kind: Event
metadata:
  name: weekly
spec:
  provider: feishu
  calendarId: c
  eventId: e
`;
const roster = `${line}apiVersion: rollcall.dev/v1
kind: Roster
metadata:
  name: team
spec:
  members:
    - person: zhang.san
`;
const directory = `${line}apiVersion: rollcall.dev/v1
kind: Directory
metadata:
  name: people
spec:
  people:
    zhang.san:
      name: 张三
`;
const both = `${event}---\n${roster}`;

describe('an editor with the one schema of manifests', () => {
  it('offers a whole manifest of each kind in an empty file, and keys once a kind is chosen', async () => {
    const empty = await editor.offers(`${line}|`);
    expect([...empty.keys()]).toEqual(
      expect.arrayContaining(['Event on Feishu or Lark', 'Event on DingTalk', 'Roster', 'Directory', 'kind']),
    );
    expect(empty.get('Roster')).toMatch(/^apiVersion: rollcall\.dev\/v1\nkind: Roster\n/);
    const begun = await editor.offers(`${line}apiVersion: rollcall.dev/v1\nkind: Event\n|`);
    expect([...begun.keys()]).toEqual(expect.arrayContaining(['metadata', 'spec']));
    expect([...begun.keys()]).not.toContain('Roster');
  });

  it.each([
    ['kinds', `${line}kind: |`, ['Event', 'Roster', 'Directory']],
    ['keys of an Event', `${event}  |`, ['attendees', 'guards', 'sync']],
    ['values', `${event}  sync: |`, ['exact', 'remove-only', 'add-only']],
    ['keys in a list', `${event}  attendees:\n    - |`, ['user', 'person', 'roster', 'until']],
    ['keys of a map, and an example', `${event}  guards:\n    |`, ['maxRemovals', 'allow', 'example']],
    ['keys of a Roster in a second document', `${both}    - |`, ['department', 'chatMembers']],
    [
      'keys of a Directory in a second document',
      `${event}---\n${directory}      |`,
      ['email', 'feishu', 'left'],
    ],
  ])('offers %s', async (_, text, labels) => {
    const offered = [...(await editor.offers(text)).keys()];
    expect(offered).toEqual(expect.arrayContaining(labels));
    expect(offered.join()).not.toContain('[object');
  });

  it.each([
    ['of an Event', event.replace('eventId', 'event|Id'), 'is a single event or the master of a series'],
    ['in a list', `${event}  attendees:\n    - us|er: ou_lisi\n`, 'ou_lisi'],
    ['of a Roster in a second document', both.replace('members', 'mem|bers'), 'Rosters may be nested'],
    ['of a Directory', directory.replace(/name: 张/, 'na|me: 张'), 'The name that plans show'],
  ])('tells what a key %s means', async (_, text, words) => {
    expect(await editor.tells(text)).toContain(words);
  });

  it.each([
    ['nothing in a manifest of two kinds', both, []],
    ['an unknown key', `${event}  foo: 1\n`, ['10: Property foo is not allowed.']],
    ['one in a second document', `${both}  foo: 1\n`, ['19: Property foo is not allowed.']],
    ['a key of another kind', `${event}  members: []\n`, ['10: Property members is not allowed.']],
    [
      'an unknown kind',
      event.replace('Event', 'Evnt'),
      ['3: Value is not accepted. Valid values: "Event", "Roster", "Directory", "Tenant".'],
    ],
    ['a name', event.replace('weekly', 'a b'), [expect.stringMatching(/^5: This is not a name: .* Use "-"/)]],
    [
      'an entry of nobody',
      `${event}  attendees:\n    - optional: true\n`,
      [expect.stringMatching(/^11: Write one of user, /)],
    ],
    [
      'an entry of two',
      `${event}  attendees:\n    - user: a\n      chat: b\n`,
      [expect.stringContaining('An entry names one thing')],
    ],
    ['an entry that is empty', `${event}  attendees:\n    -\n`, ['11: Incorrect type. Expected "entry".']],
    [
      'a key that a platform lacks',
      event.replace('feishu', 'dingtalk'),
      ['6: Missing property "organizer".'],
    ],
    ['a key of another platform', `${event}  organizer: x\n`, [expect.stringContaining('Leave it out')]],
    [
      'a key beside state: absent',
      `${event}  state: absent\n  attendees: []\n`,
      [expect.stringContaining('the whole event is deleted')],
    ],
  ])('marks %s', async (_, text, marks) => {
    expect(await editor.marks(text)).toEqual(marks);
  });
});

describe('an editor with the schemas of the embedded platform', () => {
  const tenant = line.replace('manifest', 'tenant');
  const faults = line.replace('manifest', 'faults');

  it.each([
    ['keys of a tenant', `${tenant}apps: []\n|`, ['feishu', 'dingtalk', 'people', 'behaviour']],
    ['switches', `${tenant}behaviour:\n  |`, ['readLag', 'roomBooking']],
    ['values of a switch', `${tenant}behaviour:\n  roomBooking: |`, ['accept', 'decline', 'pending']],
    [
      'keys of an event',
      `${tenant}feishu:\n  calendars:\n    - id: c\n      events:\n        - id: e\n          |`,
      ['attendees', 'start', 'exceptions'],
    ],
    ['faults', `${faults}faults:\n  - fault: |`, ['reset', 'half-done']],
  ])('offers %s', async (_, text, labels) => {
    expect([...(await editor.offers(text)).keys()]).toEqual(expect.arrayContaining(labels));
  });

  it.each([
    ['an unknown key of a tenant', `${tenant}aps: []\n`, ['2: Property aps is not allowed.']],
    ['nothing in a rule', `${faults}faults:\n  - { fault: stale, for: 2s, calls: 1 }\n`, []],
    ['a key that a fault lacks', `${faults}faults:\n  - { fault: stale }\n`, ['3: Missing property "for".']],
  ])('marks %s', async (_, text, marks) => {
    expect(await editor.marks(text)).toEqual(marks);
  });
});
