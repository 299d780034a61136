import { describe, expect, it } from 'vitest';
import { googleManifest } from '../support/google-scene.ts';
import { dingtalk, directory, feishu, findings, load, roster } from './support.ts';

describe('names that are there twice', () => {
  it('are errors within a kind and name the other place', () => {
    const { desired, diagnostics } = load({
      'a.yaml': feishu('', 'x'),
      'b.yaml': feishu('', 'x').replace('x_0', 'y_0'),
    });
    expect(diagnostics).toMatchObject([
      {
        code: 'duplicate-name',
        message: 'the Event "x" is defined twice: also at a.yaml:3',
        source: { file: 'b.yaml', line: 3, column: 13 },
      },
    ]);
    expect(desired.events).toHaveLength(1);
  });

  it('may stand in two kinds', () => {
    expect(findings(`${feishu('', 'x')}\n---\n${roster('x', 'members: []')}`)).toEqual([]);
  });

  it('are errors between Directories, and so are handles', () => {
    const found = findings(directory('p: {}'), {
      'b.yaml': directory('p: {}'),
      'c.yaml': directory('p: {}', 'more'),
    });
    expect(found).toEqual([
      'duplicate-name b.yaml:3:13',
      'duplicate-handle b.yaml:6:5',
      'duplicate-handle c.yaml:6:5',
    ]);
  });
});

describe('two Events for one platform event', () => {
  const one = feishu('', 'one');
  const other = (change: (text: string) => string): string =>
    `${one}\n---\n${change(feishu('', 'two').replace('two_0', 'one_0'))}`;

  it.each([
    ['with the same ids', (text: string) => text, ['duplicate-event 16:3']],
    ['with another provider', (text: string) => text.replace('feishu', 'lark'), []],
    ['with another calendar', (text: string) => text.replace('cal\n', 'cal2\n'), []],
    ['with another id', (text: string) => text.replace('one_0', 'two_0'), []],
    ['with another id type', (text: string) => `${text}  userIdType: union_id`, ['duplicate-event 16:3']],
    ['of one occurrence', (text: string) => `${text}  admin: { instanceStartTime: "1" }`, []],
    ['in admin mode', (text: string) => `${text}  admin: {}`, ['duplicate-event 16:3']],
  ])('%s', (_, change, expected) => {
    expect(findings(other(change))).toEqual(expected);
  });

  it('counts the default calendar of DingTalk as the same', () => {
    const two = dingtalk('calendarId: primary').replace('name: d', 'name: e');
    expect(findings(dingtalk(''), { 'b.yaml': two })).toEqual(['duplicate-event b.yaml:7:3']);
    expect(findings(dingtalk(''), { 'b.yaml': two.replace('boss', 'other') })).toEqual([]);
  });

  it.each([
    ['lead@corp.com', 'lead@corp.com', true],
    ['primary', 'Lead@Corp.com', true],
    ['LEAD@corp.com', 'deputy@corp.com', true],
    ['primary', 'deputy@corp.com', false],
    ['team@group.calendar.google.com', 'lead@corp.com', false],
  ])("of Google's calendar %s for %s", (calendarId, organizer, isSame) => {
    const event = (name: string, calendar: string, by: string): string =>
      googleManifest(name, [], { calendarId: calendar, organizer: by, eventId: 'staff' });
    const found = findings(event('one', 'primary', 'lead@corp.com'), {
      'b.yaml': event('two', calendarId, organizer),
    });
    expect(found.map((text) => text.split(' ')[0])).toEqual(isSame ? ['duplicate-event'] : []);
  });
});

