import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Platform } from '../src/model/platform.ts';
import { dingtalk } from '../src/platforms/dingtalk.ts';
import { feishu } from '../src/platforms/feishu.ts';
import { google } from '../src/platforms/google.ts';
import { lark } from '../src/platforms/lark.ts';
import { root } from './support/cli.ts';

const page = readFileSync(join(root, 'docs/platforms.md'), 'utf8');

const types = { user: 'people', chat: 'chats', room: 'rooms', email: 'e-mail addresses', group: 'groups' };
const keys = { email: 'address', mobile: 'mobile number', employeeNo: 'job number' };
const told = { switch: 'as you say', platform: 'it decides' };
const can = (abilities: Platform['finds'] | Platform['sources']): string =>
  Object.entries(abilities)
    .flatMap(([name, ability]) => ('cannot' in ability ? [] : [name]))
    .join(', ');
const number = (of: number): string => of.toLocaleString('en-US');

/** What the program works by, in the words of the page. */
const cells: Readonly<Record<string, (platform: Platform) => string>> = {
  attendees: ({ event }) => event.attendees.map((type) => types[type]).join(', '),
  'most on one event': ({ event, writes }) =>
    writes.style === 'whole' ? 'not documented' : number(event.most),
  'how a list is written': ({ writes }) =>
    writes.style === 'whole'
      ? 'as a whole, under the version that was read'
      : `by calls that add (${number(writes.add)} at most) or remove (${number(writes.remove)} at most)`,
  'others edit it meanwhile': ({ writes }) =>
    writes.style === 'whole'
      ? 'refused; read, judged and written anew, six times at most'
      : 'nobody is touched but who is named',
  'replies of those who stay': ({ writes }) =>
    writes.style === 'whole' ? 'go back as they were read' : 'are not touched',
  'another `optional` flag': ({ writes }) =>
    writes.flag === 'set'
      ? 'is set; the reply is kept'
      : 'takes a removal and an addition; the reply is lost',
  'telling who is added': ({ notice }) => told[notice.add],
  'telling who is removed': ({ notice }) => told[notice.remove],
  'seen after a write by': ({ writes }) =>
    writes.style === 'whole' ? 'the answer to the write' : 'reading again',
  'changed occurrences of series': ({ event }) =>
    event.exceptions.cannotFollow === null ? 'reported or kept in line' : 'reported',
  'members of a team from': ({ sources }) => can(sources).replaceAll(/\w+/g, (name) => `${name}s`),
  'people looked up by': ({ peopleBy }) => peopleBy.map((key) => keys[key]).join(', '),
  'who has left': ({ standing }) => (standing.permissions.length > 0 ? 'told' : 'not told'),
  '`find`': ({ finds }) => can(finds),
  'meeting chats, rooms as administrator': ({ event }) =>
    event.keys.includes('meetingChat') && event.keys.includes('admin') ? 'yes' : 'no',
  'works as': ({ event }) =>
    ({
      none: 'the app',
      required: 'the app, for an organizer that is named',
      subject: 'the organizer',
    })[event.organizer],
};

const table = page
  .split('\n')
  .filter((line) => /^\|(?! *-)/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

it('has a row for all that sets platforms apart', () => {
  expect(table.map(([what]) => what)).toEqual(['what', ...Object.keys(cells)]);
});

it.each(Object.entries(cells))('says of each platform what the program works by: %s', (what, cellOf) => {
  const [, ...row] = table.find(([name]) => name === what) ?? [];
  expect(row).toEqual([feishu, dingtalk, google].map((platform) => cellOf(platform)));
  expect(cellOf(lark)).toBe(cellOf(feishu));
});
