import { describe, expect, it } from 'vitest';
import { redacting } from '../../src/cli/command-line.ts';
import { runProgram } from '../../src/cli/program.ts';
import { folderWith } from '../support/cli.ts';

/** Everything that tells who somebody is holds this word, and nothing else does. */
const canary = /canary/i;

async function printed(args: readonly string[]): Promise<{ code: number; all: string }> {
  let all = '';
  const sink = { write: (text: string) => (all += text) };
  const code = await runProgram(
    await redacting({
      env: {},
      stdin: process.stdin,
      stdout: sink,
      stderr: sink,
      signal: new AbortController().signal,
    }),
    args,
  );
  return { code, all };
}

const broken = folderWith({
  'event.yaml': `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: broken }
spec:
  provider: feishu
  calendarId: feishu.cn_t@group.calendar.feishu.cn
  eventId: broken_0
  atendees: []
  organizer: unionCanary
  attendees:
    - canary.plain
    - user: on_canary
    - person: canary.nobody
    - roster: canary.roster
    - email: canary at example.com
    - { canary.key: 1 }
    - { user: 0123 }
    - &canaryanchor { user: ou_canary }
`,
  'alias.yaml': `apiVersion: rollcall.dev/v1
kind: Roster
metadata: { name: aliased }
spec: { members: [*canaryalias, { user: !canarytag x }] }
`,
  'conflict.yaml': `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: conflict }
spec:
  provider: feishu
  calendarId: feishu.cn_t@group.calendar.feishu.cn
  eventId: conflict_0
  userIdType: user_id
  attendees: [{ user: canarytwice, optional: true }, { user: canarytwice }, { person: canary.lark }]
`,
  'people.yaml': `apiVersion: rollcall.dev/v1
kind: Directory
metadata: { name: people }
spec: { people: { canary.nobody1: { name: "", feishu: on_canary1, lark: { open_id: on_canary2 } }, canary.lark: { lark: ou_canary } } }
`,
});

describe('--redact before there is a plan', () => {
  it.each([
    ['validate', 'text'],
    ['validate', 'json'],
    ['validate', 'github'],
    ['plan', 'text'],
    ['plan', 'json'],
    ['plan', 'markdown'],
    ['plan', 'github'],
  ])('names nobody in the mistakes that %s finds, as %s, and keeps their places', async (command, format) => {
    const { code, all } = await printed([command, '--redact', '--format', format, broken]);
    expect(code).toBe(1);
    expect(all).not.toMatch(canary);
    expect(all).not.toContain('0123');
    expect(all).toMatch(/event\.yaml/);
    expect(all).toMatch(/attendees/);
    expect(all).toMatch(/user-\d/);
  });

  it('names nobody in a mistake on the command line', async () => {
    const { code, all } = await printed([
      'plan',
      '--redact',
      '--colour',
      'canary@example.com',
      '--ou_canary',
    ]);
    expect(code).toBe(1);
    expect(all).not.toMatch(canary);
  });
});
