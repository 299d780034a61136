import { afterEach, describe, expect, it } from 'vitest';
import { rollcall } from '../support/cli.ts';
import { beginInTerminal } from '../support/own-terminal.ts';
import { type RanInTerminal, type TerminalOptions, rollcallInTerminal } from '../support/pty.ts';
import { type Scene, manifestOf, newScene, tenantOf } from '../support/scene.ts';

// What a plan looks like depends on who looks: once on a pseudo-terminal, then on what the command takes for a terminal.

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

const words = 'Platform weekly with the people from Hangzhou';

/** Two events, from one of which 30 people are to go and from the other one. */
async function manyRemovals(): Promise<Scene> {
  const at = await newScene(
    {
      tenant: tenantOf({
        a_0: `summary: ${words}, attendees: [{ user: ou_a }, { generate: 30, user: "ou_gone_{}" }, { generate: 40, user: "ou_stay_{}" }]`,
        b_0: 'attendees: [{ user: ou_a }, { user: ou_b, rsvp: accept }]',
      }),
    },
    {
      a: manifestOf('a', ['{ user: ou_a }', ...ids(40, 'ou_stay_')].join(', ')),
      b: manifestOf('b', '{ user: ou_a }'),
    },
  );
  scenes.push(at);
  return at;
}

function ids(number: number, prefix: string): string[] {
  return Array.from({ length: number }, (_, index) => `{ user: ${prefix}${index + 1} }`);
}

function ownTerminal(args: readonly string[], options: TerminalOptions): Promise<RanInTerminal> {
  return beginInTerminal(args, options).ran;
}

function rowsIn(screen: readonly string[]): string[] {
  return screen.filter((line) => /^ {2}- ou_/.test(line));
}

describe('a plan on a terminal', () => {
  it('folds what is long, and ends with a table of the events', async () => {
    const at = await manyRemovals();
    const { code, screen } = await rollcallInTerminal(['plan'], { cwd: at.folder, env: at.env });
    expect(code).toBe(0);
    expect(rowsIn(screen)).toHaveLength(21);
    expect(screen).toContain('  ... and 10 more; --full shows them');
    const table = screen.slice(screen.indexOf('Events') + 1, screen.indexOf('Events') + 3);
    expect(table).toEqual(['  a (Feishu)  30 of 71 to remove, 42 %', '  b (Feishu)  1 of 2 to remove, 50 %']);
    expect(screen).toContain('Plan: 0 to add, 31 to remove.');
  });

  it('shows all of it with --full, and where nobody looks', async () => {
    const at = await manyRemovals();
    const full = await ownTerminal(['plan', '--full'], { cwd: at.folder, env: at.env });
    expect(rowsIn(full.screen)).toHaveLength(31);
    const piped = await rollcall(['plan'], { cwd: at.folder, env: at.env });
    expect(rowsIn(piped.stdout.split('\n'))).toHaveLength(31);
  });

  it('breaks lines between words where there are 40 columns', async () => {
    const at = await manyRemovals();
    const { output } = await ownTerminal(['plan', '--no-progress'], {
      cwd: at.folder,
      env: at.env,
      columns: 40,
    });
    // What a terminal obeys takes no columns.
    // oxlint-disable-next-line no-control-regex
    const lines = output.replace(/\u001b\[[0-9;?]*[a-zA-Z]/g, '').split(/\r?\n/);
    const long = lines.filter((line) => line.length > 40);
    // Only what is one word is longer: it could not be copied otherwise.
    expect(long.filter((line) => line.trim().includes(' '))).toEqual([]);
    expect(lines.join(' ').replace(/ +/g, ' ')).toContain(words);
  });

  it('is coloured, unless NO_COLOR is set', async () => {
    const at = await manyRemovals();
    const red = '\u001b[31m- ou_b\u001b[39m';
    const coloured = await ownTerminal(['plan'], { cwd: at.folder, env: at.env });
    expect(coloured.output).toContain(red);
    const env = { ...at.env, NO_COLOR: '1', FORCE_COLOR: '1' };
    const plain = await ownTerminal(['plan', '--no-progress'], { cwd: at.folder, env });
    expect(plain.output).not.toContain('\u001b[31m');
  });

  it('is coloured in a pipe where FORCE_COLOR or GitHub asks for it', async () => {
    const at = await manyRemovals();
    const coloured = async (env: Readonly<Record<string, string>>): Promise<boolean> =>
      (await rollcall(['plan'], { cwd: at.folder, env: { ...at.env, ...env } })).stdout.includes(
        '\u001b[31m',
      );
    expect(await coloured({})).toBe(false);
    expect(await coloured({ FORCE_COLOR: '1' })).toBe(true);
    expect(await coloured({ GITHUB_ACTIONS: 'true' })).toBe(true);
    expect(await coloured({ GITHUB_ACTIONS: 'true', FORCE_COLOR: '0' })).toBe(false);
    expect(await coloured({ GITHUB_ACTIONS: 'true', NO_COLOR: '1' })).toBe(false);
  });
});

describe('apply on a terminal', () => {
  it('asks with how many of how many, where, as whom, and what is lost', async () => {
    const at = await manyRemovals();
    const run = beginInTerminal(['apply', '--target', 'b'], { cwd: at.folder, env: at.env, columns: 200 });
    await run.shows('Type "yes" to apply:');
    expect(run.screen().join('\n')).toMatch(
      /^Remove 1 of 2 people from 1 event \(Feishu, app cli_demo at 127\.0\.0\.1:\d+\)\? 1 accepted reply is lost for good\. Type "yes" to apply:/m,
    );
    run.type('y\r');
    const { code, screen } = await run.ran;
    expect(code).toBe(1);
    expect(screen.join('\n')).toContain('only "yes" is accepted');
    expect(at.live('b_0')).toEqual(['ou_a', 'ou_b']);
  });

  it('breaks a long question between words', async () => {
    const at = await manyRemovals();
    const run = beginInTerminal(['apply'], { cwd: at.folder, env: at.env, columns: 40 });
    await run.shows('to apply:');
    const screen = run.screen();
    const start = screen.findIndex((line) => line.startsWith('Remove 31 of 73 people'));
    expect(screen.slice(start).join(' ').replace(/ +/g, ' ')).toMatch(/lost for good\. Type "yes" to apply:/);
    run.type('yes\r');
    expect((await run.ran).code).toBe(0);
  });
});
