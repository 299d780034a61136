import { describe, expect, it } from 'vitest';
import { dingtalk, feishu, findings, load, onlyEvent, roster, today, unwanted, wanted } from './support.ts';

describe('the day', () => {
  it.each([
    ['2026-11-19', null],
    ['2026-11-20', 'user:ou_a'],
    ['2026-11-21', 'user:ou_a'],
  ])('until %s', (until, expected) => {
    const event = onlyEvent({ 'a.yaml': feishu(`attendees: [{ user: ou_a, until: ${until} }]`) });
    expect(wanted(event)?.[0]?.split(' ')[0] ?? null).toBe(expected);
    expect(unwanted(event)).toEqual(expected === null ? ['user:ou_a expired a.yaml:8:15'] : []);
  });

  it('counts the latest day of several entries', () => {
    const text = feishu(
      'attendees:\n  - { user: ou_a, until: 2026-01-01 }\n  - { user: ou_a, until: 2026-12-31 }',
    );
    const event = onlyEvent({ 'a.yaml': text });
    expect(wanted(event)).toEqual(['user:ou_a a.yaml:10:7']);
    expect(unwanted(event)).toEqual([]);
  });

  it('counts the earlier day of a roster and its member', () => {
    const files = {
      'a.yaml': feishu(
        'attendees:\n  - { roster: r, until: 2026-12-31 }\n  - { roster: s, until: 2026-01-01 }',
      ),
      'r.yaml': roster('r', 'members:\n  - { user: ou_a, until: 2026-01-01 }\n  - user: ou_b'),
      's.yaml': roster('s', 'members:\n  - { user: ou_c, until: 2027-01-01 }'),
    };
    const event = onlyEvent(files);
    expect(wanted(event)).toEqual(['user:ou_b r.yaml:7:7 r']);
    expect(unwanted(event)).toEqual(['user:ou_a expired r.yaml:6:7 r', 'user:ou_c expired a.yaml:10:7']);
  });
});

describe('optional', () => {
  it.each([
    ['an entry', 'attendees: [{ user: ou_a, optional: true }]', 'members: []', 'user:ou_a?', []],
    [
      'a roster for its members',
      'attendees: [{ roster: r, optional: true }]',
      'members: [{ user: ou_a }]',
      'user:ou_a?',
      [],
    ],
    [
      'a member that says no under a roster that says yes',
      'attendees: [{ roster: r, optional: true }]',
      'members: [{ user: ou_a, optional: false }]',
      'user:ou_a',
      ['optional-conflict? 8:15'],
    ],
    [
      'a member that says yes under a roster that says no',
      'attendees: [{ roster: r, optional: false }]',
      'members: [{ user: ou_a, optional: true }]',
      'user:ou_a',
      ['optional-conflict? r.yaml:5:13'],
    ],
    [
      'an entry that says yes beside one that does not',
      'attendees: [{ user: ou_a, optional: true }, { roster: r }]',
      'members: [{ user: ou_a }]',
      'user:ou_a',
      ['optional-conflict? 8:15'],
    ],
    [
      'an entry past its day',
      'attendees: [{ user: ou_a, optional: true }, { user: ou_a, until: 2026-01-01 }]',
      'members: []',
      'user:ou_a?',
      [],
    ],
    [
      'a room in a roster',
      'attendees: [{ roster: r, optional: true }]',
      'members: [{ room: omm_a }]',
      'room:omm_a',
      [],
    ],
  ])('%s', (_, attendees, members, expected, warnings) => {
    const files = { 'a.yaml': feishu(attendees), 'r.yaml': roster('r', members) };
    expect(wanted(onlyEvent(files))?.map((line) => line.split(' ')[0])).toEqual([expected]);
    expect(findings(files['a.yaml'], { 'r.yaml': files['r.yaml'] })).toEqual(warnings);
  });
});

