import { type DeltaCalls, editBy } from '../delta.ts';
import type { Account, Provider, Reader, Reads, Session, SessionOptions, Writer } from '../provider.ts';
import { createClient } from './client.ts';
import { list } from './list.ts';
import { look } from './look.ts';
import { meetingChats } from './meeting-chats.ts';
import { add, deleteEvent, remove, unbindChat } from './write.ts';

function openSession(account: Account, options: SessionOptions): Session {
  const client = createClient(account, options);
  const reads: Reads = {
    attendees: (event, signal) => list(client, event, signal),
    facts: (event, signal) => look(client, event, signal),
  };
  const reader: Reader = Object.freeze({
    read: (event, want, signal) => reads[want](event, signal),
    meetingChats: (calendarId, eventIds, signal) => meetingChats(client, calendarId, eventIds, signal),
  } satisfies Reader);
  const calls: DeltaCalls = {
    remove: (event, batch, options, signal) => remove(client, event, batch, options, signal),
    add: (event, batch, options, signal) => add(client, event, batch, options, signal),
    deleteEvent: (event, options, signal) => deleteEvent(client, event, options, signal),
    unbindChat: (event, chatId, signal) => unbindChat(client, event, chatId, signal),
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

/** Feishu, or Lark: the same API on another host with accounts of its own. */
export function feishuProvider(id: 'feishu' | 'lark'): Provider {
  return { id, session: openSession };
}
