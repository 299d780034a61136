import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Ran, folderWith } from '../support/cli.ts';
import { reviewSite } from '../support/review-sites.ts';
import { bash, has, pipeline, script } from '../support/recipes.ts';
import { startRollcallServer } from '../support/rollcall-server.ts';

// Answers of the hosts are files named by path. The queries of the recipes are run by jq.
const answer = `
  file="$ANSWERS/\${path//[\\/?=&]/_}"
  if [ -f "$file" ]; then jq -r "$query" "$file"; elif [ "$method" = GET ]; then echo "404 $path" >&2; exit 22; fi`;

const gh = `
printf '%s\\n' "$*" >>"$CALLS"
method=GET; query=.; path="$1 $2"
case "$1" in
  api)
    shift
    while [ $# -gt 0 ]; do
      case "$1" in
        --paginate | --silent) ;;
        --method) method=$2; shift ;;
        --field) shift ;;
        --jq) query=$2; shift ;;
        *) path=$1 ;;
      esac
      shift
    done ;;
  issue)
    [ "$2" = list ] || exit 0
    while [ $# -gt 0 ]; do [ "$1" = --jq ] && query=$2; shift; done ;;
  *) exit 0 ;;
esac
${answer}`;

const curl = `method=GET; query=.; path=\${*: -1}; path=\${path#https://gitlab.example/}\n${answer}`;

// A stand-in for rollcall too: what it is called with is what counts here.
const standIns = {
  gh,
  curl,
  'apt-get': 'exit 0',
  rollcall: `printf 'rollcall %s\\n' "$*" >>"$CALLS"`,
};
let answers: string;
let temp: string;

beforeEach(() => {
  answers = folderWith({});
  temp = folderWith({ calls: '', 'plan.md': 'The plan.\n' });
});

function reply(path: string, value: unknown): void {
  writeFileSync(join(answers, path.replaceAll(/[/?=&]/g, '_')), JSON.stringify(value));
}

function run(text: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const runner = {
    ANSWERS: answers,
    CALLS: join(temp, 'calls'),
    RUNNER_TEMP: temp,
    GITHUB_REPOSITORY: 'acme/people',
    GITHUB_WORKFLOW_REF: 'acme/people/.github/workflows/rollcall.yml@refs/heads/main',
    GITHUB_SHA: 'merged',
  };
  return bash(text, { cwd: temp, env: { ...runner, ...env }, standIns });
}

const calls = (): string[] => readFileSync(join(temp, 'calls'), 'utf8').trim().split('\n');

const pulls = 'repos/acme/people/commits/merged/pulls';

describe.skipIf(!has('jq'))('github-two-apps.yml', () => {
  const fetch = script('github-two-apps.yml', 'apply', 'Fetch the reviewed plan');
  const kept = 'repos/acme/people/actions/artifacts?name=rollcall-plan-reviewed';
  const file = '.github/workflows/rollcall.yml';

  /** Runs that have kept a plan under the name, newest first. */
  function keptBy(runs: readonly (readonly [id: number, event: string, path: string])[]): void {
    reply(kept, { artifacts: runs.map(([id]) => ({ workflow_run: { id } })) });
    for (const [id, event, path] of runs) reply(`repos/acme/people/actions/runs/${id}`, { event, path });
  }

  beforeEach(() => {
    reply(pulls, [{ merge_commit_sha: 'merged', head: { sha: 'reviewed' } }]);
  });

  it.each([file, `${file}@refs/heads/main`])(
    'fetches the plan that this file made as the default branch has it: %s',
    async (path) => {
      keptBy([
        [9, 'pull_request', file],
        [8, 'pull_request_target', '.github/workflows/other.yml'],
        [7, 'pull_request_target', path],
        [6, 'pull_request_target', file],
      ]);
      const ran = await run(fetch);
      expect(ran.code, ran.stderr).toBe(0);
      expect(calls().at(-1)).toBe(
        `run download 7 --repo acme/people --name rollcall-plan-reviewed --dir ${join(temp, 'reviewed')}`,
      );
    },
  );

  it('takes no plan that a branch has left under its name', async () => {
    keptBy([
      [9, 'pull_request', file],
      [8, 'push', file],
    ]);
    const ran = await run(fetch);
    expect([ran.code, ran.stdout]).toEqual([1, expect.stringContaining('commit reviewed was not planned')]);
    expect(calls().join('\n')).not.toContain('download');
  });

  it('fails for a commit that came by no pull request, and names the way out', async () => {
    reply(pulls, []);
    const ran = await run(fetch);
    expect([ran.code, ran.stdout]).toEqual([
      1,
      expect.stringMatching(/^::error::No reviewed plan: .*by hand/),
    ]);
  });
});

