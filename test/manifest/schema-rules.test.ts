import { describe, expect, it } from 'vitest';
import { dingtalk, directory, feishu, findings, load, roster } from './support.ts';

const event = 'apiVersion: rollcall.dev/v1\nkind: Event\n';

describe('an Event that breaks the schema', () => {
  it.each([
    ['an unknown key in spec', feishu('userIdTyp: open_id'), ['unknown-key 8:3']],
    ['a host in spec', feishu('baseUrl: https://evil.example'), ['unknown-key 8:3']],
    ['a secret in spec', feishu('appSecret: s3cret'), ['unknown-key 8:3']],
    ['an unknown key beside spec', `${feishu('sync: exact')}\nstatus: {}`, ['unknown-key 9:1']],
    ['an unknown key in an entry', feishu('attendees:\n  - usr: ou_a'), ['unknown-key 9:7']],
    ['an unknown key in guards', feishu('guards: { maxRemoval: 1 }'), ['unknown-key 8:13']],
    ['a list that is empty', feishu('attendees:'), ['null-where-list 8:3']],
    ['a list that is null', feishu('attendees: null'), ['null-where-list 8:14']],
    ['an ignore list that is null', feishu('ignore: ~'), ['null-where-list 8:11']],
    ['a map where a list belongs', feishu('attendees: { user: ou_a }'), ['wrong-type 8:14']],
    ['text where a list belongs', feishu('attendees: ou_a'), ['wrong-type 8:14']],
    ['an entry that is text', feishu('attendees:\n  - ou_a'), ['wrong-type 9:7']],
    ['an entry that is empty', feishu('attendees:\n  -\n  - user: ou_a'), ['wrong-type 9:6']],
    ['an id that is empty', feishu('attendees: [{ user: }]'), ['wrong-type 8:17']],
    ['an entry without a reference', feishu('attendees:\n  - optional: true'), ['missing-key 9:7']],
    ['two kinds in one entry', feishu('attendees:\n  - { user: ou_a, chat: oc_a }'), ['two-kinds 9:7']],
    ['two kinds in ignore', feishu('ignore: [{ type: room, user: ou_a }]'), ['two-kinds 8:12']],
    ['an unknown type in ignore', feishu('ignore: [{ type: rooms }]'), ['unknown-value 8:20']],
    ['until in ignore', feishu('ignore: [{ user: ou_a, until: 2026-01-01 }]'), ['unknown-key 8:26']],
    ['text where true or false belongs', feishu('notify: yes'), ['wrong-type 8:11']],
    ['an unknown value', feishu('sync: exakt'), ['unknown-value 8:9']],
    ['a list where one of some values belongs', feishu('sync: [exact]'), ['unknown-value 8:9']],
    ['an id with a space', feishu('roomContact: "a b"'), ['bad-id 8:16']],
    ['an id with an invisible character', feishu('roomContact: "ou_a\\u200b"'), ['bad-id 8:16']],
    ['an id with a control character', feishu('roomContact: "ou\\n_a"'), ['bad-id 8:16']],
    ['an id with half a character', feishu('roomContact: "ou_\\ud800"'), ['bad-id 8:16']],
    ['an id that would climb in a URL', feishu('roomContact: ".."'), ['bad-id 8:16']],
    ['an id that is empty text', feishu('roomContact: ""'), ['bad-id 8:16']],
    ['an address without a name', feishu('attendees: [{ email: "@x.com" }]'), ['bad-email 8:24']],
    [
      'a day that does not exist',
      feishu('attendees: [{ user: ou_a, until: 2026-02-29 }]'),
      ['bad-date 8:36'],
    ],
    ['a day as a number', feishu('attendees: [{ user: ou_a, until: 20260228 }]'), ['bad-date 8:36']],
    ['a day without zeros', feishu('guards: { allow: { removals: 1, until: 2026-1-2 } }'), ['bad-date 8:42']],
    ['a permission without an end', feishu('guards: { allow: { removals: 1 } }'), ['missing-key 8:20']],
    ['a percentage over 100', feishu('guards: { maxRemovals: 101% }'), ['bad-percent 8:26']],
    ['a percentage without a number', feishu('guards: { maxRemovals: "%" }'), ['bad-percent 8:26']],
    ['a negative percentage', feishu('guards: { maxRemovals: -5% }'), ['bad-percent 8:26']],
    ['a negative number', feishu('guards: { maxRemovals: -5 }'), ['bad-number 8:26']],
    ['half a removal', feishu('guards: { maxRemovals: 2.5 }'), ['bad-number 8:26']],
    ['a number in quotes', feishu('guards: { maxNotified: "5" }'), ['bad-number 8:26']],
    [
      'a room that is optional',
      feishu('attendees: [{ room: omm_a, optional: true }]'),
      ['optional-room 8:30'],
    ],
    [
      'a room that is not optional',
      feishu('attendees: [{ room: omm_a, optional: false }]'),
      ['optional-room 8:30'],
    ],
    ['an organizer', feishu('organizer: boss'), ['not-allowed 8:3']],
    [
      'replace under half a sync',
      feishu('optionalDrift: replace\nsync: add-only'),
      ['replace-needs-exact 9:9'],
    ],
    ['a meeting chat without a state', feishu('meetingChat: { id: oc_a }'), ['missing-key 8:16']],
    ['an occurrence as a number', feishu('admin: { instanceStartTime: 1647320400 }'), ['number-for-id 8:31']],
    ['an occurrence as words', feishu('admin: { instanceStartTime: noon }'), ['bad-id 8:31']],
    [
      'a person beside admin',
      feishu('admin: {}\nattendees: [{ user: ou_a }, { room: omm_a }]'),
      ['rooms-only 9:17'],
    ],
    ['no metadata', `${event}spec: { provider: feishu, calendarId: c, eventId: e }`, ['missing-key 1:1']],
    ['no spec', `${event}metadata: { name: e }`, ['missing-key 1:1']],
    ['no provider', `${event}metadata: { name: e }\nspec:\n  eventId: e`, ['missing-key 5:3']],
    [
      'no calendar',
      `${event}metadata: { name: e }\nspec:\n  { provider: lark, eventId: e }`,
      ['missing-key 5:3'],
    ],
    ['a name with a space', feishu('sync: exact', '"a b"').replace('"a b"_0', 'e'), ['bad-name 3:19']],
    ['a name of 64 letters', feishu('sync: exact', 'a'.repeat(64)), ['bad-name 3:19']],
    ['a name that is a number', feishu('sync: exact', '0123'), ['number-for-id 3:19']],
    [
      'a label that is a number',
      feishu('sync: exact', 'e, labels: { a: 1 }').replace(/eventId.*/, 'eventId: e'),
      ['number-for-id 3:35'],
    ],
    [
      'a label key with an equals sign',
      feishu('sync: exact', 'e, labels: { "a=b": c }').replace(/eventId.*/, 'eventId: e'),
      ['bad-name 3:32'],
    ],
  ])('%s', (_, text, expected) => {
    expect(findings(text)).toEqual(expected);
    expect(load({ 'a.yaml': text }).desired.events).toEqual([]);
  });
});

