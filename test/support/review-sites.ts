import {
  type ScriptedAnswer,
  type ScriptedServer,
  type SeenRequest,
  scriptedServer,
} from './scripted-server.ts';

/** A comment as a site keeps it. */
export interface KeptComment {
  readonly id: number;
  readonly body: string;
  readonly author: string;
}

/** A site that reviews are on, with one request: number 7. */
export interface ReviewSite extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  readonly comments: KeptComment[];
  readonly labels: string[];
  /** Labels that the repository has. */
  readonly known: string[];
  /** Asked first: an answer instead of the site's own. */
  fault: (request: SeenRequest) => ScriptedAnswer | 'reset' | undefined;
  /** Called once a comment was written. */
  onCreate: () => void;
  /** Requests that changed something: `POST /repos/...`. */
  readonly writes: () => string[];
}

type Route = (state: State, request: SeenRequest, id: number) => ScriptedAnswer;

interface State {
  readonly comments: KeptComment[];
  readonly labels: string[];
  readonly known: string[];
  readonly page: (request: SeenRequest, rows: readonly unknown[]) => ScriptedAnswer;
  readonly made: (request: SeenRequest) => KeptComment;
  readonly shown: (comment: KeptComment) => unknown;
}

const absent: ScriptedAnswer = { status: 404, body: { message: 'Not Found' } };

function textIn({ json }: SeenRequest, key: string): string {
  return String((json as Record<string, unknown>)[key]);
}

function changed({ comments, shown }: State, request: SeenRequest, id: number): ScriptedAnswer {
  const at = comments.findIndex((one) => one.id === id);
  const before = comments[at];
  if (before === undefined) return absent;
  const after = { ...before, body: textIn(request, 'body') };
  comments[at] = after;
  return { body: shown(after) };
}

function removed({ comments }: State, _: SeenRequest, id: number): ScriptedAnswer {
  const at = comments.findIndex((one) => one.id === id);
  if (at < 0) return absent;
  comments.splice(at, 1);
  return { status: 204 };
}

const created: Route = (state, request) => ({ status: 201, body: state.shown(state.made(request)) });

const githubRoutes: readonly (readonly [RegExp, Route])[] = [
  [/^GET \/user$/, () => ({ status: 403, body: { message: 'Resource not accessible by integration' } })],
  [/^POST \/graphql$/, () => ({ body: { data: { viewer: { login: 'github-actions[bot]' } } } })],
  [
    /^GET \/repos\/acme\/people\/issues\/7\/comments$/,
    (state, request) => state.page(request, state.comments.map(state.shown)),
  ],
  [/^POST \/repos\/acme\/people\/issues\/7\/comments$/, created],
  [/^PATCH \/repos\/acme\/people\/issues\/comments\/(\d+)$/, changed],
  [/^DELETE \/repos\/acme\/people\/issues\/comments\/(\d+)$/, removed],
  [
    /^GET \/repos\/acme\/people\/issues\/7\/labels$/,
    (state, request) =>
      state.page(
        request,
        state.labels.map((name) => ({ name })),
      ),
  ],
  [
    /^POST \/repos\/acme\/people\/labels$/,
    ({ known }, request) => {
      const name = textIn(request, 'name');
      if (known.includes(name)) {
        return { status: 422, body: { message: 'Validation Failed', errors: [{ code: 'already_exists' }] } };
      }
      known.push(name);
      return { status: 201, body: {} };
    },
  ],
  [
    /^POST \/repos\/acme\/people\/issues\/7\/labels$/,
    ({ labels }, { json }) => {
      labels.push(...(json as { labels: string[] }).labels);
      return { body: [] };
    },
  ],
  [
    /^DELETE \/repos\/acme\/people\/issues\/7\/labels\/.+$/,
    ({ labels }, { path }) => {
      const at = labels.indexOf(decodeURIComponent(path.split('/').at(-1) ?? ''));
      if (at < 0) return absent;
      labels.splice(at, 1);
      return { body: [] };
    },
  ],
];

const gitlabRoutes: readonly (readonly [RegExp, Route])[] = [
  [/^GET \/api\/v4\/user$/, () => ({ body: { id: 5, username: 'project_1_bot' } })],
  [
    /^GET \/api\/v4\/projects\/1\/merge_requests\/7\/notes$/,
    (state, request) => state.page(request, state.comments.map(state.shown)),
  ],
  [/^POST \/api\/v4\/projects\/1\/merge_requests\/7\/notes$/, created],
  [/^PUT \/api\/v4\/projects\/1\/merge_requests\/7\/notes\/(\d+)$/, changed],
  [/^DELETE \/api\/v4\/projects\/1\/merge_requests\/7\/notes\/(\d+)$/, removed],
  [/^GET \/api\/v4\/projects\/1\/merge_requests\/7$/, ({ labels }) => ({ body: { labels } })],
  [
    /^PUT \/api\/v4\/projects\/1\/merge_requests\/7$/,
    ({ labels }, request) => {
      const names = (key: string): string[] => textIn(request, key).split(',').filter(Boolean);
      labels.push(...names('add_labels'));
      for (const name of names('remove_labels')) labels.splice(labels.indexOf(name), 1);
      return { body: { labels } };
    },
  ],
];

/** Authors by what a site knows them as; the token's own is `me`. */
const shownOn = {
  github: ({ id, body, author }: KeptComment) => ({
    id,
    body,
    html_url: `https://github.com/acme/people/pull/7#issuecomment-${id}`,
    user: { login: author === 'me' ? 'github-actions[bot]' : author },
  }),
  gitlab: ({ id, body, author }: KeptComment) => ({ id, body, author: { id: author === 'me' ? 5 : 6 } }),
};

const perPage = 3;

/** Pages as both sites make them, but of few rows. */
function page({ query, path }: SeenRequest, rows: readonly unknown[]): ScriptedAnswer {
  const number = Number(query['page'] ?? 1);
  const more = rows.length > number * perPage;
  return {
    body: rows.slice((number - 1) * perPage, number * perPage),
    headers: more ? { link: `<https://elsewhere.example${path}?page=${number + 1}>; rel="next"` } : {},
  };
}

/** Starts a site on loopback. */
export async function reviewSite(on: 'github' | 'gitlab'): Promise<ReviewSite> {
  const comments: KeptComment[] = [];
  const labels: string[] = [];
  const known: string[] = [];
  let last = 100;
  const made = (request: SeenRequest): KeptComment => {
    const comment = { id: (last += 1), body: textIn(request, 'body'), author: 'me' };
    comments.push(comment);
    site.onCreate();
    return comment;
  };
  const state: State = { comments, labels, known, page, made, shown: shownOn[on] };
  const routes = on === 'github' ? githubRoutes : gitlabRoutes;
  const server: ScriptedServer = await scriptedServer((request) => {
    const fault = site.fault(request);
    if (fault !== undefined) return fault;
    const line = `${request.method} ${request.path}`;
    for (const [pattern, answer] of routes) {
      const match = pattern.exec(line);
      if (match !== null) return answer(state, request, Number(match[1]));
    }
    return absent;
  });
  const site: ReviewSite = {
    url: server.url,
    requests: server.requests,
    comments,
    labels,
    known,
    fault: () => undefined,
    onCreate: () => undefined,
    writes: () =>
      server.requests
        .filter(({ method, path }) => method !== 'GET' && path !== '/graphql')
        .map(({ method, path }) => `${method} ${path}`),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return site;
}
