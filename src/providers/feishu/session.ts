import { editByRequests } from '../delta.ts';
import type { Provider } from '../provider.ts';
import { providerFrom } from '../session.ts';
import { feishuDialect } from './dialect.ts';
import { finds } from './find/find.ts';
import { list } from './list.ts';
import { look } from './look.ts';
import { meetingChats } from './meeting-chats.ts';
import { addition, deletion, removal, unbinding } from './write.ts';

/** Feishu, and Lark: the same API on another host with accounts of its own. */
export const feishuProvider: Provider = providerFrom(feishuDialect, {
  list,
  look,
  meetingChats,
  finds,
  edit: (client) => editByRequests(client, { removal, addition, deletion, unbinding }),
});
