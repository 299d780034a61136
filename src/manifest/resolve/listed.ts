import type { Identity } from '../../model/attendee.ts';
import { plain, quoted, say } from '../../model/say.ts';
import { placeText, type Report, warningAt } from '../diagnostics.ts';
import { type Entry, referenceOf } from '../manifest.ts';
import { mentionKind } from '../mentions.ts';
import type { Locate } from '../read/places.ts';

/** The attendees that one list names itself, each by its first entry. */
export type Listed = Map<Identity, Entry>;

/** The name in the comment behind an entry, without what `import` adds to it. */
export function nameIn(remark: string | undefined): string | undefined {
  const name = remark
    ?.replace(/\s*\(from another tenant\)$/, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 100);
  return name === '' ? undefined : name;
}

/** Warns of somebody who is twice in one list. Where the two differ in `optional`, that is said elsewhere. */
export function reportTwice(first: Entry, second: Entry, locate: Locate, report: Report): void {
  if ((first.optional === true) !== (second.optional === true)) return;
  const [one, other] = [referenceOf(first), referenceOf(second)];
  const place = placeText(locate(first));
  const message =
    one.kind === other.kind && one.id === other.id
      ? say`${plain(other.kind)} ${quoted(mentionKind(other.kind), other.id)} is in this list twice: also at ${place}`
      : say`${plain(other.kind)} ${quoted(mentionKind(other.kind), other.id)} is the same attendee as ${plain(one.kind)} ${quoted(mentionKind(one.kind), one.id)} at ${place}`;
  report(warningAt(locate(second), 'listed-twice', message, say`keep one of the two`));
}
