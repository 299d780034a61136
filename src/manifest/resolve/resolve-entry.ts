import { type Attendee, foreignIdType } from '../../model/attendee.ts';
import type { Source } from '../../model/diagnostic.ts';
import { platforms } from '../../platforms/index.ts';
import { errorAt, placeText, type Report } from '../diagnostics.ts';
import type { ReferenceKind } from '../manifest.ts';
import { type IdKind, kindText, type Person, personId, withArticle } from './people.ts';

/** What an entry names, save a roster. */
export interface AttendeeReference {
  readonly kind: Exclude<ReferenceKind, 'roster'>;
  readonly id: string;
}

/**
 * The attendee that an entry names for events of one kind of id, or `null` where there is none; why is reported at
 * the entry.
 */
export function resolveEntry(
  { kind, id }: AttendeeReference,
  idKind: IdKind,
  people: ReadonlyMap<string, Person>,
  source: Source,
  report: Report,
): Attendee | null {
  switch (kind) {
    case 'person':
      return resolvePerson(people.get(id), idKind, source, report);
    case 'user':
      return checkUserId(id, idKind, source, report) ? { type: 'user', id } : null;
    case 'chat':
    case 'room':
    case 'email':
      if (platforms[idKind.provider].event.attendees.includes(kind)) {
        return { type: kind, id: kind === 'email' ? id.toLowerCase() : id };
      }
      report(
        errorAt(
          source,
          'not-allowed',
          `${kind} ${JSON.stringify(id)} cannot be on a DingTalk event, and one of them uses this roster`,
          'keep chats, rooms and addresses in rosters that only Feishu and Lark events use',
        ),
      );
      return null;
  }
}

function resolvePerson(
  person: Person | undefined,
  idKind: IdKind,
  source: Source,
  report: Report,
): Attendee | null {
  if (person === undefined || person.broken) return null;
  const id = personId(person, idKind);
  if (id !== undefined) return { type: 'user', id };
  const place = placeText(person.source);
  const message = `${person.handle} has no ${kindText(idKind)} in its Directory (${place})`;
  report(errorAt(source, 'no-id', message, `add the id at ${place}, or take the person out here`));
  return null;
}

/**
 * Whether an id can be of the kind that the event uses. Under `user_id` another prefix is a warning alone: for users
 * of another tenant the platform answers an open_id or union_id whatever was asked for.
 */
export function checkUserId(id: string, idKind: IdKind, source: Source, report: Report): boolean {
  const { provider, userIdType } = idKind;
  const shown = foreignIdType(provider, userIdType, id);
  if (shown === null) return true;
  const message = `${JSON.stringify(id)} has the prefix of ${withArticle(shown)}, and the event uses ${userIdType}`;
  if (userIdType === 'user_id') {
    const hint = 'it can match a user of another tenant only; for others give the user_id';
    report({ ...errorAt(source, 'foreign-id-type', message, hint), severity: 'warning' });
    return true;
  }
  report(
    errorAt(source, 'foreign-id-type', message, `give the ${userIdType}, or write \`userIdType: ${shown}\``),
  );
  return false;
}
