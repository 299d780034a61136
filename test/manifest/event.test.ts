import { describe, expect, it } from 'vitest';
import { dingtalk, directory, feishu, load, onlyEvent, roster } from './support.ts';

describe('an Event', () => {
  it('has the documented defaults', () => {
    expect(onlyEvent({ 'a.yaml': feishu('') })).toEqual({
      name: 'e',
      labels: {},
      source: { file: 'a.yaml', line: 1, column: 1 },
      ref: { provider: 'feishu', calendarId: 'cal', eventId: 'e_0', userIdType: 'open_id' },
      state: 'present',
      sync: 'exact',
      notify: false,
      attendees: null,
      unwanted: new Map(),
      ignore: [],
      external: 'keep',
      optionalDrift: 'ignore',
      leavers: 'keep',
      exceptions: 'leave',
      guards: {
        maxRemovals: null,
        allowEmpty: false,
        allowDelete: false,
        allowPast: false,
        maxAdditions: null,
        maxNotified: 200,
        allow: null,
      },
      unbindChat: null,
      names: new Map(),
    });
  });

  it('carries everything that is said', () => {
    const spec = [
      'userIdType: union_id',
      'sync: remove-only',
      'notify: true',
      'attendees: []',
      'external: remove',
      'guards:',
      '  maxRemovals: 33.3%',
      '  allowEmpty: true',
      '  allowDelete: true',
      '  allowPast: true',
      '  maxAdditions: 0',
      '  maxNotified: 5',
      '  allow: { removals: 299, until: 2026-12-01 }',
      'meetingChat: { id: oc_m, state: absent }',
      'admin: { instanceStartTime: "1647320400" }',
      'roomContact: on_z',
    ].join('\n');
    const text = `# yaml-language-server: $schema=x\n\n${feishu(spec, 'e, labels: { team: platform, __proto__: x }').replace(/eventId.*/, 'eventId: e_0')}`;
    const event = onlyEvent({ 'a.yaml': text });
    expect(event).toMatchObject({
      source: { line: 3 },
      ref: { userIdType: 'union_id', admin: { instanceStartTime: '1647320400' }, roomContact: 'on_z' },
      sync: 'remove-only',
      notify: true,
      attendees: [],
      external: 'remove',
      guards: {
        maxRemovals: '33.3%',
        allowEmpty: true,
        allowDelete: true,
        allowPast: true,
        maxAdditions: 0,
        maxNotified: 5,
        allow: { removals: 299, until: '2026-12-01' },
      },
      unbindChat: { chatId: 'oc_m', source: { line: 23, column: 3 } },
    });
    expect(Object.entries(event.labels)).toEqual([
      ['team', 'platform'],
      ['__proto__', 'x'],
    ]);
  });

  it('leaves a present meeting chat alone', () => {
    expect(
      onlyEvent({ 'a.yaml': feishu('meetingChat: { id: oc_m, state: present }') }).unbindChat,
    ).toBeNull();
  });

  it('takes optionalDrift: replace under exact, said or not', () => {
    expect(onlyEvent({ 'a.yaml': feishu('optionalDrift: replace') }).optionalDrift).toBe('replace');
    expect(onlyEvent({ 'a.yaml': feishu('optionalDrift: replace\nsync: exact') }).optionalDrift).toBe(
      'replace',
    );
  });

  it.each(['0', '7', '0%', '100%', '100.0%', '99.99%'])('takes maxRemovals: %s', (limit) => {
    const { maxRemovals } = onlyEvent({ 'a.yaml': feishu(`guards: { maxRemovals: ${limit} }`) }).guards;
    expect(String(maxRemovals)).toBe(limit);
  });

  it('on DingTalk names its organizer and the primary calendar', () => {
    expect(onlyEvent({ 'a.yaml': dingtalk('') }).ref).toEqual({
      provider: 'dingtalk',
      calendarId: 'primary',
      eventId: 'd',
      organizer: 'boss',
    });
  });

  it('takes names of any script', () => {
    expect(onlyEvent({ 'a.yaml': feishu('', '平台-周会').replace('平台-周会_0', 'e') }).name).toBe(
      '平台-周会',
    );
  });
});

it('resolves ignore to types and identities', () => {
  const event = onlyEvent({
    'a.yaml': feishu(
      'ignore: [{ type: room }, { user: ou_bot }, { email: A@B.c }, { person: p }, { roster: r }]',
    ),
    'b.yaml': directory('p: { feishu: ou_p }'),
    'c.yaml': roster('r', 'members: [{ chat: oc_r }, { user: ou_old, until: 2026-01-01 }]'),
  });
  expect(event.ignore).toEqual([
    { type: 'room' },
    { type: 'chat', id: 'oc_r' },
    { type: 'email', id: 'a@b.c' },
    { type: 'user', id: 'ou_bot' },
    { type: 'user', id: 'ou_p' },
  ]);
});

it('gives events by name, in the order of code points', () => {
  const names = ['b', 'B', 'a', '会', '\u{20000}', 'ﬀ'];
  const files = Object.fromEntries(names.map((name, index) => [`${index}.yaml`, feishu('', name)]));
  expect(load(files).desired.events.map(({ name }) => name)).toEqual(['B', 'a', 'b', '会', 'ﬀ', '\u{20000}']);
});