describe.skipIf(!has('jq')).each(['github-one-app.yml'])('%s', (file) => {
  const fetch = script(file, 'apply', 'Fetch the reviewed plan');
  const runs = 'repos/acme/people/actions/workflows/rollcall.yml/runs?event=pull_request&head_sha=reviewed';
  const from = (full_name: string, id: number): object => ({ id, head_repository: { full_name } });

  beforeEach(() => {
    reply(pulls, [
      { merge_commit_sha: 'another', head: { sha: 'other' } },
      { merge_commit_sha: 'merged', head: { sha: 'reviewed' } },
    ]);
  });

  it('fetches the plan of the commit that was reviewed, from the newest run of this repository', async () => {
    reply(runs, {
      workflow_runs: [from('mallory/people', 9), from('acme/people', 8), from('acme/people', 7)],
    });
    const ran = await run(fetch);
    expect(ran.code, ran.stderr).toBe(0);
    expect(calls().at(-1)).toBe(
      `run download 8 --repo acme/people --name rollcall-plan-reviewed --dir ${join(temp, 'reviewed')}`,
    );
  });

  it('takes no plan that a fork has left', async () => {
    reply(runs, { workflow_runs: [from('mallory/people', 9)] });
    const ran = await run(fetch);
    expect([ran.code, ran.stdout]).toEqual([1, expect.stringContaining('commit reviewed was not planned')]);
    expect(calls().join('\n')).not.toContain('download');
  });

  it('fails for a commit that came by no pull request, and names the way out', async () => {
    reply(pulls, []);
    const ran = await run(fetch);
    expect([ran.code, ran.stdout]).toEqual([
      1,
      expect.stringMatching(/^::error::No reviewed plan: .*by hand/),
    ]);
  });
});

describe('the comment of the recipes for GitHub', () => {
  const [comment = '', ...others] = ['github-two-apps.yml', 'github-one-app.yml', 'github-public.yml'].map(
    (file) => script(file, 'plan', 'Comment'),
  );

  it('is written by one and the same step', () => {
    expect(others).toEqual([comment, comment]);
  });

  it('holds the plan, and where there is none, says so', async () => {
    await using site = await reviewSite('github');
    const rollcalls = await startRollcallServer();
    onTestFinished(() => rollcalls.close());
    const env = {
      RUNNER_TEMP: temp,
      GITHUB_TOKEN: 'ghs_token',
      GITHUB_API_URL: site.url,
      GITHUB_REPOSITORY: 'acme/people',
      GITHUB_REF: 'refs/pull/7/merge',
    };
    const written = (): Promise<Ran> =>
      bash(comment, { cwd: temp, env, standIns: { rollcall: rollcalls.client } });
    writeFileSync(join(temp, 'plan.md'), 'The plan.\n\n<!-- rollcall plan: remove -->\n');
    const ran = await written();
    expect(ran.code, ran.stderr).toBe(0);
    expect(site.comments.map(({ body }) => body.includes('The plan.'))).toEqual([true]);
    expect(site.labels).toEqual(['rollcall: remove']);
    rmSync(join(temp, 'plan.md'));
    expect((await written()).code).toBe(0);
    expect(site.comments.map(({ body }) => body.includes('No plan could be made'))).toEqual([true]);
  });
});