describe('rosters', () => {
  it('keep the way to each attendee, outermost first', () => {
    const event = onlyEvent({
      'a.yaml': feishu('attendees:\n  - user: ou_c\n  - roster: all'),
      'r.yaml': `${roster('all', 'members: [{ roster: team }, { user: ou_b }]')}\n---\n${roster('team', 'members: [{ user: ou_a }]')}`,
    });
    expect(wanted(event)).toEqual([
      'user:ou_a r.yaml:11:13 all team',
      'user:ou_b r.yaml:5:31 all',
      'user:ou_c a.yaml:9:7',
    ]);
  });

  it('sort by type and id', () => {
    const text = feishu(
      'attendees: [{ user: b }, { room: z }, { email: X@Y.com }, { user: a }, { chat: c }]',
    );
    expect(wanted(onlyEvent({ 'a.yaml': text }))?.map((line) => line.split(' ')[0])).toEqual([
      'chat:c',
      'email:x@y.com',
      'room:z',
      'user:a',
      'user:b',
    ]);
  });

  it('strike from themselves alone, after nesting', () => {
    const files = {
      'a.yaml': feishu('attendees: [{ roster: outer }, { roster: inner }]'),
      'b.yaml': roster(
        'outer',
        'members: [{ roster: inner }, { user: ou_c }]\nexclude: [{ user: ou_a }, { user: ou_c }]',
      ),
      'c.yaml': roster('inner', 'members: [{ user: ou_a }, { user: ou_b }]'),
    };
    const event = onlyEvent(files);
    expect(wanted(event)).toEqual(['user:ou_a c.yaml:5:13 inner', 'user:ou_b c.yaml:5:29 outer inner']);
    expect(unwanted(event)).toEqual(['user:ou_c excluded b.yaml:6:29 outer']);
  });

  it('strike whom another roster wants', () => {
    const files = {
      'a.yaml': feishu('attendees: [{ roster: r }]'),
      'b.yaml': roster('r', 'members: [{ user: ou_a }, { user: ou_b }]\nexclude: [{ roster: gone }]'),
      'c.yaml': roster('gone', 'members: [{ user: ou_a }, { user: ou_b, until: 2026-01-01 }]'),
    };
    const event = onlyEvent(files);
    expect(wanted(event)).toEqual(['user:ou_b b.yaml:5:29 r']);
    expect(unwanted(event)).toEqual(['user:ou_a excluded b.yaml:6:13 r']);
  });

  it('say excluded rather than expired', () => {
    const files = {
      'a.yaml': feishu('attendees: [{ user: ou_a, until: 2026-01-01 }, { roster: r }]'),
      'b.yaml': roster('r', 'members: []\nexclude: [{ user: ou_a }]'),
    };
    expect(unwanted(onlyEvent(files))).toEqual(['user:ou_a excluded b.yaml:6:13 r']);
  });

  it('share one list between events that want nothing else', () => {
    const files = {
      'a.yaml': feishu('attendees: [{ roster: r }]', 'a'),
      'b.yaml': feishu('attendees: [{ roster: r }]', 'b'),
      'r.yaml': roster('r', 'members: [{ user: ou_a }]'),
    };
    const [first, second] = load(files).desired.events;
    expect(first?.attendees).toHaveLength(1);
    expect(first?.attendees).toBe(second?.attendees);
  });
});

describe('what can be seen only when rosters are resolved', () => {
  it('refuses chats, rooms and addresses on DingTalk at their line', () => {
    const r = roster('r', 'members:\n  - user: u\n  - chat: c\n  - room: m\n  - email: a@b.c');
    const found = findings(dingtalk('attendees: [{ roster: r }]'), { 'r.yaml': r });
    expect(found).toEqual(['not-allowed r.yaml:7:7', 'not-allowed r.yaml:8:7', 'not-allowed r.yaml:9:7']);
  });

  it('refuses people beside admin at their line', () => {
    const r = roster('r', 'members: [{ user: u }, { room: m }]');
    const text = feishu('admin: {}\nattendees: [{ roster: r }]');
    expect(findings(text, { 'r.yaml': r })).toEqual(['rooms-only r.yaml:5:13']);
  });

  it.each([
    ['Feishu', 3000, feishu],
    ['DingTalk', 5000, dingtalk],
  ])('refuses more than %s holds', (title, cap, event) => {
    const list = (count: number): string =>
      event(`attendees:\n${Array.from({ length: count }, (_, index) => `  - user: u${index}`).join('\n')}`);
    expect(findings(list(cap))).toEqual([]);
    expect(load({ 'a.yaml': list(cap + 1) }).diagnostics).toMatchObject([
      {
        code: 'over-cap',
        message: expect.stringContaining(`${title} holds at most ${cap}`),
        source: { line: 8, column: 3 },
      },
    ]);
  });
});

it('finds what cannot be resolved also in an event with other mistakes', () => {
  const text = feishu('sync: x\nattendees: [{ user: on_a }]');
  expect(findings(text)).toEqual(['unknown-value 8:9', 'foreign-id-type 9:15']);
});

it('judges by the given day', () => {
  const text = feishu('attendees: [{ user: ou_a, until: 2026-12-31 }]');
  expect(wanted(onlyEvent({ 'a.yaml': text }, '2027-01-01'))).toEqual([]);
  expect(load({ 'a.yaml': text }, '2027-01-01').desired.asOf).toBe('2027-01-01');
  expect(wanted(onlyEvent({ 'a.yaml': text }, today))).toHaveLength(1);
});

describe('a group of Google', () => {
  const event = (entry: string): string =>
    `apiVersion: rollcall.dev/v1\nkind: Event\nmetadata: { name: g }\nspec:\n  provider: google\n  eventId: g1\n  attendees: [${entry}]\n`;

  it('on an event is one attendee', () => {
    const { attendees } = onlyEvent({ 'a.yaml': event('{ group: All@corp.com }') });
    expect(attendees).toMatchObject([{ type: 'group', id: 'all@corp.com', via: [] }]);
  });

  it('is a group for every event, whichever manifest says so', () => {
    const files = {
      'a.yaml': event('{ email: ann@corp.com }'),
      'b.yaml': event('{ group: All@corp.com }').replace('g }', 'h }').replace('g1', 'g2'),
      'r.yaml': roster('r', 'members: [{ group: dev@corp.com }, { group: on-call }]'),
    };
    const [first] = load(files, today).desired.events;
    expect([...(first?.groups ?? [])].sort()).toEqual(['email:all@corp.com', 'email:dev@corp.com']);
  });

  it('in a Roster is the people in it', () => {
    const files = {
      'a.yaml': event('{ roster: r }'),
      'r.yaml': roster('r', 'members: [{ group: all@corp.com }]'),
    };
    expect(onlyEvent(files).attendees).toEqual([]);
  });
});
