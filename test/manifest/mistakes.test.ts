import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectDiagnostics, type ReadLimits } from '../../src/manifest/diagnostics.ts';
import { loadManifests, loadTexts } from '../../src/manifest/load.ts';
import { diagnosticsText } from '../../src/report/text/diagnostics.ts';
import { plain } from '../support/terminals.ts';
import { feishu, load, onlyEvent, roster, today, wanted } from './support.ts';
import { folderWith } from '../support/cli.ts';

const many = (count: number): string => feishu(`attendees: [${Array(count).fill('x').join()}]`);

describe('mistakes', () => {
  it('are told up to a hundred of a file, and counted beyond', () => {
    const { diagnostics } = load({ 'a.yaml': many(4313), 'b.yaml': feishu('sync: x', 'f') });
    const { length } = diagnostics.filter(({ source }) => source?.file === 'a.yaml');
    expect(length).toBe(100);
    expect(structuredClone(diagnostics.at(-1))).toEqual({
      severity: 'error',
      code: 'more',
      message: 'and 4,213 more mistakes in a.yaml',
      more: 4213,
    });
    const text = diagnosticsText(diagnostics, plain);
    expect(text).toContain('\n... and 4,213 more mistakes in a.yaml\n');
    expect(text).toContain('\n4,314 errors, 0 warnings.\n');
  });

  it('are told up to a thousand of a run', () => {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`${String(index).padStart(2, '0')}.yaml`, many(150)]),
    );
    const { diagnostics } = load(files);
    expect(diagnostics.filter(({ code }) => code !== 'more')).toHaveLength(1000);
    const rest = diagnostics.filter(({ code }) => code === 'more');
    expect(rest).toHaveLength(11);
    expect(rest.at(-1)?.message).toMatch(/^and [\d,]+ more mistakes in 10 other files$/);
    expect(rest.reduce((sum, { more = 0 }) => sum + more, 1000)).toBeGreaterThanOrEqual(20 * 150);
  });

  it('end the reading once there are too many, and nothing is said of what was not read', () => {
    const read: string[] = [];
    function* files() {
      const needsRoster = feishu('attendees: [{ roster: last }]', 'e');
      for (const [file, text] of [
        ['a.yaml', needsRoster],
        ['b.yaml', many(151)],
        [
          'c.yaml',
          'apiVersion: rollcall.dev/v1\nkind: Roster\nmetadata: { name: last }\nspec: { members: [] }\n',
        ],
        ['d.yaml', needsRoster],
      ] as const) {
        read.push(file);
        yield { file, text, named: true };
      }
    }
    const { desired, diagnostics } = loadTexts(files(), today, collectDiagnostics({ mistakes: 150 }));
    expect(desired.events).toEqual([]);
    expect(diagnostics.filter(({ source }) => source?.file === 'a.yaml')).toEqual([]);
    expect(read).toEqual(['a.yaml', 'b.yaml', 'c.yaml']);
    expect(diagnostics.at(-1)).toMatchObject({
      severity: 'error',
      message: 'there are more than 150 mistakes: c.yaml and the files after it were not read',
    });
  });

  it.each<[string, string, Partial<ReadLimits>, string]>([
    [
      'words in files that are right',
      feishu('attendees: []'),
      { words: 100 },
      'there are more than 100 tokens in all files together: c.yaml and the files after it were not read',
    ],
    [
      'words in files of others',
      'kind: other\nlist: [1, 2, 3, 4, 5, 6, 7]\n',
      { words: 60 },
      'there are more than 60 tokens in all files together: c.yaml and the files after it were not read',
    ],
  ])('or the reading, where there are too many %s', (_, text, limits, message) => {
    const files = ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml'].map((file) => ({ file, text, named: false }));
    const { diagnostics, read } = loadTexts(files, today, collectDiagnostics(limits));
    expect(read.files).toBe(2);
    expect(diagnostics.at(-1)).toMatchObject({ severity: 'error', code: 'too-large', message });
  });

  const ours = roster('r', 'members: []');
  it.each<[string, string | Buffer]>([
    ['has a syntax error', `spec: [\n---\n${ours.replace('[]', '[')}`],
    ['is cut off', `${feishu(`attendees: [${'x,'.repeat(500_000)}x]`, 'big')}---\n${ours}`],
    ['is nested too deeply', `${feishu(`attendees: ${'['.repeat(200)}`, 'deep')}\n---\n${ours}`],
    ['is too large', ours + '#\n'.repeat(2 ** 21)],
    ['is not UTF-8', Buffer.from(`${ours}# \xff`, 'latin1')],
  ])('say nothing of a name that may stand in a file that %s', (_, text) => {
    const folder = folderWith({
      'a.yaml': feishu('attendees: [{ roster: r }, { person: p }, { user: "" }]'),
    });
    writeFileSync(join(folder, 'b.yaml'), text);
    const { diagnostics, desired } = loadManifests([folder], { asOf: today });
    expect(desired.events).toEqual([]);
    const codes = diagnostics.map(({ code }) => code);
    expect(codes.filter((code) => code.startsWith('unknown-'))).toEqual([]);
    expect(codes.length).toBeGreaterThanOrEqual(2);
  });

  it('say nothing of a name that may stand in a file that is not there', () => {
    const folder = folderWith({ 'a.yaml': feishu('attendees: [{ roster: r }]') });
    const { diagnostics } = loadManifests(['a.yaml', 'gone.yaml'], { asOf: today, cwd: folder });
    expect(diagnostics.map(({ code }) => code)).toEqual(['path-not-found']);
  });

  it('hide no error behind warnings', () => {
    const twice = Array(300).fill('{ user: ou_a }').join();
    const { diagnostics } = load({ 'a.yaml': feishu(`attendees: [${twice}, { user: on_a }]`) });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toHaveLength(1);
  });

  it('of a value that aliases share are told once', () => {
    const wrong = Array.from({ length: 30 }, (_, index) => `b${index}: 1`).join();
    const shared = Array.from({ length: 30 }, (_, index) => `    p${index}: *p`).join('\n');
    const text = `apiVersion: rollcall.dev/v1\nkind: Directory\nmetadata: { name: d }\nspec:\n  people:\n    p: &p { ${wrong} }\n${shared}\n`;
    expect(load({ 'a.yaml': text }).diagnostics).toHaveLength(30);
  });
});

