import { describe, expect, it } from 'vitest';
import { dingtalk, directory, feishu, findings, load, onlyEvent, roster } from './support.ts';

/** The only diagnostic of one text: code, place, message and hint. */
function only(text: string, others: Readonly<Record<string, string>> = {}): string {
  const { diagnostics } = load({ 'a.yaml': text, ...others });
  expect(diagnostics).toHaveLength(1);
  return diagnostics
    .map(
      ({ code, message, hint, source }) => `${source?.line}:${source?.column} ${code}: ${message}; ${hint}`,
    )
    .join('\n');
}

describe('an id that cannot be what it stands for', () => {
  it.each([
    ['user: oc_a', '"oc_a" is a chat id, not a user id; write `chat: oc_a`'],
    ['user: omm_a', '"omm_a" is a room id, not a user id; write `room: omm_a`'],
    ['user: bob@corp.com', '"bob@corp.com" is an e-mail address, not a user id; write `email: bob@corp.com`'],
    ['chat: ou_a', '"ou_a" is a user id, not a chat id; write `user: ou_a`'],
    ['chat: omm_a', '"omm_a" is a room id, not a chat id; write `room: omm_a`'],
    ['room: oc_a', '"oc_a" is a chat id, not a room id; write `chat: oc_a`'],
    ['room: on_a', '"on_a" is a user id, not a room id; write `user: on_a`'],
    ['room: bob@corp.com', '"bob@corp.com" is an e-mail address, not a room id; write `email: bob@corp.com`'],
  ])('on Feishu and Lark is an error with the way out: %s', (entry, words) => {
    expect(only(feishu(`attendees: [{ ${entry} }]`))).toBe(`8:15 wrong-id: ${words}`);
    const lark = feishu(`ignore: [{ ${entry} }]`).replace('feishu', 'lark');
    expect(only(lark)).toBe(`8:12 wrong-id: ${words}`);
  });

  it.each([
    [
      'ou_a',
      'foreign-id-type',
      '"ou_a" is a Feishu open_id, but this event is on DingTalk; give the id that this person has on DingTalk',
    ],
    [
      'on_a',
      'foreign-id-type',
      '"on_a" is a Feishu union_id, but this event is on DingTalk; give the id that this person has on DingTalk',
    ],
    [
      'oc_a',
      'wrong-id',
      '"oc_a" is a chat id, not a user id; DingTalk events take people only; list the members of this chat as users or in a Roster',
    ],
    [
      'omm_a',
      'wrong-id',
      '"omm_a" is a room id, not a user id; DingTalk events take people only; book the room on DingTalk itself',
    ],
    [
      'a@b.cn',
      'wrong-id',
      '"a@b.cn" is an e-mail address, not a user id; DingTalk events take people only; give the id that this person has on DingTalk',
    ],
  ])('on DingTalk is an error with the way out: %s', (id, code, words) => {
    expect(only(dingtalk(`attendees: [{ user: ${id} }]`))).toBe(`8:15 ${code}: ${words}`);
    expect(findings(dingtalk('sync: exact').replace('boss', id))).toEqual([`${code} 6:3`]);
  });

  it('is found in a roster, at its own line', () => {
    const r = roster('r', 'members:\n  - user: oc_a');
    expect(findings(feishu('attendees: [{ roster: r }]'), { 'r.yaml': r })).toEqual(['wrong-id r.yaml:6:7']);
  });

  it.each([
    ['roomContact: oc_a', 'wrong-id 8:3'],
    ['meetingChat: { id: ou_a, state: absent }', 'wrong-id 8:18'],
  ])('is found beside the lists: %s', (spec, finding) => {
    expect(findings(feishu(spec))).toEqual([finding]);
  });

  it.each([
    ['feishu: oc_a', 'wrong-id 6:10', 'p: feishu "oc_a" is a chat id, not a user id'],
    ['lark: { open_id: omm_a }', 'wrong-id 6:18', 'p: lark open_id "omm_a" is a room id, not a user id'],
    [
      'dingtalk: ou_a',
      'foreign-id-type 6:10',
      'p: dingtalk "ou_a" is a Feishu open_id, but this event is on DingTalk',
    ],
  ])('is found in a Directory: %s', (ids, finding, message) => {
    const text = directory(`p: { ${ids} }`);
    expect(findings(text)).toEqual([finding]);
    expect(load({ 'a.yaml': text }).diagnostics[0]?.message).toBe(message);
  });

  it('is a warning where ids of that kind look like anything', () => {
    const text = feishu('userIdType: user_id\nattendees: [{ user: bob@corp.com }]');
    expect(findings(text)).toEqual(['wrong-id? 9:15']);
    expect(findings(text.replace('bob@corp.com', 'oc_a'))).toEqual(['wrong-id 9:15']);
  });

  it.each([
    '"',
    "'",
    '“',
    '”',
    '‘',
    '’',
    '「',
    '」',
    '『',
    '«',
    '»',
    '„',
    '‹',
    '＂',
    '`',
    '´',
    '《',
    '】',
    '″',
  ])('has no quotation mark in it: %s', (mark) => {
    const quoted = mark === "'" ? `"${mark}ou_a"` : `'${mark}ou_a'`;
    expect(findings(feishu(`attendees: [{ user: ${quoted} }]`))).toEqual(['bad-id 8:23']);
    expect(
      findings(feishu(`roomContact: ${quoted.replace('ou_a', '').replace(mark, `ou_a${mark}`)}`)),
    ).toEqual(['bad-id 8:16']);
  });

  it.each(['“bob”@corp.com', 'bob@corp.com.', 'bob@“corp.com”', 'bob@corp.com”'])(
    'as an address: %s',
    (address) => {
      expect(findings(feishu(`attendees: [{ email: '${address}' }]`))).toEqual(['bad-email 8:24']);
    },
  );

  it.each(["o'brien@corp.com", 'bob@例子.公司', 'bob@localhost'])('lets the address %s stand', (address) => {
    expect(findings(feishu(`attendees: [{ email: "${address}" }]`))).toEqual([]);
  });
});

