import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';

async function printed(
  args: readonly string[],
  columns?: number,
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const surroundings: Surroundings = {
    env: {},
    stdin: process.stdin,
    stdout: { ...(columns === undefined ? {} : { columns }), write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    signal: new AbortController().signal,
  };
  const code = await runProgram(surroundings, args);
  return { code, out, err };
}

const { out: overview } = await printed(['--help']);
const [, list = ''] = /\n\n(Plan and apply:\n[\s\S]*?)\n\nExit codes:/.exec(overview) ?? [];
const commands = [...list.matchAll(/^ {2}(\w+)/gm)]
  .map(([, name = '']) => name)
  .filter((name) => name !== 'help');

describe('--help', () => {
  it('lists the commands in groups, and none that only a script calls', () => {
    expect(commands).toEqual(
      expect.arrayContaining(['validate', 'plan', 'apply', 'show', 'schema', 'explain', 'emulator', 'demo']),
    );
    const heads = [...list.matchAll(/^(\S.*:)$/gm)].map(([, head]) => head);
    expect(heads.slice(0, 3)).toEqual(['Plan and apply:', 'From a calendar to manifests:', 'Set up:']);
    expect(overview).not.toContain('__');
  });

  it.each([[[]], ...commands.map((name) => [[name]])])(
    'of %j fits 100 columns, also on a wide terminal',
    async (command) => {
      const { code, out, err } = await printed([...command, '--help'], 200);
      expect(code).toBe(0);
      expect(err).toBe('');
      expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
    },
  );

  it.each(commands)('of %s says what it does and what each argument and option is for', async (command) => {
    const { out } = await printed([command, '--help']);
    expect(out).toMatch(/^Usage: rollcall \w+/);
    const items = [...out.matchAll(/^ {2}(\S.*)$/gm)].map(([, line = '']) => line);
    const bare = items.filter((line) => /^(-|\w+ *$)/.test(line) && !/ {2,}\S/.test(line));
    // A long option has its words in the next line, further in.
    const told = bare.filter((line) =>
      new RegExp(`${line.replace(/[[\]().*+?^$|{}]/g, '\\$&')}\\n {10,}\\S`).test(out),
    );
    expect(bare.filter((line) => !told.includes(line))).toEqual([]);
  });

  it.each(['validate', 'plan', 'apply', 'show'])('of %s tells the exit codes', async (command) => {
    expect((await printed([command, '--help'])).out).toMatch(/Exit codes:\n {2}0 /);
  });
});

describe('a mistake on the command line', () => {
  it.each([
    [['plan', '--formt', 'json'], '--format'],
    [['plan', '--format', 'yaml'], '--format'],
    [['plan', '--max-bytes', '99'], '--max-bytes'],
    [['plan', '--max-bytes', 'x'], '--max-bytes'],
    [['validate', '--format', 'markdown'], '--format'],
    [['apply', '--format', 'github'], '--format'],
    [['apply', '--format', 'gitlab'], '--format'],
    [['apply', '--out', 'x'], '--out'],
    [['show', 'x', '--target', 'y'], '--target'],
    [['plan', '--concurrency', '0'], '--concurrency'],
    [['plan', '--timeout', '5'], '--timeout'],
    [['plan', '--target'], '--target'],
    [['emulator', '--tenants', 'x'], '--tenant'],
    [['schema', 'events'], 'event'],
    [['plna'], 'plan'],
    [['help', 'plna'], '(Did you mean plan?)'],
    [['help', 'nonsense'], 'The commands are: validate, plan, apply'],
  ])('%j is an error that names %s and the way out', async (args, name) => {
    const { code, out, err } = await printed(args);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain('error:');
    expect(err).toContain(name);
    const [command = ''] = args;
    const asked = commands.includes(command)
      ? `${command} --help" for the options.`
      : '--help" for the commands.';
    expect(err).toContain(`Run "rollcall ${asked}`);
  });
});

describe('help', () => {
  it.each([[[]], ...commands.map((name) => [[name]])])('%j prints what --help prints', async (command) => {
    const { code, out, err } = await printed(['help', ...command]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe((await printed([...command, '--help'])).out);
  });

  it('keeps the variables apart from what they mean', () => {
    const [, variables = ''] = /\nEnvironment:\n([\s\S]*)/.exec(overview) ?? [];
    const lines = variables.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => !/^ {2}[A-Z_]+(, [A-Z_]+)? {2,}\S/.test(line))).toEqual([]);
  });
});

describe('version', () => {
  it('is printed as --version prints it', async () => {
    const asked = await printed(['version']);
    expect(asked).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/), err: '' });
    expect(await printed(['--version'])).toEqual(asked);
  });
});
