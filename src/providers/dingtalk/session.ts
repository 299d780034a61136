import { editBy } from '../delta.ts';
import { PlatformError, type Provider } from '../provider.ts';
import { providerFrom } from '../session.ts';
import { dingtalkDialect } from './dialect.ts';
import { list } from './list.ts';
import { look } from './look.ts';
import { add, deleteEvent, remove } from './write.ts';

function noMeetingChat(): Promise<never> {
  return Promise.reject(
    new PlatformError('event', 'not-supported', 'DingTalk events have no meeting chat that can be unbound', {
      hint: 'Remove meetingChat from the manifest.',
    }),
  );
}

/** DingTalk (calendar v1.0). */
export const dingtalkProvider: Provider = providerFrom(dingtalkDialect, {
  list,
  look,
  edit: (client) =>
    editBy({
      remove: (...given) => remove(client, ...given),
      add: (...given) => add(client, ...given),
      deleteEvent: (...given) => deleteEvent(client, ...given),
      unbindChat: noMeetingChat,
    }),
});
