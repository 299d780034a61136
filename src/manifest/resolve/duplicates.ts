import { errorAt, placeText, type Report } from '../diagnostics.ts';
import type { EventManifest, Manifest } from '../manifest.ts';
import type { ReadManifest } from '../read/read-manifests.ts';

/** Manifests of one kind by name, the first of each; reports the others. */
export function reportDuplicateNames<M extends Manifest>(
  manifests: readonly ReadManifest<M>[],
  report: Report,
): ReadonlyMap<string, ReadManifest<M>> {
  const first = new Map<string, ReadManifest<M>>();
  for (const read of manifests) {
    const { kind, metadata } = read.manifest;
    const other = first.get(metadata.name);
    if (other === undefined) {
      first.set(metadata.name, read);
      continue;
    }
    const place = placeText(other.locate(other.manifest.metadata, 'name'));
    const message = `the ${kind} ${JSON.stringify(metadata.name)} is defined twice: also at ${place}`;
    report(errorAt(read.locate(metadata, 'name'), 'duplicate-name', message, 'rename one of the two'));
  }
  return first;
}

/** The Events that name a platform event which an Event before them names already; reports them. */
export function reportDuplicateEvents(
  events: readonly ReadManifest<EventManifest>[],
  report: Report,
): ReadonlySet<ReadManifest<EventManifest>> {
  const first = new Map<string, ReadManifest<EventManifest>>();
  const repeated = new Set<ReadManifest<EventManifest>>();
  for (const event of events) {
    const key = platformEventOf(event.manifest);
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, event);
      continue;
    }
    repeated.add(event);
    const { name } = other.manifest.metadata;
    const place = placeText(other.locate(other.manifest.spec, 'eventId'));
    const message = `the Event ${JSON.stringify(name)} at ${place} already manages this platform event; only one Event may`;
    const source = event.locate(event.manifest.spec, 'eventId');
    report(errorAt(source, 'duplicate-event', message, 'keep one of the two, or correct the id'));
  }
  return repeated;
}

function platformEventOf({ spec }: EventManifest): string {
  const { provider, calendarId = 'primary', organizer = '', eventId, admin } = spec;
  return JSON.stringify([provider, calendarId, organizer, eventId, admin?.instanceStartTime ?? '']);
}