describe('a bare scalar where an id belongs', () => {
  it.each([
    ['0123', '"0123"'],
    ['0x1F', '"0x1F"'],
    ['1e3', '"1e3"'],
    ['+7', '"+7"'],
    ['.inf', '".inf"'],
    ['true', '"true"'],
    ['12345678901234567890', '"12345678901234567890"'],
  ])('%s is shown as written, with the quotes to add', (written, quoted) => {
    const { diagnostics } = load({ 'a.yaml': feishu(`attendees:\n  - user: ${written}`) });
    expect(diagnostics).toMatchObject([
      {
        code: 'number-for-id',
        message: expect.stringContaining(` ${written} `),
        hint: `write ${quoted}`,
        source: { file: 'a.yaml', line: 9, column: 13 },
      },
    ]);
  });
});

describe('state absent', () => {
  it.each([
    'sync: exact',
    'attendees: [{ chat: 1 }]',
    'ignore: []',
    'external: keep',
    'optionalDrift: ignore',
    'meetingChat: { id: oc_a, state: absent }',
    'admin: {}',
    'roomContact: ou_a',
  ])('does not stand beside %s', (key) => {
    expect(findings(feishu(`state: absent\n${key}`))).toEqual(['not-allowed 9:3']);
  });

  it('stands beside notify, guards and the keys that name the event', () => {
    const text = feishu('state: absent\nnotify: true\nguards: { allowDelete: true }\nuserIdType: union_id');
    expect(findings(text)).toEqual([]);
  });
});

