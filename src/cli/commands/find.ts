import { systemClock } from '../../http/clock.ts';
import { foundYaml } from '../../manifest/write/found-yaml.ts';
import { dayIn } from '../../model/day.ts';
import type { Discovery, FindKind, Unfound, FoundItems } from '../../model/found.ts';
import { given } from '../../model/given.ts';
import { counted } from '../../model/say.ts';
import { platforms, type ProviderId } from '../../platforms/index.ts';
import { visible } from '../../report/escape.ts';
import type { Redactor } from '../../report/redact.ts';
import { foundText } from '../../report/text/found.ts';
import { foundJson } from '../../report/told-json.ts';
import { timeZoneOf } from '../../run/day.ts';
import { find, findEvents, type FindTools } from '../../run/find/find.ts';
import { checkRequest, type FindRequest } from '../../run/find/request.ts';
import { findManifests } from '../../run/manifests.ts';
import { exitCodes } from '../../run/usage-error.ts';
import { inkFor } from '../ink.ts';
import { printError, printWarning } from '../messages.ts';
import type { RunOptions } from '../options.ts';
import { open, printMetered } from '../planning.ts';
import { startProgress } from '../progress.ts';
import { print, type Surroundings } from '../surroundings.ts';
import { widthFor } from '../terminal.ts';

export interface FindOptions extends RunOptions {
  readonly provider: ProviderId;
  readonly calendar?: string;
  readonly organizer?: string;
  readonly from?: string;
  readonly to?: string;
  readonly match?: string;
  readonly format: string;
}

/**
 * `rollcall find`: what there is on a platform, for manifests to name. It only reads. What was found is printed also
 * where it is not all there is; then the exit code says so.
 */
export async function findCommand(
  surroundings: Surroundings,
  kind: FindKind,
  texts: readonly string[],
  options: FindOptions,
): Promise<number> {
  const timeZone = timeZoneOf(surroundings.env);
  const { provider, match, from, to, calendar, organizer } = options;
  const asked = { kind, provider, texts, match, from, to, timeZone, calendar, organizer };
  checkRequest(asked, (surroundings.env[platforms[provider].env.token] ?? '') !== '');
  const request = { ...asked, from: from ?? dayIn(timeZone, systemClock.date()) };
  const sessions = await open(surroundings, [provider], options);
  const progress = startProgress(surroundings, options, (done, total) => {
    const listed = total === 0 ? '' : `, attendees of ${done} of ${total} events`;
    return `Looking for ${kind}: ${counted(sessions.requests(), 'call')}${listed}`;
  });
  let discovery: Discovery;
  try {
    const { signal, env } = surroundings;
    const tools: FindTools = {
      finder: sessions.finderOf(provider),
      begin: (id, stop) => sessions.begin(id, stop),
      readerOf: (turn) => sessions.readerOf(provider, turn),
      concurrency: options.concurrency,
      signal,
      onCounted: (done, total) => {
        progress.update(done, total);
      },
    };
    const manifests = kind === 'events' ? findManifests([], { env, unlocked: 'silent' }).desired.events : [];
    discovery = await discover(request, tools, manifests);
    // Only now are titles known that errors may quote.
    signal.throwIfAborted();
  } finally {
    progress.stop();
    await sessions.close();
  }
  const shown =
    surroundings.redactor === undefined ? discovery : withoutPeople(discovery, surroundings.redactor);
  await printFound(surroundings, shown, options, timeZone);
  printMetered(surroundings, provider, sessions.metered(provider), options);
  return tellRest(surroundings, shown, options);
}

async function discover(
  request: FindRequest,
  tools: FindTools,
  manifests: Parameters<typeof findEvents>[2],
): Promise<Discovery> {
  const { kind, provider } = request;
  switch (kind) {
    case 'calendars':
      return { kind, provider, found: await find(kind, request, tools) };
    case 'events':
      return { kind, provider, found: await findEvents(request, tools, manifests) };
    case 'people':
      return { kind, provider, found: await find(kind, request, tools) };
    case 'chats':
    case 'departments':
      return { kind, provider, found: await find(kind, request, tools) };
  }
}

async function printFound(
  { stdout, env }: Surroundings,
  discovery: Discovery,
  { format, color, organizer }: FindOptions,
  timeZone: string,
): Promise<void> {
  if (format === 'json') return print(stdout, foundJson(discovery));
  if (format === 'yaml') return print(stdout, foundYaml(discovery, organizer));
  const width = await widthFor([JSON.stringify(discovery)]);
  return print(stdout, foundText(discovery, { ...inkFor(stdout, env, color), width }, timeZone));
}

/** Says what is missing. Answers the exit code. */
function tellRest(surroundings: Surroundings, { found }: Discovery, { color, quiet }: FindOptions): number {
  for (const note of quiet === true ? [] : found.notes) surroundings.stderr.write(`note: ${visible(note)}\n`);
  for (const { query, reason } of found.missing) {
    printWarning(surroundings, `${JSON.stringify(query)} ${missingText(reason, found.complete)}`, color);
  }
  if (!found.complete) {
    const { message, hint } = found.problem;
    printError(surroundings, { message: `not everything could be read: ${message}`, hint }, color);
  }
  return found.complete && found.missing.length === 0 ? exitCodes.done : exitCodes.error;
}

function missingText(reason: Unfound['reason'], complete: boolean): string {
  if (!complete) return 'is not in the part that could be read';
  if (reason === 'not-found') return 'was not found';
  return 'is not visible to this account, but may exist';
}

/** For what has no label of its own. */
const hidden = '***';

/** What was found, without names, titles, addresses and ids of people: for a look at how much there is. */
function withoutPeople(discovery: Discovery, redactor: Redactor): Discovery {
  const { found, kind } = discovery;
  const problem = found.complete ? undefined : redactor.problem(found.problem);
  const items = found.items.map((item) => withoutNames(kind, item, redactor));
  // People who were asked for and not found are named in the words of the query.
  const missing = found.missing.map((one) => ({ ...one, query: hidden }));
  // Each item stays of the kind that it is.
  return { ...discovery, found: { ...found, items, missing, ...given({ problem }) } } as Discovery;
}

function withoutNames(kind: FindKind, item: FoundItems[FindKind], redactor: Redactor): FoundItems[FindKind] {
  if ('ids' in item) {
    const [first = ''] = Object.values(item.ids);
    const label = redactor.label({ kind: 'user', id: first });
    const ids = Object.fromEntries(
      Object.entries(item.ids).map(([type, id]) => [type, id === first ? label : hidden]),
    );
    const { email, mobile, employeeNo } = item;
    return {
      ...item,
      ids,
      name: item.name && label,
      email: email && hidden,
      mobile: mobile && hidden,
      employeeNo: employeeNo && hidden,
      asked: item.asked.map(() => label),
    };
  }
  if ('organizer' in item) {
    const { calendarId, title, organizer } = item;
    return {
      ...item,
      calendarId: redactor.calendar(calendarId),
      title: title && hidden,
      organizer: organizer && hidden,
    };
  }
  if ('title' in item) return { ...item, id: redactor.calendar(item.id), title: item.title && hidden };
  const id = kind === 'chats' ? redactor.label({ kind: 'chat', id: item.id }) : item.id;
  return { ...item, id, name: item.name && hidden };
}
