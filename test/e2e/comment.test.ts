import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leaksIn } from '../support/canaries.ts';
import { type Ran, folderWith, rollcall } from '../support/cli.ts';
import { type ReviewSite, reviewSite } from '../support/review-sites.ts';

const marker = '<!-- rollcall: plan -->';
const secret = 'CNRYtoken_0123456789abcdefghij';
const head = 'a'.repeat(40);
const report = '## rollcall plan\n\n**Plan: 1 to add.**\n\n<!-- rollcall plan: add -->\n';

const folder = folderWith({
  'plan.md': report,
  'removal.md': report.replace('plan: add', 'plan: remove, refused'),
  'none.md': report.replace('plan: add', 'plan: no events'),
  'both.md': `${report}\n${report.replace('plan: add', 'plan: remove, delete')}`,
  'result.md': '## rollcall apply\n\n**Done.**\n',
  'empty.md': '\n',
  'long.md': report + 'x'.repeat(70_000),
  'huge.md': report + 'x'.repeat(1_000_000),
  'plan.json': '{}',
  'plan.html': '<!doctype html>\n',
  'event.json': JSON.stringify({ pull_request: { number: 7, head: { sha: head } } }),
  'comment.json': JSON.stringify({ issue: { number: 7, pull_request: {} } }),
  'issue.json': JSON.stringify({ issue: { number: 7 } }),
});

const environments = {
  github: (url: string) => ({
    GITHUB_TOKEN: secret,
    GITHUB_API_URL: url,
    GITHUB_REPOSITORY: 'acme/people',
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
  }),
  gitlab: (url: string) => ({
    GITLAB_TOKEN: secret,
    CI_API_V4_URL: `${url}/api/v4`,
    CI_PROJECT_ID: '1',
    CI_MERGE_REQUEST_IID: '7',
    CI_COMMIT_SHA: head,
    CI_PROJECT_URL: 'https://gitlab.example/acme/people',
  }),
};

let site: ReviewSite;

function comment(
  on: 'github' | 'gitlab',
  file: string,
  { labels = false, env = {} }: { readonly labels?: boolean; readonly env?: Record<string, string> } = {},
): Promise<Ran> {
  const args = ['comment', file, '--on', on, ...(labels ? ['--labels'] : [])];
  return rollcall(args, { cwd: folder, env: { ...environments[on](site.url), ...env } });
}