describe('a DingTalk Event', () => {
  it.each([
    ['userIdType: open_id', ['not-allowed 8:3']],
    ['meetingChat: { id: oc_a, state: absent }', ['not-allowed 8:3']],
    ['admin: {}', ['not-allowed 8:3']],
    ['roomContact: u', ['not-allowed 8:3']],
    ['attendees:\n  - chat: oc_a\n  - user: u', ['not-allowed 9:7']],
    ['attendees:\n  - { room: omm_a }', ['not-allowed 9:9']],
    ['attendees:\n  - { until: 2026-01-01, email: a@x.com }', ['not-allowed 9:28']],
    ['ignore: [{ chat: oc_a }]', ['not-allowed 8:14']],
  ])('does not take %s', (spec, expected) => {
    expect(findings(dingtalk(spec))).toEqual(expected);
  });

  it('needs an organizer', () => {
    expect(findings(dingtalk('notify: true').replace('  organizer: boss\n', ''))).toEqual([
      'missing-key 5:3',
    ]);
  });
});

describe('a Roster or Directory that breaks the schema', () => {
  it.each([
    ['members that are null', roster('r', 'members:'), ['null-where-list 5:3']],
    ['no members', roster('r', 'exclude: []'), ['missing-key 5:3']],
    [
      'until in exclude',
      roster('r', 'members: []\nexclude: [{ user: u, until: 2026-01-01 }]'),
      ['unknown-key 6:24'],
    ],
    [
      'two kinds in exclude',
      roster('r', 'members: []\nexclude: [{ user: u, person: p }]'),
      ['two-kinds 6:13'],
    ],
    ['a handle with a space', directory('a b: {}'), ['bad-name 6:5']],
    ['a handle that is a number', directory('0123: {}\nx: {}'), ['non-string-key 6:5']],
    ['a person that is empty', directory('a:'), ['wrong-type 6:5']],
    ['an id that is a number', directory('a: { feishu: 3 }'), ['number-for-id 6:18']],
    ['an unknown kind of id', directory('a: { feishu: { openid: ou_a } }'), ['unknown-key 6:20']],
    ['ids without an id', directory('a: { lark: {} }'), ['missing-key 6:16']],
    ['ids by kind on DingTalk', directory('a: { dingtalk: { union_id: u } }'), ['wrong-type 6:20']],
    ['an unknown platform', directory('a: { dingding: u }'), ['unknown-key 6:10']],
    ['a union_id as open_id', directory('a: { feishu: { open_id: on_a } }'), ['foreign-id-type 6:20']],
  ])('%s', (_, text, expected) => {
    expect(findings(text)).toEqual(expected);
  });
});

it('finds all mistakes of a document in one run, each once', () => {
  const text = feishu(
    'sync: exakt\nattendees:\n  - user: 1\n  - usr: ou_b\n  - { person: nobody }\nguards: { maxRemovals: x }',
  );
  expect(findings(text)).toEqual([
    'unknown-value 8:9',
    'number-for-id 10:13',
    'unknown-key 11:7',
    'unknown-person 12:7',
    'bad-percent 13:26',
  ]);
});

it('says nothing of ids whose kind hangs on a key with a mistake', () => {
  expect(findings(feishu('userIdType: unionid\nattendees: [{ user: on_a }]'))).toEqual([
    'unknown-value 8:15',
  ]);
});

describe('a Google Event', () => {
  const google = (spec: string): string =>
    `apiVersion: rollcall.dev/v1\nkind: Event\nmetadata: { name: g }\nspec:\n  provider: google\n  eventId: g1\n  ${spec}\n`;

  it.each(['user', 'chat'])('ignores no type %s: nobody is listed as one', (type) => {
    expect(findings(google(`ignore: [{ type: ${type} }]`))).toEqual(['unknown-value 7:20']);
  });

  it.each(['email', 'room'])('ignores type %s', (type) => {
    expect(findings(google(`ignore: [{ type: ${type} }]`))).toEqual([]);
  });
});
