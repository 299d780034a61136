import { isObject, textOf } from '../http/json.ts';
import type { Env } from '../http/url.ts';
import { type Api, Calls, type Tools } from './calls.ts';
import { addressOf, commitOf, digitsOf, tokenOf } from './settings.ts';
import type { Comment, Review } from './site.ts';

const permission =
  'Set GITLAB_TOKEN to an access token of the project with the role Reporter or higher and the scope api; a job token cannot write comments.';

/**
 * The merge request that a pipeline of GitLab is for, through the REST API (https://docs.gitlab.com/api/notes/):
 * `GITLAB_TOKEN`, `CI_API_V4_URL`, `CI_PROJECT_ID` (or, for a pipeline of a fork, `CI_MERGE_REQUEST_PROJECT_ID`),
 * `CI_MERGE_REQUEST_IID`.
 *
 * @throws ReviewError where a variable is missing or cannot be used.
 */
export function gitlabReview(env: Env, tools: Tools): Review {
  const token = tokenOf(env, 'GITLAB_TOKEN', permission);
  const url = addressOf(env, 'CI_API_V4_URL', 'https://gitlab.com/api/v4');
  const project = digitsOf(env, ['CI_MERGE_REQUEST_PROJECT_ID', 'CI_PROJECT_ID']);
  const iid = digitsOf(env, ['CI_MERGE_REQUEST_IID']);
  const about = `merge request !${iid} of project ${project}`;
  const headers = { accept: 'application/json', 'private-token': token };
  const api: Api = { site: 'GitLab', url, headers, token, variable: 'GITLAB_TOKEN', about, permission };
  const calls = new Calls(api, tools);
  const request = `/projects/${project}/merge_requests/${iid}`;
  const page = pageOf(env, iid);
  const whole = (json: unknown): Comment => {
    const read = noteOf(json, page);
    if (read === null) throw calls.senseless();
    return read;
  };
  let author: Promise<number> | null = null;
  return {
    site: 'GitLab',
    longest: 1_000_000,
    commit: commitOf(env['CI_MERGE_REQUEST_SOURCE_BRANCH_SHA'] || env['CI_COMMIT_SHA']),
    comments: async (marker) => {
      author ??= authorOf(calls);
      const own = await author;
      const rows = await calls.rows(`${request}/notes?sort=asc&order_by=created_at`);
      return rows
        .filter((row) => authorIn(row) === own)
        .map(whole)
        .filter(({ body }) => body.startsWith(marker))
        .sort((one, other) => one.id - other.id);
    },
    create: async (body) =>
      whole(
        (await calls.send({ method: 'POST', path: `${request}/notes`, body: { body }, once: true })).json,
      ),
    update: async (id, body) => {
      const path = `${request}/notes/${id}`;
      const answer = await calls.send({ method: 'PUT', path, body: { body }, also: [404] });
      return answer.status === 404 ? null : whole(answer.json);
    },
    remove: async (id) => {
      await calls.send({ method: 'DELETE', path: `${request}/notes/${id}`, also: [404] });
    },
    labels: async () => {
      const { json } = await calls.send({ method: 'GET', path: request });
      const labels = isObject(json) ? json['labels'] : undefined;
      if (!Array.isArray(labels)) throw calls.senseless();
      return labels.filter((name) => typeof name === 'string');
    },
    // GitLab makes a label that is new by itself.
    label: async ({ add, remove }) => {
      const body = { add_labels: add.join(','), remove_labels: remove.join(',') };
      await calls.send({ method: 'PUT', path: request, body });
    },
  };
}

/** Whom the token writes as: a project's token has a user of its own. Comments of others are never touched. */
async function authorOf(calls: Calls): Promise<number> {
  const { json } = await calls.send({ method: 'GET', path: '/user' });
  const id = isObject(json) ? json['id'] : undefined;
  if (typeof id !== 'number') throw calls.senseless();
  return id;
}

function noteOf(row: unknown, page: string | null): Comment | null {
  if (!isObject(row)) return null;
  const { id, body } = row;
  if (typeof id !== 'number' || typeof body !== 'string') return null;
  return { id, body, url: page === null ? null : `${page}#note_${id}` };
}

function authorIn(row: unknown): unknown {
  const author = isObject(row) ? row['author'] : undefined;
  return isObject(author) ? author['id'] : undefined;
}

function pageOf(env: Env, iid: string): string | null {
  const project = textOf(env['CI_MERGE_REQUEST_PROJECT_URL']) ?? textOf(env['CI_PROJECT_URL']);
  return project === undefined ? null : `${project}/-/merge_requests/${iid}`;
}
