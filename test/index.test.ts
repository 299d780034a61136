import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import * as rollcall from '../src/index.ts';
import { type Scene, manifestOf, newScene, tenantOf } from './support/scene.ts';

const { ManifestError, PlanRefusedError, UsageError } = rollcall;

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

/** An event with five, of whom the manifest wants three and one more. */
async function scene(more: string = ''): Promise<Scene> {
  const people = ['a', 'b', 'c', 'd', 'e'].map((one) => `{ user: ou_${one} }`).join(', ');
  const made = await newScene(
    { tenant: tenantOf({ weekly_0: `attendees: [${people}]`, other_0: 'attendees: [{ user: ou_a }]' }) },
    {
      weekly: manifestOf('weekly', '{ user: ou_a }, { user: ou_b }, { user: ou_c }, { user: ou_n }', more),
      other: manifestOf('other', '{ user: ou_a }'),
    },
  );
  scenes.push(made);
  return made;
}

function journals(): string {
  return mkdtempSync(join(tmpdir(), 'rollcall-runs-'));
}

function planned(at: Scene, more: Partial<rollcall.PlanOptions> = {}): Promise<rollcall.Plan> {
  return rollcall.planEvents(rollcall.loadManifests([at.folder]), { env: at.env, ...more });
}

function applied(
  plan: rollcall.Plan,
  at: Scene,
  more: Partial<rollcall.ApplyOptions> = {},
): Promise<rollcall.Result> {
  return rollcall.resultOf(rollcall.applyPlan(plan, { env: at.env, journalDir: journals(), ...more }));
}

/** The code that a plan is refused with; nothing is written then. */
async function refusalOf(
  plan: rollcall.Plan,
  at: Scene,
  more: Partial<rollcall.ApplyOptions> = {},
): Promise<string> {
  const before = at.writes().length;
  const error: unknown = await applied(plan, at, more).catch((reason: unknown) => reason);
  expect(at.writes().length).toBe(before);
  if (!(error instanceof PlanRefusedError)) throw error;
  expect(error.exitCode).toBe(3);
  return error.code;
}

const listings = (at: Scene): number =>
  at.server.requests.filter(({ api }) => api === 'feishu.attendees.list').length;

