import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ResultFold } from '../../src/applier/result-of.ts';
import type { Result } from '../../src/model/result.ts';
import { openJournal } from '../../src/store/journal.ts';
import { JournalFileError, decodeJournal, readJournal } from '../../src/store/read-journal.ts';
import { applied, faults, newWorld, planned, wanted } from '../applier/scenario.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The journal of a run over two events, with names beyond ASCII, one lost answer and one refusal. */
async function journalled(): Promise<{ readonly path: string; readonly result: Result }> {
  const world = newWorld();
  world.feishu.create('a', ['ou_a', { id: 'ou_b', name: '张三 \u{1f600}' }, 'ou_c']);
  world.feishu.create('b', ['ou_a', 'ou_b']);
  faults(world.feishu, 'remove', { error: 'lost', effect: 'all' }, { error: 'event' });
  const plan = await planned(world, wanted('a', ['ou_a', 'ou_d']), wanted('b', ['ou_a']));
  const journal = openJournal(folder, 'run', () => 0);
  const { result } = await applied(world, plan, {
    concurrency: 1,
    keep: (items) => journal.appendAll(items),
  });
  journal.close();
  return { path: journal.path, result };
}

function folded(path: string, bytes: Uint8Array): Result {
  const fold = new ResultFold();
  for (const line of decodeJournal(path, bytes).lines) fold.add(line);
  return fold.result();
}

function faultOf(work: () => unknown): JournalFileError {
  try {
    work();
  } catch (error) {
    if (error instanceof JournalFileError) return error;
    throw error;
  }
  throw new Error('the journal was taken');
}

describe('a journal', () => {
  it('read back gives the result that the run printed', async () => {
    const { path, result } = await journalled();
    const journal = readJournal(path);
    expect(journal.torn).toBe(false);
    expect(journal.started.events).toEqual(['a', 'b']);
    expect(journal.lines.map(({ seq }) => seq)).toEqual(journal.lines.map((_, index) => index + 1));
    expect(folded(path, readFileSync(path))).toEqual({ ...result, runId: 'run' });
  });

  it('cut off at any byte gives the lines that are whole, and what is known by them', async () => {
    const { path, result } = await journalled();
    const bytes = readFileSync(path);
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([index]) => index);
    const [first = 0] = ends;
    for (let length = 0; length < bytes.length; length += 1) {
      const cut = bytes.subarray(0, length);
      if (length < first) {
        expect(faultOf(() => decodeJournal(path, cut)).fault, `${length} bytes`).toBe('headless');
        continue;
      }
      // A line that lacks nothing but its end is whole.
      const lines = ends.filter((end) => end <= length).length;
      const { torn, lines: read } = decodeJournal(path, cut);
      expect(read, `${length} bytes`).toHaveLength(lines);
      expect(torn, `${length} bytes`).toBe(!ends.includes(length) && !ends.includes(length - 1));
      for (const event of folded(path, cut).events) {
        const after = result.events.find(({ name }) => name === event.name);
        for (const { action, attendee, outcome } of event.changes) {
          const end = after?.changes.find(
            (change) => change.action === action && change.attendee?.id === attendee?.id,
          );
          // What a cut journal knows to be done is done; the rest it calls unknown or failed.
          if (outcome === 'done') expect(end?.outcome).toBe('done');
        }
      }
    }
  });

  it('names what was begun and has no end as unknown', async () => {
    const { path } = await journalled();
    const lines = readFileSync(path, 'utf8').split('\n');
    const begun = lines.findIndex((line) => line.includes('"action":"remove"'));
    const cut = [...lines.slice(0, begun + 1), lines[begun + 1]?.slice(0, 30)].join('\n');
    const { events, exitCode } = folded(path, Buffer.from(cut));
    expect(exitCode).toBe(130);
    expect(events).toMatchObject([
      {
        name: 'a',
        outcome: 'interrupted',
        changes: [
          { action: 'remove', attendee: { id: 'ou_b' }, outcome: 'unknown' },
          { action: 'remove', attendee: { id: 'ou_c' }, outcome: 'unknown' },
          { action: 'add', attendee: { id: 'ou_d' }, outcome: 'done' },
        ],
      },
      { name: 'b', outcome: 'not-attempted' },
    ]);
  });
});

