import type { FindKind } from '../../model/found.ts';
import { type ProviderId, platforms } from '../../platforms/index.ts';
import { UsageError } from '../usage-error.ts';

/** What is looked for, as it was asked. */
export interface FindRequest {
  readonly kind: FindKind;
  readonly provider: ProviderId;
  readonly texts: readonly string[];
  /** Only what holds this text in its title or name. */
  readonly match?: string | undefined;
  /** Days, both included, in the zone. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly timeZone: string;
  readonly calendar?: string | undefined;
  readonly organizer?: string | undefined;
}

/**
 * @param givenToken whether an access token was given: one that acts for a person says whose calendar it is
 * @throws UsageError where the platform cannot find that, or lacks what the search is bound to
 */
export function checkRequest(
  { kind, provider, calendar, organizer, from, to }: FindRequest,
  givenToken: boolean = false,
): void {
  const { title, finds, event } = platforms[provider];
  const ability = finds[kind];
  if ('cannot' in ability) {
    throw new UsageError(
      `${kind} cannot be found on ${title}: ${ability.cannot}`,
      `It finds ${abilities(provider).join(', ')}.`,
    );
  }
  const { needs } = ability;
  const of = kind === 'calendars' ? 'whose calendars they are' : 'who organizes them';
  const known = organizer !== undefined || (givenToken && event.organizer === 'subject');
  if (needs === 'organizer' && !known) {
    throw new UsageError(
      `find ${kind} --provider ${provider} needs --organizer`,
      `Give the id of the person ${of}; rollcall find people shows it.`,
    );
  }
  if (needs === 'calendar' && calendar === undefined) {
    throw new UsageError(
      `find ${kind} --provider ${provider} needs --calendar`,
      `Give the id of the calendar; rollcall find calendars shows it.`,
    );
  }
  refuse({ organizer }, needs === 'organizer', `for ${kind} on ${title}`);
  refuse({ calendar, from, to }, kind === 'events', `for ${kind}`);
  if (calendar !== undefined && calendar !== 'primary' && ability.primaryOnly === true) {
    throw new UsageError(
      `${title} finds events on the primary calendar only`,
      'Leave --calendar out, or give --calendar primary.',
    );
  }
  if (from !== undefined && to !== undefined && to < from) {
    throw new UsageError(
      'the range ends before it begins',
      `Give the earlier day first: ${to} is before ${from}.`,
    );
  }
}

function refuse(options: Readonly<Record<string, string | undefined>>, fit: boolean, where: string): void {
  const [option] = Object.entries(options).find(([, value]) => value !== undefined) ?? [];
  if (option === undefined || fit) return;
  throw new UsageError(`--${option} has no effect ${where}`, 'Leave it out.');
}

/** What can be found on a platform. */
function abilities(provider: ProviderId): string[] {
  return Object.entries(platforms[provider].finds).flatMap(([kind, one]) => ('cannot' in one ? [] : [kind]));
}
