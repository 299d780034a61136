import { type DeltaCalls, editBy } from '../delta.ts';
import {
  PlatformError,
  type Account,
  type Provider,
  type Reader,
  type Reads,
  type Session,
  type SessionOptions,
  type Writer,
} from '../provider.ts';
import { createClient } from './client.ts';
import { list } from './list.ts';
import { look } from './look.ts';
import { add, deleteEvent, remove } from './write.ts';

function openSession(account: Account, options: SessionOptions): Session {
  const client = createClient(account, options);
  const reads: Reads = {
    attendees: (event, signal) => list(client, event, signal),
    facts: (event, signal) => look(client, event, signal),
  };
  const reader: Reader = Object.freeze({
    read: (event, want, signal) => reads[want](event, signal),
    meetingChats: (_calendarId, eventIds) =>
      Promise.resolve(new Map(eventIds.map((eventId) => [eventId, { state: 'unknown' }]))),
  } satisfies Reader);
  const calls: DeltaCalls = {
    remove: (event, batch, options, signal) => remove(client, event, batch, options, signal),
    add: (event, batch, options, signal) => add(client, event, batch, options, signal),
    deleteEvent: (event, options, signal) => deleteEvent(client, event, options, signal),
    unbindChat: () =>
      Promise.reject(
        new PlatformError(
          'event',
          'not-supported',
          'DingTalk events have no meeting chat that can be unbound',
          {
            hint: 'Take meetingChat out of the manifest.',
          },
        ),
      ),
  };
  const writer: Writer = Object.freeze({ ...reader, ...calls, edit: editBy(calls) } satisfies Writer);
  return {
    get requests() {
      return client.requests;
    },
    reader: () => reader,
    writer: () => writer,
  };
}

/** DingTalk (calendar v1.0). */
export const dingtalkProvider: Provider = { id: 'dingtalk', session: openSession };
