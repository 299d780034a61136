import type { AddedAttendee, Edit, RemovedRow } from '../model/edit.ts';
import type { EventRef } from '../model/event.ts';
import type { Client } from './client.ts';
import type { WireCall } from './dialect.ts';
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
  readonly unbindChat: (
    event: EventRef,
    chatId: string,
    options: WriteOptions,
    signal: AbortSignal,
  ) => Promise<void>;
  readonly deleteEvent: (event: EventRef, options: WriteOptions, signal: AbortSignal) => Promise<void>;
}

/** The requests of such a platform. Each throws `PlatformError` for what the platform cannot do. */
export interface DeltaRequests {
  readonly removal: (event: EventRef, rows: readonly RemovedRow[], options: WriteOptions) => WireCall;
  readonly addition: (
    event: EventRef,
    attendees: readonly AddedAttendee[],
    options: WriteOptions,
  ) => WireCall;
  readonly deletion: (event: EventRef, options: WriteOptions) => WireCall;
  readonly unbinding: (event: EventRef, chatId: string) => WireCall;
}

/** Makes edits of a platform's requests, each one call of a client. */
export function editByRequests(client: Client, requests: DeltaRequests): Writer['edit'] {
  const { removal, addition, deletion, unbinding } = requests;
  return editBy({
    remove: async (event, rows, options, signal) => {
      const call = removal(event, rows, options);
      const { mayStart } = options;
      await client.ask({ api: 'attendees.remove', ...call, operation: 'batch', signal, mayStart });
    },
    add: async (event, attendees, options, signal) => {
      const call = addition(event, attendees, options);
      const { mayStart } = options;
      await client.ask({ api: 'attendees.add', ...call, operation: 'batch', signal, mayStart });
    },
    deleteEvent: async (event, options, signal) => {
      const call = deletion(event, options);
      const { mayStart } = options;
      await client.ask({ api: 'event.delete', ...call, operation: 'delete', signal, mayStart });
    },
    unbindChat: async (event, chatId, { mayStart }, signal) => {
      const call = unbinding(event, chatId);
      await client.ask({ api: 'meeting-chat.unbind', ...call, operation: 'unbind', signal, mayStart });
    },
  });
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
      return calls.unbindChat(event, edit.chatId, options, signal);
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