describe('names that are not there', () => {
  it('are errors with the nearest one', () => {
    const { diagnostics } = load({
      'a.yaml': feishu('attendees:\n  - person: zhang.sna\n  - roster: tema\n  - person: q'),
      'b.yaml': `${directory('zhang.san: { feishu: ou_z }')}\n---\n${roster('team', 'members: []')}`,
    });
    expect(diagnostics.map(({ code, hint, source }) => [code, hint, source?.line])).toEqual([
      ['unknown-person', 'did you mean "zhang.san"?', 9],
      ['unknown-roster', 'did you mean "team"?', 10],
      ['unknown-person', 'add it, or give the path of its Directory too', 11],
    ]);
  });

  it('are errors in rosters that nobody uses, and in exclude and ignore', () => {
    const text = roster('r', 'members: [{ person: a }]\nexclude: [{ roster: b }]');
    expect(findings(text)).toEqual(['unknown-person 5:13', 'unknown-roster 6:13']);
    expect(findings(feishu('ignore: [{ person: a }]'))).toEqual(['unknown-person 8:12']);
  });

  it('are no second error where a manifest with mistakes has them', () => {
    const others = {
      'b.yaml': roster('r', 'member: []'),
      'c.yaml': directory('p: { feishu: 3 }\nq: 1'),
      'd.yaml': directory('s: { feishu: ou_s }').replace('{ name: people }', '{}'),
    };
    const text = feishu('attendees:\n  - roster: r\n  - person: p\n  - person: q\n  - person: s');
    expect(findings(text, others).filter((finding) => !/ [bcd]\.yaml/.test(finding))).toEqual([]);
    expect(load({ 'a.yaml': text, ...others }).desired.events).toEqual([]);
  });
});

describe('rosters that contain each other', () => {
  it.each([
    ['itself', [roster('a', 'members: [{ roster: a }]')], ['roster-cycle 5:13']],
    ['itself in exclude', [roster('a', 'members: []\nexclude: [{ roster: a }]')], ['roster-cycle 6:13']],
    [
      'in a ring',
      [
        roster('a', 'members: [{ roster: b }]'),
        roster('b', 'members: [{ roster: c }]'),
        roster('c', 'members: [{ roster: a }]'),
      ],
      ['roster-cycle 17:13'],
    ],
  ])('%s', (_, rosters, expected) => {
    expect(findings(rosters.join('\n---\n'))).toEqual(expected);
  });

  it('leave out the events that use them, without another error', () => {
    const { desired, diagnostics } = load({
      'a.yaml': feishu('attendees: [{ roster: up }]'),
      'b.yaml': [roster('up', 'members: [{ roster: a }]'), roster('a', 'members: [{ roster: a }]')].join(
        '\n---\n',
      ),
    });
    expect(desired.events).toEqual([]);
    expect(diagnostics.map(({ message }) => message)).toEqual(['rosters contain each other: a > a']);
  });
});

it.each([
  ['up', (index: number) => index],
  ['down', (index: number) => 3_000 - index],
])('answers rosters that are nested without end, named %s', (_, nameOf) => {
  const chain = Array.from({ length: 3_000 }, (_unused, index) =>
    roster(
      `r${nameOf(index)}`,
      index === 2_999 ? 'members: []' : `members: [{ roster: r${nameOf(index + 1)} }]`,
    ),
  );
  const codes = findings(chain.join('\n---\n')).map((finding) => finding.split(' ')[0]);
  expect(new Set(codes)).toEqual(new Set(['too-deep']));
});

describe('an Event without its ids', () => {
  const text = feishu('attendees: [{ roster: nobody }]')
    .replace('calendarId', 'calender')
    .replace('  eventId: e_0\n', '');

  it('is looked at further, so that all mistakes show in one run', () => {
    expect(findings(text)).toEqual(['missing-key 5:3', 'unknown-key 6:3', 'unknown-roster 7:15']);
  });

  it('is no second Event for a platform event that is not known', () => {
    const other = text.replace('name: e', 'name: f').replace('[{ roster: nobody }]', '[]');
    expect(findings(text, { 'b.yaml': other }).filter((found) => found.startsWith('duplicate'))).toEqual([]);
  });
});
