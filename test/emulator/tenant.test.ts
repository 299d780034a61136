import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { behaviourHelp, behaviourOf } from '../../src/emulator/behaviour.ts';
import { startEmulator } from '../../src/emulator/server.ts';
import { parseTenant, TenantError } from '../../src/emulator/tenant.ts';
import { serve } from './client.ts';

function problemsOf(text: string | object): readonly string[] {
  try {
    parseTenant(text, 't.yaml');
  } catch (error) {
    if (error instanceof TenantError) return error.problems;
    throw error;
  }
  return [];
}

const event = (rows: string): string =>
  `feishu:\n  calendars:\n    - id: c@x\n      events:\n        - id: e_0\n          attendees: [${rows}]\n`;

it.each<[string, object, string]>([
  ['a missing key', { apps: [{ id: 'a' }] }, "/apps/0: must have required property 'secret'"],
  ['an unknown key', { aps: [] }, ': must NOT have additional properties'],
  ['an id that is there twice', { feishu: { calendars: [{ id: 'c' }, { id: 'c' }] } }, '/feishu/calendars/1'],
])('a tenant that a program made is refused for %s, by its path', (_, tenant, problem) => {
  expect(problemsOf(tenant)).toEqual([expect.stringContaining(problem)]);
});

describe('a tenant file', () => {
  it.each([
    ['an unknown key', 'aps: []', 't.yaml:1:1: unknown key "aps"; did you mean "apps"?'],
    [
      'a key foreign to its place',
      'apps: [{ id: a, secret: b, colour: red }]',
      't.yaml:1:28: unknown key "colour"; the keys here are id, secret, bot, scopes',
    ],
    ['a missing key', 'apps: [{ id: a }]', 't.yaml:1:8: "secret" is missing'],
    [
      'a bare number for an id',
      'feishu: { calendars: [{ id: 0123 }] }',
      't.yaml:1:29: id is a string; put it in quotes: "0123"',
    ],
    ['a duration that is none', 'behaviour: { readLag: soon }', 't.yaml:1:23: readLag must match'],
    [
      'a value outside its set',
      'behaviour: { roomBooking: maybe }',
      'roomBooking is one of accept, decline, pending; it is "maybe"',
    ],
    ['broken YAML', 'apps: [', 't.yaml:1:8:'],
    ['a second document', 'tokens: [a]\n---\ntokens: [b]', 't.yaml:2:1: a second document begins here'],
    ['lists without end', '['.repeat(5000), 'lists and maps are nested too deeply here'],
    ['a merge key', 'apps: [{ <<: { id: a }, secret: b }]', 't.yaml:1:10: the merge key <<'],
    ['a duplicate key', 'tokens: [a]\ntokens: [b]', 't.yaml:2:1: this key appears twice'],
    [
      'a duplicate calendar',
      'feishu: { calendars: [{ id: c }, { id: c }] }',
      't.yaml:1:40: c is given twice',
    ],
    [
      'two primary calendars',
      'feishu: { calendars: [{ id: c, type: primary }, { id: d, type: primary }] }',
      'there can be only one primary calendar',
    ],
    [
      'a changed occurrence of no series',
      'feishu: { calendars: [{ id: c, events: [{ id: e_0, exceptions: [{ original: 2026-01-01 }] }] }] }',
      't.yaml:1:64: exceptions need a series',
    ],
    [
      'a changed occurrence twice',
      'feishu: { calendars: [{ id: c, events: [{ id: e_0, recurrence: FREQ=DAILY, exceptions: [{ original: "60" }, { original: "60" }] }] }] }',
      't.yaml:1:121: e_60 already exists',
    ],
    [
      'a dynamic group of departments',
      'departments: [{ id: od-a, name: A }]\ngroups: [{ id: g, name: G, dynamic: true, departments: [od-a] }]',
      't.yaml:2:56: a dynamic group holds people alone',
    ],
    [
      'a group of a department that is not there',
      'groups: [{ id: g, name: G, departments: [od-x] }]',
      't.yaml:1:42: there is no department od-x',
    ],
    ['a role twice', 'roles: [{ id: 1, name: A }, { id: 1, name: B }]', 't.yaml:1:35: 1 is given twice'],
    [
      'a person without an id',
      'people: [{ name: A }]',
      't.yaml:1:10: a person has one of openId, unionId, userId, dingtalk and google',
    ],
    [
      'two people of one address',
      'people: [{ openId: ou_a, email: a@x.org }, { openId: ou_b, email: A@x.org }]',
      't.yaml:1:67: A@x.org is given twice',
    ],
    [
      'a department that is not there',
      'people: [{ openId: ou_a, departments: [od-x] }]',
      't.yaml:1:40: there is no department od-x',
    ],
    [
      'a parent that is not there',
      'departments: [{ id: od-a, name: A, parent: od-x }]',
      't.yaml:1:44: there is no department od-x',
    ],
    [
      'departments below themselves',
      'departments: [{ id: a, name: A, parent: b }, { id: b, name: B, parent: a }]',
      't.yaml:1:41: a is below itself',
    ],
    ['a second root', 'departments: [{ id: "0", name: A }]', 't.yaml:1:21: 0 is the root'],
    [
      'a day that does not exist',
      'people: [{ openId: ou_a, left: 2026-13-01 }]',
      '2026-13-01 is not a calendar day',
    ],
    [
      'a userid without its person',
      'people: [{ openId: ou_a, dingtalkUserId: a }]',
      't.yaml:1:42: dingtalkUserId needs dingtalk',
    ],
    ['a chat twice', 'chats: [{ id: oc_a }, { id: oc_a }]', 't.yaml:1:29: oc_a is given twice'],
    [
      'somebody of Feishu in two places',
      'people: [{ openId: ou_a }]\nfeishu: { people: [{ user: ou_a }] }',
      't.yaml:2:20: ou_a is in people as well',
    ],
    [
      'a rule of a series that is none',
      'feishu: { calendars: [{ id: c, events: [{ id: e_0, recurrence: weekly }] }] }',
      't.yaml:1:64: "weekly" is not a recurrence rule',
    ],
    [
      'a rule that is given twice',
      'dingtalk: { users: [{ unionId: u, events: [{ id: e, recurring: true, recurrence: FREQ=DAILY }] }] }',
      't.yaml:1:64: recurring and recurrence mean the same',
    ],
    [
      'a row without an id',
      event('{ name: X }'),
      't.yaml:6:23: an attendee has exactly one of user, chat, room and email',
    ],
    ['a row with two ids', event('{ user: ou_a, chat: oc_b }'), 'exactly one of'],
    [
      'generated rows that are all the same',
      event('{ user: ou_a, generate: 3 }'),
      't.yaml:6:23: generate needs {} in the id, so that the rows differ: "ou_a_{}"',
    ],
    [
      'an unknown reply',
      event('{ user: ou_a, rsvp: maybe }'),
      'rsvp is one of needs_action, accept, tentative, decline, removed',
    ],
    [
      'a day that does not exist',
      'feishu: { calendars: [{ id: c, events: [{ id: e_0, start: 2027-13-01 }] }] }',
      '2027-13-01 is not a real date',
    ],
    [
      'a duplicate DingTalk event',
      'dingtalk: { users: [{ unionId: u, events: [{ id: e }, { id: e }] }] }',
      'e is given twice',
    ],
  ])('with %s is refused with its place', (_, text, message) => {
    expect(problemsOf(text).join('\n')).toContain(message);
  });

  it.each([
    ['a secret that is a number', 'apps: [{ id: a, secret: 4815162342 }]'],
    ['a token that is a number', 'tokens: [4815162342]'],
    ['apps that are no list', 'apps: { id: a, secret: 4815162342 }'],
    ['tokens that are no list', 'tokens: { a: "4815162342" }'],
    ['a list around it', '- { apps: [{ id: a, secret: "4815162342" }] }'],
    ['a secret that is taken for an alias', 'apps: [{ id: a, secret: *4815162342 }]'],
    ['a secret that is taken for a tag', 'apps: [{ id: a, secret: !4815162342 x }]'],
    ['a secret behind its quotes', 'apps: [{ id: a, secret: "x"4815162342 }]'],
    ['a secret that ends the list', 'apps: [{ id: a, secret: x }] 4815162342'],
  ])('with %s is refused without showing it', (_, text) => {
    const problems = problemsOf(text);
    expect(problems).not.toEqual([]);
    expect(problems.join('\n')).not.toContain('4815162342');
  });

  it('gets all its problems named at once', () => {
    expect(problemsOf('apps: [{ id: a }]\nbehavior: {}\n')).toHaveLength(2);
  });

  it('may be empty', () => {
    expect(problemsOf('')).toEqual([]);
  });

  it('is checked before a port is taken', async () => {
    await expect(startEmulator({ tenant: 'aps: []', file: 'x.yaml' })).rejects.toThrow(
      /^x\.yaml:1:1: unknown key/,
    );
  });

  it('generates rows with the number in id and name', async () => {
    const emulator = await serve(
      event('{ generate: 3, user: "ou_{}", name: "N {}" }, { generate: 2, email: "{}@x.org" }'),
    );
    expect(emulator.attendees('e_0').map((row) => `${row.type} ${row.id}`)).toEqual([
      'user ou_1',
      'user ou_2',
      'user ou_3',
      'email 1@x.org',
      'email 2@x.org',
    ]);
  });
});

describe('the example tenant', () => {
  it('is valid and holds the events that the examples name', async () => {
    const emulator = await serve(readFileSync('examples/tenant.yaml', 'utf8'));
    const sizes = ['weekly_0', 'allhands_0', 'standup_0', 'launch_0', 'standup'].map(
      (id) => emulator.attendees(id).length,
    );
    expect(sizes).toEqual([11, 483, 3, 3, 9]);
  });
});

describe('behaviour', () => {
  it('has a default for every switch and takes what is set', () => {
    expect(behaviourOf()).toMatchObject({ unknownAttendee: 'ignored', readLag: 0, tokenLifetime: 7_200_000 });
    expect(behaviourOf({ unknownAttendee: 'refused', readLag: '2s', tokenLifetime: 50 })).toMatchObject({
      unknownAttendee: 'refused',
      readLag: 2000,
      tokenLifetime: 50,
    });
  });

  it('is described switch by switch, in lines of at most 100 columns', () => {
    const help = behaviourHelp();
    for (const name of Object.keys(behaviourOf())) expect(help).toContain(`  ${name}: `);
    expect(help.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });
});
