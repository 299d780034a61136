import { expect, test } from 'vitest';

import { peopleTexts } from '../../src/manifest/read/people-texts.ts';
import { folderWith } from '../support/cli.ts';

function textsOf(yaml: string): { people: string[]; open: readonly string[] } {
  const folder = folderWith({ 'a.yaml': `# rollcall.dev/v1\n${yaml}` });
  const { people, open } = peopleTexts(['.'], folder);
  return { people: people.map(({ kind, text }) => `${kind}:${text}`), open };
}

test.each([
  [
    'users, plain and in a flow',
    'spec: { attendees: [ { user: ou_a }, { user: "b c" } ] }',
    ['user:ou_a', 'user:b c'],
  ],
  [
    'what each entry names',
    'spec: { attendees: [ { room: r }, { chat: c }, { email: e@x.y } ] }',
    ['room:r', 'chat:c', 'email:e@x.y'],
  ],
  [
    'handles, names and ids of a Directory',
    'spec: { people: { li.si: { name: Li Si, feishu: ou_l, lark: { user_id: u } } } }',
    ['user:li.si', 'user:Li Si', 'user:ou_l', 'user:u'],
  ],
  [
    'a number where an id belongs, as written',
    'spec: { attendees: [ { user: 0123 } ] }',
    ['user:123', 'user:0123'],
  ],
  ['an entry that is no map', 'spec: { attendees: [ zhang.san ] }', ['user:zhang.san']],
  ['a handle in place of a key', 'spec: { attendees: [ { zhang.san: true } ] }', ['user:zhang.san']],
  ['organizer and contact', 'spec: { organizer: unionO, roomContact: ou_c }', ['user:unionO', 'user:ou_c']],
  [
    'a calendar that is called by an address',
    'spec: { calendarId: boss@example.com }',
    ['calendar:boss@example.com'],
  ],
  ['a person in place of a roster', 'spec: { attendees: [ { roster: zhang.san } ] }', ['user:zhang.san']],
  ['a document that is broken further down', 'spec: { attendees: [ { user: ou_a } }\n  x: [', ['user:ou_a']],
] as const)('finds %s', (_, yaml, people) => {
  const found = textsOf(yaml).people;
  for (const one of people) expect(found).toContain(one);
});

test('leaves what tells of nobody, and keeps names of manifests and files', () => {
  const { people, open } = textsOf(`
apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: weekly, labels: { owner: zhang.san } }
spec:
  provider: feishu
  calendarId: feishu.cn_t@group.calendar.feishu.cn
  eventId: weekly_0
  sync: exact
  guards: { maxRemovals: 50% }
  atendees: []
  attendees: [ { user: zhang.san, until: 2026-12-31, optional: true } ]
`);
  expect(people).toEqual(['user:zhang.san']);
  expect(open).toEqual(['a.yaml', 'weekly']);
});

test('leaves files of others alone', () => {
  const folder = folderWith({
    'other.yaml': 'kind: Deployment\nmetadata: { name: x }\nspec: { replicas: 3 }\n',
  });
  expect(peopleTexts(['.'], folder).people).toEqual([]);
});

test('takes a text once, however often it stands', () => {
  expect(textsOf(`spec: { attendees: [${'{ user: ou_a }, '.repeat(1000)}{ user: ou_b }] }`).people).toEqual([
    'user:ou_a',
    'user:ou_b',
  ]);
});

test('says that there are too many texts, and keeps no more of them', () => {
  const file = (part: number): string =>
    `# rollcall.dev/v1\nspec: { attendees: [a${part}, b${part}, c${part}] }\n`;
  const folder = folderWith({ '0.yaml': file(0), '1.yaml': file(1), '2.yaml': file(2) });
  const found = [9, 8].map((most) => peopleTexts(['.'], folder, most));
  expect(found.map(({ tooMany, people }) => [tooMany, people.length])).toEqual([
    [false, 9],
    [true, 9],
  ]);
});
