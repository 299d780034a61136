import type { TenantChat } from '../organisation.ts';
import { param, type Answer, type Call, type Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { userIdTypeOf } from './access.ts';
import { FeishuRefusal, success } from './answer.ts';
import { pageOf, type PageTerms } from './page.ts';
import type { FeishuPerson } from './people.ts';
import { nameOf } from './users.ts';
import { feishuOf } from './world.ts';

const terms: PageTerms = {
  least: 1,
  usual: 20,
  most: 100,
  badSize: 232001,
  badToken: 232001,
  expired: 232001,
};
const tenantKey = 'tenant_demo';

/**
 * A page of the chats that the caller is in: 1 to 100, 20 unless asked for otherwise.
 * https://open.feishu.cn/document/server-docs/group/chat/list
 */
export function listChats(call: Call, context: Context, caller: Caller): Answer {
  userIdTypeOf(call, 232001);
  requireChatBot(caller);
  const inside = [...feishuOf(context.world).chats.values()].filter(({ bot }) => bot !== false);
  const { items, more } = pageOf(inside, call, context, terms);
  return success({
    items: items.map(({ id, name = '' }) => ({
      chat_id: id,
      avatar: '',
      name,
      description: '',
      external: false,
      tenant_key: tenantKey,
      chat_status: 'normal',
    })),
    ...more,
  });
}

/**
 * A chat itself, also one that the caller is not in.
 * https://open.feishu.cn/document/server-docs/group/chat/get-2
 */
export function getChat(call: Call, context: Context, caller: Caller): Answer {
  userIdTypeOf(call, 232001);
  requireChatBot(caller);
  const chat = chatOf(call, context);
  return success({
    name: chat.name ?? '',
    description: '',
    external: false,
    tenant_key: tenantKey,
    user_count: String(membersOf(chat, context).length),
    bot_count: chat.bot === false ? '0' : '1',
    chat_status: 'normal',
  });
}

/**
 * A page of the people in a chat that the caller is in, without bots: 1 to 100, 20 unless asked for otherwise.
 * https://open.feishu.cn/document/server-docs/group/chat-member/get
 */
export function listChatMembers(call: Call, context: Context, caller: Caller): Answer {
  const type = userIdTypeOf(call, 232001, 'member_id_type');
  requireChatBot(caller);
  const chat = chatOf(call, context);
  if (chat.bot === false) throw new FeishuRefusal(232011);
  const members = membersOf(chat, context);
  const { items, more } = pageOf(members, call, context, { ...terms, uneven: true });
  return success({
    items: items.map((person) => ({
      member_id_type: type,
      member_id: person.ids[type],
      name: nameOf(person),
      tenant_key: tenantKey,
    })),
    member_total: members.length,
    ...more,
  });
}

function requireChatBot(caller: Caller): void {
  if (!caller.bot) throw new FeishuRefusal(232025);
}

function chatOf(call: Call, context: Context): TenantChat {
  const chat = feishuOf(context.world).chats.get(param(call, 'chatId'));
  if (chat === undefined) throw new FeishuRefusal(232006);
  return chat;
}

/** Anyone who leaves the organisation leaves its chats. */
function membersOf({ members }: TenantChat, context: Context): readonly FeishuPerson[] {
  return feishuOf(context.world).people.present(members, context.now);
}