describe.each(['github', 'gitlab'] as const)('comment --on %s', (on) => {
  const create = on === 'github' ? '/issues/7/comments' : '/merge_requests/7/notes';
  const isCreate = (method: string, path: string): boolean => method === 'POST' && path.endsWith(create);

  beforeEach(async () => {
    site = await reviewSite(on);
  });
  afterEach(async () => {
    const said = site.requests.map(({ path, text }) => path + text).join('\n');
    expect(leaksIn(said, { secret })).toEqual([]);
    await site[Symbol.asyncDispose]();
  });

  it('writes the report once, brings it up to date, and leaves it where it says the same', async () => {
    const first = await comment(on, 'plan.md');
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toMatch(/^Wrote https:\/\/\S+7#(issuecomment-|note_)101\n$/);
    expect(site.comments.map(({ body }) => body)).toEqual([`${marker}\n${report}\nFor commit ${head}.\n`]);
    const second = await comment(on, 'removal.md');
    expect(second.stdout).toMatch(/^Updated https:\/\/\S+101\n$/);
    expect(site.comments.map(({ id, body }) => [id, body.includes('remove, refused')])).toEqual([
      [101, true],
    ]);
    const writes = site.writes().length;
    const third = await comment(on, 'removal.md');
    expect(third.stdout).toMatch(/^Unchanged: https:\/\/\S+101\n$/);
    expect(site.writes()).toHaveLength(writes);
  });

  it('finds its comment on a later page, and follows no address in an answer', async () => {
    for (let id = 1; id <= 7; id += 1) site.comments.push({ id, body: 'Hello', author: 'mallory' });
    site.comments.push({ id: 8, body: `${marker}\nOld`, author: 'me' });
    expect((await comment(on, 'plan.md')).stdout).toMatch(/^Updated /);
    expect(site.comments.filter(({ body }) => body.includes('1 to add')).map(({ id }) => id)).toEqual([8]);
  });

  it('changes no comment of a person who quotes the marker, nor one of its own that is about something else', async () => {
    site.comments.push(
      { id: 1, body: `${marker}\nMine`, author: 'mallory' },
      { id: 2, body: `> ${marker}\nQuoted`, author: 'me' },
    );
    const before = [...site.comments];
    expect((await comment(on, 'plan.md')).stdout).toMatch(/^Wrote /);
    expect(site.comments.slice(0, 2)).toEqual(before);
    expect(site.comments).toHaveLength(3);
  });

  it('leaves one comment where two runs write at once', async () => {
    // Both find none; the other's is there first.
    site.onCreate = () => {
      site.comments.unshift({ id: 50, body: `${marker}\nOf the other run`, author: 'me' });
      site.onCreate = () => undefined;
    };
    const ran = await comment(on, 'plan.md');
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(site.comments.map(({ id, body }) => [id, body.includes('1 to add')])).toEqual([[50, true]]);
    const all = await Promise.all([comment(on, 'plan.md'), comment(on, 'plan.md')]);
    expect(all.map(({ code }) => code)).toEqual([0, 0]);
    expect(site.comments).toHaveLength(1);
  });

  it('takes away what is left of such runs', async () => {
    for (const id of [3, 4, 5]) site.comments.push({ id, body: `${marker}\nOld`, author: 'me' });
    await comment(on, 'plan.md');
    expect(site.comments.map(({ id }) => id)).toEqual([3]);
  });

  it('says that no plan could be made where the report is empty, in place of an older plan', async () => {
    await comment(on, 'plan.md', { labels: true });
    const ran = await comment(on, 'empty.md', { labels: true });
    expect(ran.code).toBe(0);
    expect(site.comments[0]?.body).toContain('**No plan could be made.**');
    expect(site.labels).toEqual(['rollcall: unknown']);
  });

  it('writes no comment for a change that affects no event, but corrects one that is there', async () => {
    const none = await comment(on, 'none.md', { labels: true });
    expect([none.code, none.stdout]).toEqual([0, 'No comment: this change affects no event.\n']);
    expect(site.writes()).toEqual([]);
    await comment(on, 'plan.md', { labels: true });
    const after = await comment(on, 'none.md', { labels: true });
    expect(after.stdout).toMatch(/^Updated .*\nLabels: - rollcall: add\n$/);
    expect(site.comments[0]?.body).toContain('plan: no events');
    expect(site.labels).toEqual([]);
  });

  it('labels what the plan does, takes off what no longer holds, and touches no other label', async () => {
    site.labels.push('bug', 'rollcall: mine', 'Rollcall: remove', 'rollcall: delete');
    site.known.push('rollcall: refused');
    const ran = await comment(on, 'removal.md', { labels: true });
    expect(ran.stdout).toMatch(/\nLabels: \+ rollcall: refused, - rollcall: delete\n$/);
    expect(site.labels).toEqual(['bug', 'rollcall: mine', 'Rollcall: remove', 'rollcall: refused']);
    const both = await comment(on, 'both.md', { labels: true });
    expect(both.stdout).toContain('+ rollcall: add, + rollcall: delete, - rollcall: refused');
  });

  it('refuses labels for a report that does not say what its plan does, before it writes anything', async () => {
    const ran = await comment(on, 'result.md', { labels: true });
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr).toContain('no label can be chosen');
    expect(site.writes()).toEqual([]);
    expect((await comment(on, 'result.md')).code).toBe(0);
  });

  it.each([
    [401, { message: 'Bad credentials' }, /does not accept GIT(HUB|LAB)_TOKEN \(401\): Bad credentials/],
    [
      403,
      { message: 'insufficient_scope' },
      /does not let GIT(HUB|LAB)_TOKEN do this to (pull|merge) request/,
    ],
    [404, { message: `no ${secret}` }, /has no (pull|merge) request \S+7.* \(404\): no \*\*\*/],
    [
      422,
      { message: 'Validation Failed', errors: [{ message: 'too long' }] },
      /refuses the change .*Validation Failed; too long/,
    ],
    [301, {}, /refuses the change to (pull|merge) request .* \(301\)/],
  ])('says what a %i means, and no token', async (status, body, message) => {
    site.fault = ({ method, path }) => (isCreate(method, path) ? { status, body } : undefined);
    const ran = await comment(on, 'plan.md');
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr).toMatch(message);
    expect(leaksIn(ran.stderr, { secret })).toEqual([]);
  });

  it('goes on after a failure that passes, without a second comment', async () => {
    const failed = new Set<string>();
    site.fault = ({ method, path }) => {
      if (!path.endsWith(create) || failed.has(method)) return undefined;
      failed.add(method);
      // Written, and the answer is lost.
      if (method === 'POST') site.comments.push({ id: 60, body: `${marker}\nLost`, author: 'me' });
      return { status: 502 };
    };
    const ran = await comment(on, 'plan.md');
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toContain('trying again in 1 s');
    expect(site.comments.map(({ id, body }) => [id, body.includes('1 to add')])).toEqual([[60, true]]);
  });

  it('does not repeat a comment whose connection broke off before it has looked', async () => {
    let broken = false;
    site.fault = ({ method, path }) => {
      if (broken || !isCreate(method, path)) return undefined;
      broken = true;
      return 'reset';
    };
    expect((await comment(on, 'plan.md')).code).toBe(0);
    expect(site.comments).toHaveLength(1);
  });

  it('says so where a report is too long for the site, in the comment too', async () => {
    await comment(on, 'plan.md');
    const [title, takes] = on === 'github' ? ['GitHub', 65_536] : ['GitLab', 1_000_000];
    expect((await comment(on, 'long.md')).code).toBe(on === 'github' ? 1 : 0);
    const ran = await comment(on, 'huge.md');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(`more than a comment on ${title} takes (${takes})`);
    expect(site.comments.map(({ body }) => body.includes('The report is too long'))).toEqual([true]);
  });

  it('says what an answer is that no such site gives', async () => {
    site.fault = () => ({ body: '<html>' });
    const ran = await comment(on, 'plan.md');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /127\.0\.0\.1:\d+ does not answer as GitHub does|does not answer as GitLab does/,
    );
  });
});

