import type { Attendee, DesiredAttendee, ObservedAttendee } from './attendee.ts';

/** A row of a listing, as a removal names it. */
export type RemovedRow = Pick<ObservedAttendee, 'type' | 'id' | 'attendeeId'>;

/** Somebody to invite. */
export type AddedAttendee = Pick<DesiredAttendee, 'type' | 'id' | 'optional'> & {
  /** Who answers for this room; else the event's `roomContact`. */
  readonly operateId?: string;
};

/** Somebody who stays, with another optional flag. */
export type FlagChange = Pick<Attendee, 'type' | 'id'> & { readonly optional: boolean };

/**
 * What one request can do to an event. Where attendees are removed and added by calls of their own (style `delta`) it
 * is a removal or an addition within the platform's caps; where the list is replaced (style `whole`) it is all of them
 * at once.
 */
export type Edit =
  | {
      readonly kind: 'attendees';
      readonly remove: readonly RemovedRow[];
      readonly add: readonly AddedAttendee[];
      /** Only where a flag can be set in place. */
      readonly set: readonly FlagChange[];
      /** Who is given back the reply that an answer to a write was without. */
      readonly replies?: readonly RemovedRow[];
    }
  | { readonly kind: 'unbind-chat'; readonly chatId: string }
  | { readonly kind: 'delete-event' };