it('suggests a name for the first twenty that are not there', () => {
  const entries = Array.from({ length: 30 }, (_, index) => `{ person: zhang.sna${index} }`).join();
  const people = `apiVersion: rollcall.dev/v1\nkind: Directory\nmetadata: { name: d }\nspec: { people: { zhang.san: {} } }\n`;
  const { diagnostics } = load({ 'a.yaml': feishu(`attendees: [${entries}]`), 'p.yaml': people });
  expect(diagnostics.filter(({ hint }) => hint?.startsWith('did you mean'))).toHaveLength(20);
});

/** Each is about n bytes of trouble; the numbers hold the work to grow no faster than n. */
const families: Readonly<Record<string, (n: number) => Readonly<Record<string, string>>>> = {
  'an anchor with mistakes, many times': (n) => ({
    'a.yaml': `apiVersion: rollcall.dev/v1\nkind: Directory\nmetadata: { name: d }\nspec:\n  people:\n    p: &p { ${Array.from(
      { length: n },
      (_, index) => `b${index}: 1`,
    ).join()} }\n${Array.from({ length: n }, (_, index) => `    p${index}: *p`).join('\n')}\n`,
  }),
  'a list of wrong entries': (n) => ({ 'a.yaml': many(n) }),
  'persons that no Directory has': (n) => ({
    'a.yaml': feishu(
      `attendees: [${Array.from({ length: n }, (_, index) => `{ person: x${index} }`).join()}]`,
    ),
    'p.yaml': `apiVersion: rollcall.dev/v1\nkind: Directory\nmetadata: { name: d }\nspec:\n  people:\n${Array.from({ length: n }, (_, index) => `    p${index}: { feishu: ou_${index} }`).join('\n')}\n`,
  }),
  'rosters that are not there': (n) => ({
    'a.yaml': feishu(
      `attendees: [${Array.from({ length: n }, (_, index) => `{ roster: x${index} }`).join()}]`,
    ),
    'r.yaml': Array.from(
      { length: n },
      (_, index) =>
        `apiVersion: rollcall.dev/v1\nkind: Roster\nmetadata: { name: r${index} }\nspec: { members: [] }\n`,
    ).join('---\n'),
  }),
  'unknown keys': (n) => ({
    'a.yaml': feishu(Array.from({ length: n }, (_, index) => `k${index}: 1`).join('\n')),
  }),
  'unknown keys in an entry': (n) => ({
    'a.yaml': feishu(`attendees: [{ ${Array.from({ length: n }, (_, index) => `k${index}: 1`).join()} }]`),
  }),
};

describe('work grows with the input, and no faster', () => {
  it.each(Object.keys(families))('%s', (family) => {
    const steps = (n: number): number => {
      const files = families[family]?.(n) ?? {};
      const texts = Object.entries(files).map(([file, text]) => ({ file, text, named: true }));
      return loadTexts(texts, today).read.steps;
    };
    const [once, twice] = [steps(400), steps(800)];
    expect(once).toBeGreaterThan(0);
    expect(twice).toBeLessThanOrEqual(2.2 * once);
  });
});

describe('a comment behind an entry', () => {
  it.each([
    ['- user: ou_a # Bob Keller', 'Bob Keller'],
    ['- { user: ou_a, optional: true } # 李四', '李四'],
    ['- user: ou_a # Pat (from another tenant)', 'Pat'],
    ['- user: ou_a # Bob\n    optional: true', 'Bob'],
    ['- user: ou_a\n  # Bob', undefined],
    ['- user: ou_a #', undefined],
    ['- user: ou_a # (from another tenant)', undefined],
    ['- user: ou_a#1', undefined],
    ['- "user": "ou_a"   # Bob', 'Bob'],
  ])('names who is wanted: %j', (entry, name) => {
    const event = onlyEvent({ 'a.yaml': feishu(`attendees:\n  ${entry}\n  # of nobody\nsync: exact`) });
    expect(event.attendees?.map((attendee) => attendee.name)).toEqual([name]);
  });

  it('names them through rosters, and gives way to the Directory', () => {
    const files = {
      'a.yaml': feishu('attendees: [{ roster: r }]'),
      'r.yaml': `apiVersion: rollcall.dev/v1\nkind: Roster\nmetadata: { name: r }\nspec:\n  members:\n    - user: ou_a # Bob\n    - user: ou_b # Robert\n`,
      'p.yaml': `apiVersion: rollcall.dev/v1\nkind: Directory\nmetadata: { name: d }\nspec: { people: { b: { name: Berta, feishu: ou_b } } }\n`,
    };
    const event = onlyEvent(files);
    expect(wanted(event)).toHaveLength(2);
    expect(event.attendees?.map(({ name }) => name)).toEqual(['Bob', 'Berta']);
  });
});
