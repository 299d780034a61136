import type { AddedAttendee, Edit, RemovedRow } from '../model/edit.ts';
import type { EventRef } from '../model/event.ts';
import type { WriteOptions, Writer } from './provider.ts';

/** The writes of a platform of style `delta`. Each rejects with `PlatformError`. */
export interface DeltaCalls {
  readonly remove: (
    event: EventRef,
    rows: readonly RemovedRow[],
    options: WriteOptions,
    signal: AbortSignal,
  ) => Promise<void>;
  readonly add: (
    event: EventRef,
    attendees: readonly AddedAttendee[],
    options: WriteOptions,
    signal: AbortSignal,
  ) => Promise<void>;
  readonly unbindChat: (event: EventRef, chatId: string, signal: AbortSignal) => Promise<void>;
  readonly deleteEvent: (event: EventRef, options: WriteOptions, signal: AbortSignal) => Promise<void>;
}

/** Makes edits of calls that do one thing each. They stand on no basis and tell nothing of the event. */
export function editBy(calls: DeltaCalls): Writer['edit'] {
  return async (event, edit, _basis, options, signal) => {
    await send(calls, event, edit, options, signal);
    return null;
  };
}

function send(
  calls: DeltaCalls,
  event: EventRef,
  edit: Edit,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<void> {
  switch (edit.kind) {
    case 'delete-event':
      return calls.deleteEvent(event, options, signal);
    case 'unbind-chat':
      return calls.unbindChat(event, edit.chatId, signal);
    case 'attendees': {
      const { remove, add, set } = edit;
      // Two calls would be two answers, and the caller could not tell which half was taken.
      if (set.length > 0 || (remove.length > 0 && add.length > 0)) {
        return Promise.reject(new RangeError('an edit of this platform is a removal or an addition'));
      }
      if (remove.length > 0) return calls.remove(event, remove, options, signal);
      return add.length > 0 ? calls.add(event, add, options, signal) : Promise.resolve();
    }
  }
}