it('writes addresses in one form, whatever the manifest has', () => {
  const text = feishu('attendees:\n  - email: Bob@例子.公司\n  - email: bob@xn--fsqu00a.xn--55qx5d');
  expect(onlyEvent({ 'a.yaml': text }).attendees?.map(({ id }) => id)).toEqual([
    'bob@xn--fsqu00a.xn--55qx5d',
  ]);
  expect(findings(text)).toEqual(['listed-twice? 10:7']);
});

describe('the same attendee twice in one list', () => {
  const people = directory('zhang.san: { feishu: ou_z }');

  it.each([
    ['attendees:\n  - user: ou_a\n  - user: ou_a', 'user "ou_a" is in this list twice: also at a.yaml:9'],
    ['ignore:\n  - room: omm_a\n  - room: omm_a', 'room "omm_a" is in this list twice: also at a.yaml:9'],
    [
      'attendees:\n  - person: zhang.san\n  - user: ou_z',
      'user "ou_z" is the same attendee as person "zhang.san" at a.yaml:9',
    ],
    [
      'attendees:\n  - email: Bob@Corp.com\n  - email: bob@corp.com',
      'email "bob@corp.com" is the same attendee as email "Bob@Corp.com" at a.yaml:9',
    ],
  ])('is a warning with both places: %j', (spec, message) => {
    expect(load({ 'a.yaml': feishu(spec), 'p.yaml': people }).diagnostics).toMatchObject([
      {
        severity: 'warning',
        code: 'listed-twice',
        message,
        hint: 'keep one of the two',
        source: { file: 'a.yaml', line: 10, column: 7 },
      },
    ]);
  });

  it('is seen in members and exclude of a roster, once for all events', () => {
    const r = roster(
      'r',
      'members:\n  - user: ou_a\n  - user: ou_a\nexclude:\n  - user: ou_b\n  - user: ou_b',
    );
    const found = findings(feishu('attendees: [{ roster: r }]'), {
      'b.yaml': feishu('userIdType: user_id\nattendees: [{ roster: r }]', 'f'),
      'r.yaml': r,
    });
    expect(found.filter((finding) => finding.startsWith('listed-twice'))).toEqual([
      'listed-twice? r.yaml:7:7',
      'listed-twice? r.yaml:10:7',
    ]);
  });

  it('is none where one comes from a roster', () => {
    const files = { 'r.yaml': roster('r', 'members: [{ user: ou_a }]') };
    expect(findings(feishu('attendees: [{ user: ou_a }, { roster: r }]'), files)).toEqual([]);
  });
});

it('warns of an event that is to be deleted and may not be', () => {
  expect(findings(feishu('state: absent'))).toEqual(['delete-guarded? 8:3']);
  expect(findings(feishu('state: absent\nguards: { allowDelete: true }'))).toEqual([]);
});
