import { isObject, textOf, type JsonObject } from '../../http/json.ts';
import type { ChatBinding } from '../../model/event.ts';
import type { Client } from '../client.ts';
import { calendarPath, dataOf } from './dialect.ts';

function rowsOf(data: unknown, name: string): readonly JsonObject[] {
  const rows = isObject(data) ? data[name] : undefined;
  return Array.isArray(rows) ? rows.filter(isObject) : [];
}

function bindingsOf(data: unknown, eventIds: readonly string[]): Map<string, ChatBinding> {
  const bound = new Map<string, string>();
  for (const row of rowsOf(data, 'meeting_chats')) {
    const eventId = textOf(row['event_id']);
    const chatId = textOf(row['meeting_chat_id']);
    if (eventId !== undefined && chatId !== undefined) bound.set(eventId, chatId);
  }
  const missed = new Set(rowsOf(data, 'failed_event_ids').map((row) => row['event_id']));
  return new Map(
    eventIds.map((eventId): [string, ChatBinding] => {
      const chatId = bound.get(eventId);
      if (chatId !== undefined) return [eventId, { state: 'bound', chatId }];
      return [eventId, { state: missed.has(eventId) ? 'unbound' : 'unknown' }];
    }),
  );
}

/**
 * Asks for the meeting chats of a calendar's events in one call. No page documents this call, only the platform's own
 * command line makes it, so every refusal and every answer of another shape means no more than "cannot tell".
 */
export async function meetingChats(
  client: Client,
  calendarId: string,
  eventIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ChatBinding>> {
  const { body } = await client.ask({
    api: 'meeting-chat.find',
    method: 'POST',
    path: `${calendarPath(calendarId)}/events/mget_meeting_chat`,
    body: { json: { event_ids: eventIds } },
    operation: 'read',
    signal,
  });
  return bindingsOf(dataOf(body), eventIds);
}
