import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as api from '../src/index.ts';
import { root } from './support/cli.ts';
import { inFolder } from './support/folders.ts';
import { type Scene, manifestOf, newScene, tenantOf } from './support/scene.ts';

const page = readFileSync(join(root, 'docs/api.md'), 'utf8');
const examples = [...page.matchAll(/```js\n([^]*?)```/g)].map(([, code = '']) => code);

/** What a program of the page may touch of its process. */
interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  exitCode?: number;
}

/** A folder with manifests that take somebody off a meeting who had accepted, and add another. */
async function opened(): Promise<{ readonly at: Scene; readonly folder: string }> {
  const tenant = tenantOf({ weekly_0: 'attendees: [{ user: ou_a }, { user: ou_b, rsvp: accept }]' });
  const at = await newScene({ tenant }, {});
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-api-'));
  mkdirSync(join(folder, 'calendars'));
  writeFileSync(
    join(folder, 'calendars/weekly.yaml'),
    manifestOf('weekly', '{ user: ou_a }, { user: ou_n }'),
  );
  return { at, folder };
}

/** Runs an example of the page as it stands there. */
function run(code: string, folder: string, surroundings: Surroundings): Promise<string[]> {
  const [, names = ''] = /^import \{([^}]*)\} from 'rollcall';$/m.exec(code) ?? [];
  const body = code.replace(/^import .*$/m, '');
  // oxlint-disable-next-line typescript/no-implied-eval -- the page's own example is what is run
  const made = new Function(
    'api',
    'process',
    'console',
    `const {${names}} = api; return (async () => {${body}})();`,
  );
  const printed: string[] = [];
  const log = (text: string): void => void printed.push(text);
  return inFolder(folder, async () => {
    // What the constructor makes is any function.
    await (made as (...values: unknown[]) => Promise<void>)(api, surroundings, { log });
    return printed;
  });
}

it('has an example that plans, shows and applies', async () => {
  const { at, folder } = await opened();
  try {
    const printed = await run(examples[0] ?? '', folder, { env: at.env });
    expect(printed[0]).toContain('1 to remove');
    expect(printed.at(-1)).toBe('1 removed, 1 added: exit code 0');
    expect(at.live('weekly_0')).toEqual(['ou_a', 'ou_n']);
  } finally {
    await at.close();
  }
});

it('has an example that stops where a reply would be lost', async () => {
  const { at, folder } = await opened();
  try {
    const surroundings: Surroundings = { env: at.env };
    expect(await run(examples[1] ?? '', folder, surroundings)).toEqual(['weekly: ou_b had accepted']);
    expect(surroundings.exitCode).toBe(1);
  } finally {
    await at.close();
  }
});

it('has an example that applies a saved plan, or says why it is refused', async () => {
  const { at, folder } = await opened();
  try {
    const plan = await inFolder(folder, () =>
      api.planEvents(api.loadManifests(['calendars']), { env: at.env }),
    );
    api.writePlan(join(folder, 'plan.json'), plan);
    const manifest = join(folder, 'calendars/weekly.yaml');
    const wanted = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, manifestOf('weekly', '{ user: ou_a }, { user: ou_b }'));
    expect(await run(examples[2] ?? '', folder, { env: at.env })).toEqual([
      'not applied (not-from-manifests): the plan does not follow from the manifests',
    ]);
    writeFileSync(manifest, wanted);
    const surroundings: Surroundings = { env: at.env };
    expect(await run(examples[2] ?? '', folder, surroundings)).toEqual([]);
    expect(surroundings.exitCode).toBe(0);
    expect(at.live('weekly_0')).toEqual(['ou_a', 'ou_n']);
  } finally {
    await at.close();
  }
});

/** The first cells of the rows of the table with this head. */
function rowsUnder(head: string): string[] {
  const [, table = ''] = page.split(new RegExp(`^\\| ${head} +\\|.*\\n`, 'm'));
  return [...(table.split('\n\n')[0] ?? '').matchAll(/^\| `([^`(]+)/gm)].map(([, cell = '']) => cell);
}

it('has each function and each class that the package exports', () => {
  const named = [...rowsUnder('Function'), ...rowsUnder('Class')];
  expect(named.sort()).toEqual(Object.keys(api).sort());
});

it('has each reason to refuse a plan or a journal', () => {
  const codes = {
    malformed: 0,
    redacted: 0,
    old: 0,
    digest: 0,
    contradiction: 0,
    'other-day': 0,
    'run-removals': 0,
    'too-old': 0,
    'not-yet': 0,
    account: 0,
    'other-lock': 0,
    'other-membership': 0,
    'not-from-manifests': 0,
  } satisfies Record<api.RefusalCode, 0>;
  const faults = {
    missing: 0,
    size: 0,
    malformed: 0,
    version: 0,
    gap: 0,
    mixed: 0,
    headless: 0,
  } satisfies Record<api.JournalFault, 0>;
  expect(rowsUnder('`code`')).toEqual(Object.keys(codes));
  expect(rowsUnder('`fault`')).toEqual(Object.keys(faults));
});
