import type { Behaviour } from '../behaviour.ts';
import { textOf } from '../body.ts';
import type { Call, Context } from '../route.ts';
import { GoogleRefusal, wrongParameter } from './answer.ts';
import { actingOf } from './access.ts';
import { domainOf } from './people.ts';
import type { Caller } from '../tokens.ts';
import { googlePart } from './tenant.ts';
import { googleOf, type GoogleContent, type GoogleEvent, type GoogleMail, type GoogleRow } from './world.ts';

/** Domains of Google's own, whose users have its calendar without an organisation. */
const consumers = new Set(['gmail.com', 'googlemail.com']);

/** Who is told of a change: `all`, `externalOnly` or `none`, which is also what is taken where nothing is said. */
export function sendUpdatesOf({ query }: Call): 'all' | 'externalOnly' | 'none' {
  const value = query.get('sendUpdates') ?? 'none';
  if (value !== 'all' && value !== 'externalOnly' && value !== 'none') throw wrongParameter('sendUpdates');
  return value;
}

/** Records who is notified of what became of an event. Guests added as `accepted` are not notified. */
export function tell(
  event: GoogleEvent,
  before: readonly GoogleRow[],
  after: GoogleContent,
  moved: boolean,
  call: Call,
  context: Context,
): void {
  const google = googleOf(context.world);
  const named = (rows: readonly GoogleRow[]): Set<string> =>
    new Set(rows.map(({ email }) => google.people.resolve(email)));
  const [were, are] = [named(before), named(after.cancelled ? [] : after.rows)];
  const accepted = named(after.rows.filter(({ reply }) => reply === 'accepted'));
  const mails = (about: GoogleMail['about'], to: readonly string[]): readonly GoogleMail[] =>
    to
      .filter((address) => isTold(address, sendUpdatesOf(call), context))
      .map((address) => ({ eventId: event.id, to: address, about }));
  google.mails.push(
    ...mails(
      'invitation',
      [...are].filter((one) => !were.has(one) && !accepted.has(one)),
    ),
    ...mails(
      'cancellation',
      [...were].filter((one) => !are.has(one)),
    ),
    ...(moved
      ? mails(
          'update',
          [...are].filter((one) => were.has(one)),
        )
      : []),
  );
}

function isTold(
  address: string,
  updates: 'all' | 'externalOnly' | 'none',
  { world, behaviour }: Context,
): boolean {
  if (updates !== 'externalOnly') return updates === 'all';
  return googleOf(world).people.isOutside(address) && !isGoogleUser(address, behaviour);
}

function isGoogleUser(address: string, { externalOnly }: Behaviour): boolean {
  return externalOnly === 'without-google' && consumers.has(domainOf(address));
}

/** Counts the guests from outside whom a user invites; over the limit, the call is refused for hours. */
export function countInvited(
  before: readonly GoogleRow[],
  after: readonly GoogleRow[],
  context: Context,
  caller: Caller,
): void {
  const { externalGuests: most } = googlePart(context.world.tenant);
  if (most === undefined) return;
  const { people, invited } = googleOf(context.world);
  const were = new Set(before.map(({ email }) => people.resolve(email)));
  const added = after.filter(({ email }) => people.isOutside(email) && !were.has(people.resolve(email)));
  if (added.length === 0) return;
  const user = actingOf(caller, context).subject ?? '';
  const count = (invited.get(user) ?? 0) + added.length;
  if (count > most) throw new GoogleRefusal('quotaExceeded');
  invited.set(user, count);
}

/** Refuses a write whose `If-Match` is not what the event has. */
export function checkMatch(call: Call, etag: string): void {
  const wanted = textOf(call.headers, 'if-match');
  if (wanted === undefined || wanted === '*') return;
  const tags = wanted.split(',').map((tag) => tag.trim());
  if (!tags.includes(etag)) throw new GoogleRefusal('conditionNotMet');
}
