import type { Answer, Call } from '../route.ts';

/** What Google refuses, by reason: HTTP status and message. https://developers.google.com/workspace/calendar/api/guides/errors */
const refusals = {
  invalid: [400, 'Invalid Value'],
  invalidParameter: [400, 'Invalid Value'],
  required: [400, 'Required'],
  badRequest: [400, 'Bad Request'],
  parseError: [400, 'Parse Error'],
  timeRangeEmpty: [400, 'The specified time range is empty.'],
  eventTypeRestriction: [
    400,
    'Attendees cannot be added to this type of event with this visibility setting.',
  ],
  authError: [401, 'Invalid Credentials'],
  insufficientPermissions: [403, 'Request had insufficient authentication scopes.'],
  forbidden: [403, 'Forbidden'],
  requiredAccessLevel: [403, 'You need to have writer access to this calendar.'],
  forbiddenForNonOrganizer: [403, 'Shared properties can only be changed by the organizer of the event.'],
  forbiddenForServiceAccounts: [
    403,
    'Service accounts cannot invite attendees without Domain-Wide Delegation of Authority.',
  ],
  notACalendarUser: [403, 'The user must be signed up for Google Calendar.'],
  rateLimitExceeded: [403, 'Rate Limit Exceeded'],
  userRateLimitExceeded: [403, 'User Rate Limit Exceeded'],
  quotaExceeded: [403, 'Calendar usage limits exceeded.'],
  notFound: [404, 'Not Found'],
  duplicate: [409, 'The requested identifier already exists.'],
  deleted: [410, 'Resource has been deleted'],
  fullSyncRequired: [410, 'Sync token is no longer valid, a full sync is required.'],
  conditionNotMet: [412, 'Precondition Failed'],
  backendError: [500, 'Backend Error'],
} as const;

export type GoogleReason = keyof typeof refusals;

const domains: Partial<Record<GoogleReason, string>> = {
  rateLimitExceeded: 'usageLimits',
  userRateLimitExceeded: 'usageLimits',
  quotaExceeded: 'usageLimits',
  requiredAccessLevel: 'calendar',
  forbiddenForNonOrganizer: 'calendar',
  forbiddenForServiceAccounts: 'calendar',
  eventTypeRestriction: 'calendar',
};

const places: Partial<Record<GoogleReason, { readonly locationType: string; readonly location: string }>> = {
  authError: { locationType: 'header', location: 'Authorization' },
  conditionNotMet: { locationType: 'header', location: 'If-Match' },
};

/** A call that Google refuses. */
export class GoogleRefusal extends Error {
  override readonly name = 'GoogleRefusal';
  readonly reason: GoogleReason;
  readonly status: number;
  /** The parameter of the query that is wrong. */
  readonly parameter: string | undefined;

  constructor(
    reason: GoogleReason,
    message: string = refusals[reason][1],
    more: { readonly status?: number; readonly parameter?: string } = {},
  ) {
    super(message);
    this.reason = reason;
    this.status = more.status ?? refusals[reason][0];
    this.parameter = more.parameter;
  }
}

/** A wrong parameter of the query. */
export function wrongParameter(parameter: string, message = 'Invalid Value'): GoogleRefusal {
  return new GoogleRefusal('invalid', message, { parameter });
}

const json = { 'content-type': 'application/json; charset=UTF-8', server: 'ESF' };

/** A 200 with as much of the data as the call's `fields` ask for. */
export function found(call: Call, data: object): Answer {
  const fields = call.query.get('fields') ?? '';
  const shown = fields === '' ? data : selected(data, fields);
  if (shown === undefined) throw new GoogleRefusal('invalidParameter', `Invalid field selection ${fields}`);
  return { status: 200, headers: json, body: JSON.stringify(shown) };
}

/** What a deletion answers: nothing. */
export function gone(): Answer {
  return { status: 204, headers: { server: 'ESF' }, body: '' };
}

/** The envelope of an error. */
export function refused({ reason, message, status, parameter }: GoogleRefusal): Answer {
  const place = parameter === undefined ? places[reason] : { locationType: 'parameter', location: parameter };
  const error = { domain: domains[reason] ?? 'global', reason, message, ...place };
  const body = { error: { errors: [error], code: status, message } };
  const challenge = {
    'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"',
  };
  return {
    status,
    headers: { ...json, ...(status === 401 ? challenge : {}) },
    body: JSON.stringify(body),
  };
}

/** An error of the token endpoint, which has another form: RFC 6749, 5.2. */
export function refusedToken(status: number, error: string, description: string): Answer {
  return { status, headers: json, body: JSON.stringify({ error, error_description: description }) };
}

/** A selection of fields: names with what is selected below them; an empty map stands for everything. */
type Selection = ReadonlyMap<string, Selection>;

/**
 * The part of an answer that a `fields` parameter asks for: `items(id,attendees/email),nextPageToken`; undefined where it
 * cannot be read. https://developers.google.com/workspace/calendar/api/guides/performance#partial
 */
function selected(data: object, fields: string): unknown {
  const tokens = fields.match(/[^,()/\s]+|[,()/]/g) ?? [];
  if (tokens.join('') !== fields.replaceAll(/\s/g, '')) return undefined;
  const read = selectionAt(tokens, 0);
  return read?.end === tokens.length ? part(data, read.selection) : undefined;
}

function selectionAt(
  tokens: readonly string[],
  start: number,
): { readonly selection: Selection; readonly end: number } | undefined {
  const selection = new Map<string, Selection>();
  for (let at = start; ; at += 1) {
    const path: string[] = [];
    do {
      const name = tokens[at];
      if (name === undefined || /^[,()/]$/.test(name)) return undefined;
      path.push(name);
      at += 2;
    } while (tokens[at - 1] === '/');
    at -= 1;
    let below: Selection = new Map();
    if (tokens[at] === '(') {
      const inner = selectionAt(tokens, at + 1);
      if (inner === undefined || tokens[inner.end] !== ')') return undefined;
      below = inner.selection;
      at = inner.end + 1;
    }
    const [first = '', ...rest] = path;
    const nested = rest.reduceRight<Selection>((inner, name) => new Map([[name, inner]]), below);
    selection.set(first, merged(selection.get(first), nested));
    if (tokens[at] !== ',') return { selection, end: at };
  }
}

function merged(one: Selection | undefined, other: Selection): Selection {
  if (one === undefined) return other;
  if (one.size === 0 || other.size === 0) return new Map();
  const both = new Map(one);
  for (const [name, below] of other) both.set(name, merged(both.get(name), below));
  return both;
}

function part(value: unknown, selection: Selection): unknown {
  if (selection.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => part(item, selection));
  if (typeof value !== 'object' || value === null) return value;
  const all = selection.get('*');
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
      const below = selection.get(name) ?? all;
      return below === undefined ? [] : [[name, part(inner, below)]];
    }),
  );
}
