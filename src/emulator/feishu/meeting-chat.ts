import { objectOf, textsOf } from '../body.ts';
import type { Answer, Call, Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import type { FeishuCalendar } from './world.ts';
import { eventOf, liveContent, readableCalendar, writableCalendar } from './access.ts';
import { FeishuRefusal, notFound, success } from './answer.ts';
import { seriesIdOf } from './occurrence.ts';

/**
 * Takes the meeting chat off an event; the caller owns the chat, the calendar is the caller's own.
 * https://open.feishu.cn/document/calendar-v4/calendar-event-meeting_chat/delete
 */
export function deleteMeetingChat(call: Call, context: Context, caller: Caller): Answer {
  const chatId = call.query.get('meeting_chat_id') ?? '';
  if (chatId === '') throw new FeishuRefusal(190002, 'meeting_chat_id is missing');
  const calendar = writableCalendar(call, context, caller);
  if (!mayHoldChats(calendar, context)) throw new FeishuRefusal(191004);
  const event = eventOf(call, context, calendar);
  const content = liveContent(event);
  if (content.chat === null || content.chat.id !== chatId) throw new FeishuRefusal(195108);
  if (!content.chat.owner) throw new FeishuRefusal(195107);
  context.world.commit(event, { ...content, chat: null }, context.now);
  return success();
}

/**
 * Which events have a meeting chat. No API page describes this call; it is served as the platform's own command line
 * tool uses it (https://github.com/larksuite/cli), on the primary calendar alone.
 */
export function mgetMeetingChat(call: Call, context: Context): Answer {
  if (context.behaviour.mgetMeetingChat === 'not-found') return notFound();
  const ids = textsOf(objectOf(call.body), 'event_ids');
  const calendar = readableCalendar(call, context);
  if (
    context.behaviour.mgetMeetingChat === 'refused' ||
    !mayHoldChats(calendar, context) ||
    ids.length === 0
  ) {
    throw new FeishuRefusal(190002);
  }
  const found = ids.map((id) => ({ id, chat: chatOf(calendar, id, context) }));
  return success({
    meeting_chats: found.flatMap(({ id, chat }) =>
      chat === undefined ? [] : [{ event_id: id, meeting_chat_id: chat }],
    ),
    failed_event_ids: found.flatMap(({ id, chat }) =>
      chat === undefined ? [{ event_id: id, fail_msg: 'meeting chat not found' }] : [],
    ),
  });
}

function mayHoldChats(calendar: FeishuCalendar, context: Context): boolean {
  return calendar.type === 'primary' || context.behaviour.meetingChatCalendar === 'any';
}

/** A series and its occurrences share one chat. */
function chatOf(calendar: FeishuCalendar, id: string, context: Context): string | undefined {
  const event = calendar.events.get(id) ?? calendar.events.get(seriesIdOf(id) ?? '');
  const content = event?.content.seen(context.now);
  return content === undefined || content.cancelled ? undefined : content.chat?.id;
}
