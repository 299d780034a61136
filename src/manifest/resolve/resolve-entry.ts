import { addressOf, type Attendee } from '../../model/attendee.ts';
import type { AttendeeType } from '../../model/platform.ts';
import { diagnosticOf, type Source } from '../../model/diagnostic.ts';
import { plain, quoted, say, who } from '../../model/say.ts';
import { platforms } from '../../platforms/index.ts';
import { errorAt, placeText, type Report } from '../diagnostics.ts';
import type { ReferenceKind } from '../manifest.ts';
import { type IdKind, idFault, kindText, notTaken } from '../ids.ts';
import { type Person, personId } from './people.ts';

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
  if (kind === 'person') return resolvePerson(people.get(id), idKind, source, report);
  if (!platforms[idKind.provider].event.attendees.includes(kind)) {
    const { message, hint } = notTaken(kind, idKind.provider);
    const found = say`${plain(kind)} ${quoted(kind, id)} cannot be on this event: ${message}`;
    report(errorAt(source, 'not-allowed', found, hint));
    return null;
  }
  if (!checkId(kind, id, idKind, source, report)) return null;
  return { type: kind, id: kind === 'email' ? addressOf(id) : id };
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
  const message = say`${who('user', person.handle)} has no ${kindText(idKind)} in its Directory (${place})`;
  report(errorAt(source, 'no-id', message, say`add the id at ${place}, or remove the person here`));
  return null;
}

/** Whether an id can be of the type, and of the kind that the event uses; reports what speaks against it. */
export function checkId(
  type: AttendeeType,
  id: string,
  idKind: IdKind,
  source: Source,
  report: Report,
): boolean {
  const fault = idFault(type, id, idKind);
  if (fault === null) return true;
  const { severity, code, message, hint } = fault;
  report(diagnosticOf({ severity, code, message, hint, source }));
  return severity === 'warning';
}