describe('comment', () => {
  beforeEach(async () => {
    site = await reviewSite('github');
  });
  afterEach(() => site[Symbol.asyncDispose]());

  it.each([
    ['plan.json', /is JSON, not a report .*\n {2}Make one with: rollcall show --format markdown plan\.json/],
    ['plan.html', /is an HTML page/],
    ['absent.md', /cannot be read \(ENOENT\)\n {2}Make one with: rollcall plan --format markdown/],
    ['.', /cannot be read \(it is not a regular file\)/],
  ])('takes %s for no report', async (file, message) => {
    const ran = await comment('github', file);
    expect([ran.code, site.requests]).toEqual([1, []]);
    expect(ran.stderr).toMatch(message);
  });

  it.each<[string, 'github' | 'gitlab', Record<string, string>, RegExp]>([
    ['no token', 'github', { GITHUB_TOKEN: '' }, /GITHUB_TOKEN is not set\n .*pull-requests: write/],
    ['no token', 'gitlab', { GITLAB_TOKEN: '' }, /GITLAB_TOKEN is not set\n .*scope api/],
    ['a token of two lines', 'github', { GITHUB_TOKEN: `${secret}\nx` }, /GITHUB_TOKEN contains spaces/],
    [
      'a host without TLS',
      'github',
      { GITHUB_API_URL: 'http://ghe.example' },
      /GITHUB_API_URL is neither https/,
    ],
    ['user info', 'gitlab', { CI_API_V4_URL: 'https://u:p@gitlab.example' }, /CI_API_V4_URL has a user/],
    ['no repository', 'github', { GITHUB_REPOSITORY: '' }, /GITHUB_REPOSITORY is not set/],
    ['a repository that is none', 'github', { GITHUB_REPOSITORY: 'acme/..' }, /cannot be "acme\/\.\."/],
    ['an issue', 'github', { GITHUB_EVENT_PATH: join(folder, 'issue.json') }, /is not for a pull request/],
    [
      'no event',
      'github',
      { GITHUB_EVENT_PATH: 'absent', GITHUB_REF: 'refs/heads/main' },
      /is not for a pull/,
    ],
    ['no merge request', 'gitlab', { CI_MERGE_REQUEST_IID: '' }, /CI_MERGE_REQUEST_IID is not set\n .*rules/],
    ['a project by name', 'gitlab', { CI_PROJECT_ID: 'acme' }, /CI_PROJECT_ID is not a number/],
    ['a proxy that is none', 'github', { HTTPS_PROXY: 'socks5://p' }, /HTTPS_PROXY is not an http/],
  ])('names the variable: %s on %s', async (_, on, env, message) => {
    const ran = await comment(on, 'plan.md', { env });
    expect([ran.code, ran.stdout, site.requests]).toEqual([1, '', []]);
    expect(ran.stderr).toMatch(message);
    expect(leaksIn(ran.stderr, { secret })).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['the ref of a pull request', { GITHUB_EVENT_PATH: '', GITHUB_REF: 'refs/pull/7/merge' }],
    ['a comment on one', { GITHUB_EVENT_PATH: join(folder, 'comment.json') }],
  ])('finds its pull request by %s', async (_, env) => {
    expect((await comment('github', 'plan.md', { env })).stdout).toContain('/pull/7#');
  });

  it("knows a person's own token, and an app's, by whom they write as", async () => {
    site.fault = ({ path }) => (path === '/user' ? { body: { login: 'Mallory' } } : undefined);
    site.comments.push(
      { id: 1, body: `${marker}\nOld`, author: 'me' },
      { id: 2, body: `${marker}\nOld`, author: 'mallory' },
    );
    await comment('github', 'plan.md');
    expect(site.comments.map(({ body }) => body.includes('1 to add'))).toEqual([false, true]);
    site.fault = ({ path }) => (path === '/graphql' ? { status: 404 } : undefined);
    await comment('github', 'removal.md');
    expect(site.comments.map(({ body }) => body.includes('remove, refused'))).toEqual([true, false]);
  });

  it('is bad usage without a site, or on another', async () => {
    const ran = await rollcall(['comment', 'plan.md', '--on', 'gitea'], { cwd: folder });
    expect([ran.code, ran.stderr]).toEqual([
      1,
      expect.stringContaining('Allowed choices are github, gitlab'),
    ]);
    expect((await rollcall(['comment', 'plan.md'], { cwd: folder })).stderr).toContain("'--on <site>'");
  });
});
