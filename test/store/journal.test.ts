import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ApplyEvent } from '../../src/model/result.ts';
import { JournalError, defaultJournalDir, openJournal } from '../../src/store/journal.ts';
import { applied, faults, newWorld, planned, wanted } from '../applier/scenario.ts';

let folder = '';
const before = process.cwd();
const now = (): number => Date.UTC(2026, 10, 20, 8);
const end: ApplyEvent = { kind: 'run-done', exitCode: 0, requests: 3 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(before);
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

function linesOf(path: string): unknown[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

test('is a file of one run that its owner alone can read', async () => {
  const journal = openJournal('runs', 'run-1', now);
  await journal.append(end);
  journal.close();
  expect(journal.path).toBe(join('runs', 'run-1.ndjson'));
  expect(statSync(journal.path).mode & 0o777).toBe(0o600);
  expect(linesOf(journal.path)).toEqual([
    { formatVersion: '1', runId: 'run-1', seq: 1, at: '2026-11-20T08:00:00.000Z', ...end },
  ]);
});

test('has each line on disk as soon as it is appended', async () => {
  const journal = openJournal('runs', 'run-1', now);
  for (let count = 1; count <= 3; count += 1) {
    await journal.append(end);
    expect(linesOf(journal.path)).toHaveLength(count);
  }
  journal.close();
});

test('takes several lines at once, each with its own number', async () => {
  const journal = openJournal('runs', 'run-1', now);
  await journal.appendAll([end, end]);
  expect(linesOf(journal.path)).toMatchObject([{ seq: 1 }, { seq: 2 }]);
  await journal.append(end);
  expect(linesOf(journal.path)).toMatchObject([{ seq: 1 }, { seq: 2 }, { seq: 3 }]);
  journal.close();
});

test('keeps what people are called, whatever it is, on one line', async () => {
  const journal = openJournal('runs', 'run-1', now);
  const attendee = { type: 'user', id: 'ou_a', name: 'a\nb\u2028c张三"', optional: false } as const;
  const event = { name: 'e', provider: 'feishu', calendarId: 'c', eventId: 'e' } as const;
  await journal.append({
    kind: 'batch-started',
    event,
    action: 'add',
    batch: 1,
    notify: false,
    attendees: [attendee],
  });
  await journal.append(end);
  journal.close();
  expect(linesOf(journal.path)).toMatchObject([{ seq: 1, attendees: [attendee] }, { seq: 2 }]);
});

test('the default folder is ignored by git, and a .gitignore that is there stays', () => {
  openJournal(defaultJournalDir, 'run-1', now).close();
  expect(readFileSync('.rollcall/.gitignore', 'utf8')).toBe('*\n');
  writeFileSync('.rollcall/.gitignore', 'mine\n');
  openJournal(defaultJournalDir, 'run-2', now).close();
  expect(readFileSync('.rollcall/.gitignore', 'utf8')).toBe('mine\n');
});

test('a folder that was named gets no .gitignore', () => {
  openJournal(join('kept', 'runs'), 'run-1', now).close();
  expect(existsSync(join('kept', '.gitignore'))).toBe(false);
  expect(existsSync(join('kept', 'runs', '.gitignore'))).toBe(false);
});

test('never writes over the journal of another run', () => {
  openJournal('runs', 'run-1', now).close();
  expect(() => openJournal('runs', 'run-1', now)).toThrow(JournalError);
});

test('never follows a link that somebody laid in its way', () => {
  mkdirSync('runs');
  writeFileSync('precious', 'data');
  symlinkSync(join(folder, 'precious'), join('runs', 'run-1.ndjson'));
  expect(() => openJournal('runs', 'run-1', now)).toThrow(JournalError);
  expect(readFileSync('precious', 'utf8')).toBe('data');
});

test('a folder that cannot be made is an error that names the file', () => {
  writeFileSync('runs', '');
  expect(() => openJournal('runs', 'run-1', now)).toThrow(
    /the journal runs\/run-1\.ndjson cannot be written/,
  );
});

test('a line that cannot be written stops the run before the write', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const journal = openJournal('runs', 'run-1', now);
  const run = applied(world, plan, {
    keep: async (items) => {
      // The file is gone from under the run, as on a disk that was taken away.
      if (items.some(({ kind }) => kind === 'batch-started')) journal.close();
      await journal.appendAll(items);
    },
  });
  await expect(run).rejects.toThrow(JournalError);
  expect(world.feishu.writes).toEqual([]);
});

test('every line of a run fits the schema', async () => {
  const text = readFileSync(new URL('../../schemas/journal.schema.json', import.meta.url), 'utf8');
  // The package's own file: its shape is ours.
  const fits = new Ajv2020({ strict: false }).compile(JSON.parse(text) as object);
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b', 'oc_team', 'li@example.com'], 'oc_meet');
  world.feishu.create('broken', ['ou_a', 'ou_b']);
  world.feishu.create('gone', ['ou_a']);
  const unbindChat = { chatId: 'oc_meet', source: { file: 'e.yaml', line: 1, column: 1 } };
  const plan = await planned(
    world,
    wanted('broken', ['ou_a']),
    wanted('gone', null, { state: 'absent' }),
    wanted('weekly', ['ou_a?', 'omm_1'], { unbindChat }),
  );
  world.feishu.join('weekly', 'ou_new');
  faults(world.feishu, 'remove', { error: 'event' }, { error: 'lost' });
  const journal = openJournal('runs', 'run-1', now);
  await applied(world, plan, {
    accounts: { feishu: { host: 'open.feishu.cn', appId: null } },
    keep: (items) => journal.appendAll(items),
  });
  journal.close();
  const lines = linesOf(journal.path);
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines)
    expect(fits(line), `${JSON.stringify(fits.errors)} ${JSON.stringify(line)}`).toBe(true);
});
