import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './cli.ts';

/** The example tenant, with what a page needs besides. */
export function tenantOfPage(page: string): string {
  const example = readFileSync(join(root, 'examples/tenant.yaml'), 'utf8');
  return more[page]?.(example) ?? example;
}

const more: Readonly<Record<string, (example: string) => string>> = {
  'recipes.md': (example) =>
    [
      ['apps:\n', `apps:\n  - ${JSON.stringify(reader)}\n`],
      ['people:\n', `people:\n${crowd()}`],
      ['        - id: retro\n', `        - ${JSON.stringify(allHands)}\n        - id: retro\n`],
    ].reduce((text, [before = '', after = '']) => text.replace(before, () => after), example),
};

/** An app that can read calendars, and nothing else. */
const reader = {
  id: 'cli_reader',
  secret: 'reader-secret',
  scopes: ['calendar:calendar.event:read', 'calendar:calendar:read'],
};

const allHands = {
  id: 'allhands',
  summary: '全员大会 All hands',
  start: '2099-03-01T15:00:00+08:00',
  end: '2099-03-01T16:30:00+08:00',
  attendees: [{ user: 'unionOrg', name: '陈组织 Chen Zuzhi', organizer: true }],
};

/** With the people of the example, 5,000 in DingTalk's departments. */
function crowd(): string {
  return Array.from({ length: 4989 }, (_, index) => {
    const person = {
      name: `成员 ${index + 1}`,
      dingtalk: `unionCrowd${index + 1}`,
      departments: ['od-sales'],
    };
    return `  - ${JSON.stringify(person)}\n`;
  }).join('');
}
