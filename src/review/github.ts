import { isObject, parseJson, textOf } from '../http/json.ts';
import { type Env, pathSegment } from '../http/url.ts';
import { type Api, Calls, type Tools } from './calls.ts';
import { meaningOf } from './comment.ts';
import { addressOf, commitOf, tokenOf } from './settings.ts';
import { type Comment, type Review, ReviewError } from './site.ts';

/** Whom `GITHUB_TOKEN` of a workflow writes as. */
const actionsBot = 'github-actions[bot]';

/** Colour of new labels. */
const color = 'ededed';

const permission =
  "In a workflow set GITHUB_TOKEN to ${{ github.token }} and give the job `permissions: { pull-requests: write }`; a fork's pull request has a token that only reads.";

/**
 * The pull request that a run of GitHub Actions is for, through the REST API
 * (https://docs.github.com/rest/issues/comments): `GITHUB_TOKEN`, `GITHUB_REPOSITORY`, `GITHUB_EVENT_PATH`, `GITHUB_REF`,
 * `GITHUB_API_URL`. `read` answers the text of a file.
 *
 * @throws ReviewError where a variable is missing or cannot be used.
 */
export function githubReview(env: Env, tools: Tools, read: (path: string) => string): Review {
  const token = tokenOf(env, 'GITHUB_TOKEN', permission);
  const url = addressOf(env, 'GITHUB_API_URL', 'https://api.github.com');
  const repository = repositoryOf(env);
  const event = eventOf(env, read);
  const number = numberOf(env, event);
  const about = `pull request ${repository}#${number}`;
  const api: Api = {
    site: 'GitHub',
    url,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
    },
    token,
    variable: 'GITHUB_TOKEN',
    about,
    permission,
  };
  return reviewOf(new Calls(api, tools), { url, repository, number, commit: headOf(event) });
}

interface Pull {
  readonly url: string;
  readonly repository: string;
  readonly number: number;
  readonly commit: string | null;
}

function reviewOf(calls: Calls, { url, repository, number, commit }: Pull): Review {
  const root = `/repos/${repository}`;
  const issue = `${root}/issues/${number}`;
  const comment = (id: number): string => `${root}/issues/comments/${id}`;
  const whole = (json: unknown): Comment => {
    const read = commentOf(json);
    if (read === null) throw calls.senseless();
    return read;
  };
  let author: Promise<string> | null = null;
  return {
    site: 'GitHub',
    longest: 65_536,
    commit,
    comments: async (marker) => {
      author ??= authorOf(calls, url);
      const login = await author;
      const rows = await calls.rows(`${issue}/comments`);
      return rows
        .filter((row) => loginIn(row) === login.toLowerCase())
        .map(whole)
        .filter(({ body }) => body.startsWith(marker))
        .sort((one, other) => one.id - other.id);
    },
    create: async (body) =>
      whole(
        (await calls.send({ method: 'POST', path: `${issue}/comments`, body: { body }, once: true })).json,
      ),
    update: async (id, body) => {
      const answer = await calls.send({ method: 'PATCH', path: comment(id), body: { body }, also: [404] });
      return answer.status === 404 ? null : whole(answer.json);
    },
    remove: async (id) => {
      await calls.send({ method: 'DELETE', path: comment(id), also: [404] });
    },
    labels: async () => namesIn(await calls.rows(`${issue}/labels`)),
    label: async ({ add, remove }) => {
      for (const name of add) {
        // 422: there is one of this name.
        const body = { name, color, description: meaningOf(name) };
        await calls.send({ method: 'POST', path: `${root}/labels`, body, also: [422] });
      }
      if (add.length > 0) {
        await calls.send({ method: 'POST', path: `${issue}/labels`, body: { labels: add } });
      }
      for (const name of remove) {
        const path = `${issue}/labels/${encodeURIComponent(name)}`;
        await calls.send({ method: 'DELETE', path, also: [404] });
      }
    },
  };
}

/**
 * Whom the token writes as: comments of others are never touched, whatever they quote. A person's token says so itself; the
 * token of an app cannot ask that way, and the other API has its name.
 */
async function authorOf(calls: Calls, url: string): Promise<string> {
  const user = await calls.send({ method: 'GET', path: '/user', also: [403, 404] });
  const own = user.status === 200 && isObject(user.json) ? textOf(user.json['login']) : undefined;
  if (own !== undefined) return own;
  const graphql = `${url.replace(/\/v3$/, '')}/graphql`;
  const viewer = await calls.send({
    method: 'POST',
    path: graphql,
    body: { query: '{ viewer { login } }' },
    also: [400, 403, 404],
  });
  const data = isObject(viewer.json) ? viewer.json['data'] : undefined;
  const seen = isObject(data) ? data['viewer'] : undefined;
  return (isObject(seen) ? textOf(seen['login']) : undefined) ?? actionsBot;
}

function repositoryOf(env: Env): string {
  const given = env['GITHUB_REPOSITORY'] ?? '';
  const parts = given.split('/').map(pathSegment);
  if (parts.length === 2 && !parts.includes(null)) return parts.join('/');
  throw new ReviewError(
    given === '' ? 'GITHUB_REPOSITORY is not set' : `GITHUB_REPOSITORY cannot be ${JSON.stringify(given)}`,
    'Outside of a workflow set it like acme/people.',
  );
}

function eventOf(env: Env, read: (path: string) => string): unknown {
  const path = env['GITHUB_EVENT_PATH'] ?? '';
  if (path === '') return undefined;
  try {
    return parseJson(read(path));
  } catch {
    return undefined;
  }
}

function numberOf(env: Env, event: unknown): number {
  const { pull_request: pull, issue } = isObject(event) ? event : {};
  // A comment on an issue has the same event.
  const of = isObject(pull) ? pull : isObject(issue) && isObject(issue['pull_request']) ? issue : {};
  const [, ref] = /^refs\/pull\/(\d{1,12})\//.exec(env['GITHUB_REF'] ?? '') ?? [];
  const number = of['number'] ?? (ref === undefined ? undefined : Number(ref));
  if (typeof number === 'number' && Number.isSafeInteger(number) && number > 0) return number;
  throw new ReviewError(
    'this run is not for a pull request: neither GITHUB_EVENT_PATH nor GITHUB_REF names one',
    'Run it on pull_request or pull_request_target; elsewhere set GITHUB_REF like refs/pull/7/head.',
  );
}

function headOf(event: unknown): string | null {
  const pull = isObject(event) ? event['pull_request'] : undefined;
  const head = isObject(pull) ? pull['head'] : undefined;
  return commitOf(isObject(head) ? head['sha'] : undefined);
}

function commentOf(row: unknown): Comment | null {
  if (!isObject(row)) return null;
  const { id, body, html_url: page } = row;
  if (typeof id !== 'number' || typeof body !== 'string') return null;
  return { id, body, url: textOf(page) ?? null };
}

/** In lower case: logins are one whatever their case. */
function loginIn(row: unknown): string | null {
  const user = isObject(row) ? row['user'] : undefined;
  return isObject(user) ? (textOf(user['login'])?.toLowerCase() ?? null) : null;
}

function namesIn(rows: readonly unknown[]): string[] {
  return rows.flatMap((row) => (isObject(row) ? (textOf(row['name']) ?? []) : []));
}