describe('a file that is no journal', () => {
  const tool = { name: 'rollcall', version: '0.0.0' };
  const first = {
    formatVersion: '1',
    runId: 'run',
    seq: 1,
    at: '2026-11-20T08:00:00.000Z',
    kind: 'run-started',
    tool,
    accounts: {},
    planDigest: `sha256:${'0'.repeat(64)}`,
    asOf: '2026-11-20',
    events: ['a'],
  };
  const line = (seq: number, more: object): object => ({ ...first, ...more, seq });
  const bare = (seq: number, more: object): object => ({
    formatVersion: '1',
    runId: 'run',
    seq,
    at: first.at,
    ...more,
  });
  const event = { name: 'a', provider: 'feishu', calendarId: 'c', eventId: 'e' };
  const begun = (seq: number, batch: number, more: object = {}): object =>
    bare(seq, {
      kind: 'batch-started',
      event,
      action: 'remove',
      batch,
      notify: false,
      attendees: [],
      ...more,
    });
  const of = (more: object): object => ({ event: { ...event, ...more } });
  const ofOrganizer = (name: string, organizer: string): object => ({
    event: { name, provider: 'dingtalk', calendarId: 'primary', eventId: 'e', organizer },
  });
  const users = [{ type: 'user', id: 'ou_a', optional: false }];
  const ended = (seq: number, batch: number): object =>
    bare(seq, { kind: 'batch-done', name: 'a', batch, outcome: 'done' });
  const over = (seq: number): object => bare(seq, { kind: 'run-done', exitCode: 0, requests: 1 });

  it.each<[string, readonly (object | string)[], string, number | null, RegExp]>([
    ['nothing', [], 'headless', null, /no account is known/],
    ['without its first line', [ended(2, 1)], 'headless', 1, /no account is known/],
    ['with a gap', [first, over(3)], 'gap', 2, /number 3 where 2 was expected/],
    ['with a line twice', [first, begun(2, 1), begun(2, 1)], 'gap', 3, /number 2 where 3/],
    ['of two runs', [first, line(2, { runId: 'other' })], 'mixed', 2, /other.*run/],
    ['that begins twice', [first, line(2, {})], 'malformed', 2, /run-started after a run-started/],
    ['that goes on after its end', [first, over(2), over(3)], 'malformed', 3, /after a run-done/],
    ['with an end without a start', [first, ended(2, 1)], 'malformed', 2, /out of order/],
    [
      'with two ends of a batch',
      [first, begun(2, 1), ended(3, 1), ended(4, 1)],
      'malformed',
      4,
      /out of order/,
    ],
    ['that leaves a batch out', [first, begun(2, 2)], 'malformed', 2, /out of order/],
    [
      'that calls two events by one name',
      [first, begun(2, 1), ended(3, 1), begun(4, 2, of({ eventId: 'f' }))],
      'malformed',
      4,
      /uses the name a for another event/,
    ],
    [
      'with two calendars for one event, whatever it is called',
      [first, begun(2, 1), ended(3, 1), begun(4, 2, of({ name: 'b', calendarId: 'other' }))],
      'malformed',
      4,
      /event of b in another calendar/,
    ],
    [
      'with two organizers for one event where the platform asks for one',
      [first, begun(2, 1, ofOrganizer('a', 'on_1')), ended(3, 1), begun(4, 2, ofOrganizer('b', 'on_2'))],
      'malformed',
      4,
      /event of b .*another organizer/,
    ],
    [
      'with two kinds of ids for one event, whatever it is called',
      [first, begun(2, 1), ended(3, 1), begun(4, 2, of({ name: 'b', userIdType: 'union_id' }))],
      'malformed',
      4,
      /another kind for b/,
    ],
    [
      'that changes people by the rights of an admin',
      [first, begun(2, 1, { ...of({ admin: {} }), attendees: users })],
      'malformed',
      2,
      /other than rooms/,
    ],
    ['of another version', [first, { ...over(2), formatVersion: '2' }], 'version', 2, /version "2"/],
    [
      'of a version that is a name',
      [first, { ...over(2), formatVersion: 'Zhang San' }],
      'version',
      2,
      /another format version; this/,
    ],
    ['whose first line is of another version', [{ formatVersion: 3 }], 'version', 1, /version 3/],
    [
      'with a line of another kind',
      [first, bare(2, { kind: 'constructor' })],
      'malformed',
      2,
      /has an unknown kind/,
    ],
    [
      'with a member of another type',
      [first, { ...over(2), requests: '1' }],
      'malformed',
      2,
      /\/requests must be/,
    ],
    ['with a member too many', [first, { ...over(2), token: 't-x' }], 'malformed', 2, /additional/],
    ['with an empty line', [first, '', over(2)], 'malformed', 2, /not JSON/],
    ['with text in it', [first, 'hello', over(2)], 'malformed', 2, /not JSON/],
    ['with a list in it', [first, '[]', over(2)], 'malformed', 2, /not a JSON object/],
    [
      'with a cut line that is not the last',
      [first, JSON.stringify(over(2)).slice(0, 20), over(2)],
      'malformed',
      2,
      /not JSON/,
    ],
  ])('%s is refused by name and line', (_what, lines, fault, at, message) => {
    const text = lines.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join('');
    const error = faultOf(() => decodeJournal('runs/run.ndjson', Buffer.from(text)));
    expect([error.fault, error.line]).toEqual([fault, at]);
    expect(error.message).toMatch(message);
    expect(error.message).toContain('runs/run.ndjson');
    if (at !== null) expect(error.message).toContain(`line ${at}`);
    expect(error.hint).not.toBe('');
  });

  it('with bytes that are no text is refused where they are no last line', () => {
    const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(first)}\n`), Buffer.from([0xff, 0x0a])]);
    expect(faultOf(() => decodeJournal('run.ndjson', bytes))).toMatchObject({ fault: 'malformed', line: 2 });
    expect(decodeJournal('run.ndjson', bytes.subarray(0, -1)).torn).toBe(true);
  });

  it('that is missing says where journals are', () => {
    expect(faultOf(() => readJournal(join(folder, 'none.ndjson')))).toMatchObject({
      fault: 'missing',
      line: null,
      message: expect.stringContaining('is not there'),
      hint: expect.stringContaining('.rollcall/runs'),
    });
    writeFileSync(join(folder, 'empty.ndjson'), '');
    expect(faultOf(() => readJournal(join(folder, 'empty.ndjson'))).fault).toBe('headless');
  });
});