describe('a plan that the API applies', () => {
  it('is read once where it was planned just now, and has a journal', async () => {
    const at = await scene();
    const plan = await planned(at);
    const before = listings(at);
    const journalDir = journals();
    let path = '';
    const events = rollcall.applyPlan(plan, {
      env: at.env,
      journalDir,
      onJournal: (opened) => {
        path = opened;
      },
    });
    const result = await rollcall.resultOf(events);
    expect(result).toMatchObject({ exitCode: 0, summary: { added: 1, removed: 2, converged: 1 } });
    expect(at.live('weekly_0')).toEqual(['ou_a', 'ou_b', 'ou_c', 'ou_n']);
    // One to verify the event that was changed, none before it was written.
    expect(listings(at) - before).toBe(1);
    expect(readdirSync(journalDir).map((name) => join(journalDir, name))).toEqual([path]);
    const journal = rollcall.readJournal(path);
    expect(journal.started.runId).toBe(result.runId);
    expect(rollcall.resultOf(journal.lines)).toEqual(result);
  });

  it.each<[string, (plan: rollcall.Plan, at: Scene) => Promise<rollcall.Plan>]>([
    ['from a file', (plan) => Promise.resolve(structuredClone(plan))],
    [
      'after another run',
      async (plan, at) => {
        await applied(await planned(at, { target: ['other'] }), at);
        return plan;
      },
    ],
  ])('is read again before it is written where it comes %s', async (_what, make) => {
    const at = await scene();
    const plan = await make(await planned(at), at);
    const before = listings(at);
    await applied(plan, at);
    expect(listings(at) - before).toBe(2);
  });

  it.each<[string, (plan: rollcall.Plan) => rollcall.Plan, Partial<rollcall.ApplyOptions>, string]>([
    ['changed', (plan) => ({ ...plan, maxRemovals: 9 }), {}, 'digest'],
    ['redacted', (plan) => ({ ...plan, redacted: true }), {}, 'redacted'],
    ['too old', (plan) => plan, { ttlMs: -1 }, 'too-old'],
    ['over the limit of the run', (plan) => plan, { maxRemovals: 1 }, 'run-removals'],
  ])('is refused where it is %s', async (_what, change, more, code) => {
    const at = await scene();
    expect(await refusalOf(change(await planned(at)), at, more)).toBe(code);
  });

  it.each<[string, (plan: rollcall.Plan) => object]>([
    ['without changes', (plan) => ({ ...plan, events: [{ ...plan.events[1], changes: undefined }] })],
    ['with a member of its own', (plan) => ({ ...plan, isTrusted: true })],
    ['of another format', (plan) => ({ ...plan, formatVersion: '2' })],
    ['that is a list', () => []],
  ])('is refused where it is no plan: one %s', async (_what, change) => {
    const at = await scene();
    // What a program without types hands over.
    expect(await refusalOf(change(await planned(at)) as rollcall.Plan, at)).toBe('malformed');
  });

  it('is refused for another account, and where it does not follow from the manifests', async () => {
    const at = await scene();
    const plan = await planned(at);
    const env = { ...at.env, FEISHU_APP_ID: 'cli_other', FEISHU_APP_SECRET: 'other-secret' };
    expect(await refusalOf(plan, at, { env })).toBe('account');
    writeFileSync(join(at.folder, 'weekly.yaml'), manifestOf('weekly', '{ user: ou_e }'));
    expect(await refusalOf(plan, at, { paths: [at.folder] })).toBe('not-from-manifests');
  });

  it('can be saved, read, followed from manifests, rendered and undone', async () => {
    const at = await scene();
    const file = join(journals(), 'plan.json');
    rollcall.writePlan(file, await planned(at));
    const plan = rollcall.readPlan(file);
    expect(await rollcall.renderPlan(plan, 'text')).toContain('2 to remove');
    expect(await rollcall.renderPlan(plan, 'markdown', { savedAs: file })).toContain('weekly');
    const journal = rollcall.openJournal(journals());
    const result = await applied(plan, at, { paths: [at.folder], journal });
    journal.close();
    expect(result.runId).toBe(journal.runId);
    expect(JSON.parse(await rollcall.renderResult(result, 'json'))).toEqual(result);
    const undo = await rollcall.planRevert(rollcall.readJournal(journal.path), { env: at.env });
    expect((await applied(undo, at)).exitCode).toBe(0);
    expect(at.live('weekly_0')).toEqual(['ou_a', 'ou_b', 'ou_c', 'ou_d', 'ou_e']);
  });

  it('tells of its requests and its progress', async () => {
    const at = await scene();
    const told: string[] = [];
    const listeners = {
      onRequest: ({ api }: rollcall.RequestEvent) => told.push(api),
      onProgress: (done: number, total: number) => told.push(`${done} of ${total}`),
    };
    const plan = await planned(at, listeners);
    expect(told).toContain('attendees.list');
    expect(told).toContain('2 of 2');
    told.length = 0;
    await applied(plan, at, listeners);
    expect(told).toContain('attendees.add');
    expect(told).toContain('2 of 2');
  });
});

describe('a plan that the API makes', () => {
  it('is not made of manifests with errors', async () => {
    const at = await scene('  nonsense: 1\n');
    const error: unknown = await planned(at).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ManifestError);
    expect(error).toMatchObject({ diagnostics: [{ severity: 'error' }] });
    expect(at.server.requests).toEqual([]);
  });

  it('takes the choice and the allowances of the command line', async () => {
    const at = await scene('  guards: { maxRemovals: 1 }\n');
    expect((await planned(at)).events[1]?.status).toBe('refused');
    const allowed = await planned(at, { allowRemovals: { weekly: 2 }, exclude: ['oth*'] });
    expect(allowed.events.map(({ name, status }) => [name, status])).toEqual([['weekly', 'changed']]);
    await expect(planned(at, { target: ['nobody'] })).rejects.toBeInstanceOf(UsageError);
  });
});
