import { describe, expect, it } from 'vitest';

import { dataOf, rowsOf, serve } from './client.ts';
import { asApp, june as now, organisation } from './organisation.ts';

const chats = '/open-apis/im/v1/chats';

describe('chats', () => {
  it('are listed where the app is inside', async () => {
    const reply = await asApp(await serve(organisation()), 'GET', chats);
    expect(rowsOf(reply).map((row) => [row['chat_id'], row['name'], row['chat_status']])).toEqual([
      ['oc_platform', 'Platform chat', 'normal'],
    ]);
  });

  it('tell how many are in them, also from outside', async () => {
    const emulator = await serve(organisation(), { now });
    expect(dataOf(await asApp(emulator, 'GET', `${chats}/oc_platform`))).toMatchObject({
      user_count: '3',
      bot_count: '1',
    });
    expect(dataOf(await asApp(emulator, 'GET', `${chats}/oc_closed`))).toMatchObject({
      user_count: '1',
      bot_count: '0',
    });
  });

  it('list who is in them, in the kind of id that is asked for, with their number', async () => {
    const emulator = await serve(organisation(), { now });
    const reply = await asApp(emulator, 'GET', `${chats}/oc_platform/members?member_id_type=union_id`);
    expect(rowsOf(reply).map((row) => [row['member_id'], row['member_id_type'], row['name']])).toEqual([
      ['on_li', 'union_id', '李四 Li Si'],
      ['on_anna', 'union_id', 'Anna'],
      ['on_stranger', 'union_id', 'ou_stranger'],
    ]);
    expect([dataOf(reply)['member_total'], dataOf(reply)['has_more']]).toEqual([3, false]);
  });

  it.each([
    ['never', [2, 1]],
    ['shorter', [1, 1, 1]],
    ['longer', [3]],
    ['first-empty', [0, 2, 1]],
  ])('have pages of members as long as unevenPages: %s says', async (uneven, sizes) => {
    const emulator = await serve(organisation(`behaviour: { unevenPages: ${uneven} }`), { now });
    const seen: number[] = [];
    let token = '';
    do {
      const reply = await asApp(emulator, 'GET', `${chats}/oc_platform/members?page_size=2${token}`);
      seen.push(rowsOf(reply).length);
      token = dataOf(reply)['has_more'] === true ? `&page_token=${String(dataOf(reply)['page_token'])}` : '';
    } while (token !== '');
    expect(seen).toEqual(sizes);
  });

  it.each([
    [`${chats}/oc_closed/members`, 'all', 232011],
    [`${chats}/oc_none/members`, 'all', 232006],
    [`${chats}/oc_none`, 'all', 232006],
    [`${chats}/oc_platform/members?page_size=101`, 'all', 232001],
    [`${chats}/oc_platform/members?member_id_type=x`, 'all', 232001],
    [chats, 'mute', 232025],
    [chats, 'nothing', 99991672],
  ])('answer %s of %s with %i', async (path, app, code) => {
    const reply = await asApp(await serve(organisation()), 'GET', path, {}, app);
    expect([reply.status, reply.body['code']]).toEqual([400, code]);
  });
});
