import type { TenantDingtalkAttendee } from '../tenant.ts';

/** An attendee of a DingTalk event, by unionId. Rows are never changed, only replaced. */
export interface DingtalkRow {
  readonly id: string;
  readonly name: string | null;
  readonly optional: boolean;
  readonly reply: 'needsAction' | 'accepted' | 'declined' | 'tentative';
}

/** The rows that an event of the tenant file starts with, `generate` carried out. */
export function startingDingtalkRows(given: readonly TenantDingtalkAttendee[]): readonly DingtalkRow[] {
  return given.flatMap((row) =>
    Array.from({ length: row.generate ?? 1 }, (_, index) => {
      const fill = (text: string): string =>
        row.generate === undefined ? text : text.replaceAll('{}', String(index + 1));
      return {
        id: fill(row.user),
        name: row.name === undefined ? null : fill(row.name),
        optional: row.optional ?? false,
        reply: row.rsvp ?? 'needsAction',
      };
    }),
  );
}