describe.skipIf(!has('jq'))('the issue of github-drift.yml', () => {
  const keep = script('github-drift.yml', 'drift', 'Keep one issue');

  it.each([
    ['is opened', '2', [], /^issue create .*--label rollcall-drift --body-file plan\.md$/],
    ['is brought up to date', '2', [{ number: 4 }], /^issue edit 4 --body-file plan\.md$/],
    ['is kept for a plan that failed', '1', [{ number: 4 }], /^issue edit 4 /],
    ['is closed', '0', [{ number: 4 }], /^issue close 4 /],
    ['is not opened for nothing', '0', [], /^issue list /],
  ])('%s', async (_, CODE, open, last) => {
    reply('issue list', open);
    const ran = await run(keep, { CODE });
    expect(ran.code, ran.stderr).toBe(0);
    expect(calls().at(-1)).toMatch(last);
  });
});

describe('the comment of gitlab.yml', () => {
  const plan = pipeline('gitlab.yml')['plan']?.script?.join('\n') ?? '';

  it.each([
    ['is written with a token', 'glpat-token', [/^rollcall comment plan\.md --on gitlab --labels$/]],
    ['is left out without one', '', []],
  ])('%s, and the job ends as the plan did', async (_, GITLAB_TOKEN, commented) => {
    mkdirSync(join(temp, 'rollcall-1/head'), { recursive: true });
    const env = { CI_BUILDS_DIR: temp, CI_JOB_ID: '1', CI_MERGE_REQUEST_DIFF_BASE_SHA: 'base', GITLAB_TOKEN };
    const ran = await run(`take() { :; }\n${plan}`, env);
    expect(ran.code, ran.stderr).toBe(0);
    const said = calls().filter((line) => line.startsWith('rollcall comment'));
    expect(said).toHaveLength(commented.length);
    for (const [at, line] of commented.entries()) expect(said[at]).toMatch(line);
    expect(readFileSync(join(temp, 'plan.md'), 'utf8')).toBe('');
  });
});

describe.skipIf(!has('jq'))('gitlab.yml', () => {
  const apply = pipeline('gitlab.yml')['apply']?.script?.join('\n') ?? '';
  const project = {
    CI_API_V4_URL: 'https://gitlab.example',
    CI_PROJECT_ID: '1',
    CI_COMMIT_SHA: 'merged',
    READ_API_TOKEN: 't',
    READ_APP_ID: 'cli_read',
    CI_JOB_ID: '1',
  };
  const inJob = (): Promise<Ran> => run(apply, { ...project, CI_BUILDS_DIR: temp });
  beforeEach(() => {
    mkdirSync(join(temp, 'rollcall-1/head'), { recursive: true });
    reply('projects/1/repository/commits/merged/merge_requests', [
      { iid: 6, state: 'closed' },
      { iid: 7, state: 'merged' },
    ]);
    reply('projects/1/merge_requests/7', { sha: 'reviewed' });
    reply('projects/1/merge_requests/7/pipelines', [
      { id: 12, sha: 'reviewed', source: 'push' },
      { id: 11, sha: 'reviewed', source: 'merge_request_event' },
      { id: 10, sha: 'older', source: 'merge_request_event' },
    ]);
    reply('projects/1/pipelines/11/jobs', [
      { id: 20, name: 'lint' },
      { id: 21, name: 'plan' },
    ]);
  });

  it('applies the plan of the commit that was reviewed', async () => {
    reply('projects/1/jobs/21/artifacts/plan.json', { reviewed: true });
    const ran = await inJob();
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(temp, 'plan.json'), 'utf8'))).toEqual({ reviewed: true });
    expect(calls().at(-1)).toMatch(
      /^rollcall apply --plan \S+\/plan\.json .*--plan-account cli_read .* manifests$/,
    );
  });

  it.each([
    ['is gone', (): void => undefined, 'the plan of commit reviewed is gone'],
    ['was never made', (): void => reply('projects/1/merge_requests/7/pipelines', []), 'was not planned'],
    [
      'was not asked for',
      (): void => reply('projects/1/repository/commits/merged/merge_requests', []),
      'merged came by no merge request',
    ],
  ])('applies nothing where the plan %s', async (_, change, message) => {
    change();
    const ran = await inJob();
    expect([ran.code, ran.stdout]).toEqual([1, expect.stringContaining(message)]);
    expect(calls().join('\n')).not.toContain('rollcall');
  });
});
