import { describe, expect, it } from 'vitest';

import { ask, dataOf, rowsOf, serve, type Reply } from './client.ts';
import { asApp, june as now, organisation, partlyHidden } from './organisation.ts';

const departments = '/open-apis/contact/v3/departments';
const inside = '/open-apis/contact/v3/users/find_by_department';
const scopes = '/open-apis/contact/v3/scopes';
const ids = (reply: Reply): readonly unknown[] => rowsOf(reply).map((row) => row['open_department_id']);

describe('departments', () => {
  it('are listed right below one, or all below it, with how many people they have', async () => {
    const emulator = await serve(organisation(), { now });
    expect(ids(await asApp(emulator, 'GET', `${departments}/0/children`))).toEqual([
      'od-platform',
      'od-empty',
    ]);
    const deep = await asApp(emulator, 'GET', `${departments}/0/children?fetch_child=true`);
    expect(
      rowsOf(deep).map((row) => [
        row['open_department_id'],
        row['parent_department_id'],
        row['member_count'],
      ]),
    ).toEqual([
      ['od-platform', '0', 3],
      ['od-infra', 'od-platform', 2],
      ['od-empty', '0', 0],
    ]);
    expect(rowsOf(deep)[0]).toMatchObject({
      name: '平台组 Platform',
      department_id: 'platform',
      status: { is_deleted: false },
    });
  });

  it('count memberships where they are told to', async () => {
    const emulator = await serve(organisation('behaviour: { memberCount: memberships }'), { now });
    expect(rowsOf(await asApp(emulator, 'GET', `${departments}/0/children`))[0]?.['member_count']).toBe(4);
  });

  it('tell no count without the permission for it', async () => {
    const reply = await asApp(await serve(organisation()), 'GET', `${departments}/0/children`, {}, 'bare');
    expect(rowsOf(reply)[0]).not.toHaveProperty('member_count');
  });

  it('outside what the app may see are left out of a list, refused by name, and keep the root from it', async () => {
    const emulator = await serve(partlyHidden(), { now });
    const codes = [];
    for (const id of ['0', 'od-board', 'od-under']) {
      const reply = await asApp(emulator, 'GET', `${departments}/${id}/children?fetch_child=true`);
      codes.push([reply.status, reply.body['code']]);
    }
    expect(codes).toEqual([
      [403, 40004],
      [403, 40004],
      [403, 40004],
    ]);
    const query =
      'department_ids=od-board&department_ids=od-open&department_ids=od-platform&department_ids=od-none';
    expect(ids(await asApp(emulator, 'GET', `${departments}/batch?${query}`))).toEqual([
      'od-open',
      'od-platform',
    ]);
    const user = await ask(emulator, 'GET', `${departments}/0/children`);
    expect(ids(user)).toContain('od-board');
  });

  it.each([
    [`${departments}/od-none/children`, 'invalid', 400, 43007],
    [`${departments}/od-none/children`, 'hidden', 403, 40004],
    [`${departments}/platform/children?department_id_type=department_id`, 'invalid', 200, 0],
    [`${departments}/platform/children`, 'invalid', 400, 43007],
    [`${departments}/0/children?page_size=51`, 'invalid', 400, 40011],
    [`${departments}/0/children?page_token=x`, 'invalid', 400, 40012],
    [`${departments}/0/children?department_id_type=x`, 'invalid', 400, 40001],
    [`${departments}/batch`, 'invalid', 400, 40001],
    [inside, 'invalid', 400, 40001],
    [`${inside}?department_id=od-none`, 'invalid', 403, 40004],
    [`${inside}?department_id=0&page_size=51`, 'invalid', 400, 40011],
  ])('answer %s (unknownDepartment: %s) with HTTP %i and code %i', async (path, unknown, status, code) => {
    const emulator = await serve(organisation(`behaviour: { unknownDepartment: ${unknown} }`));
    const reply = await asApp(emulator, 'GET', path);
    expect([reply.status, reply.body['code']]).toEqual([status, code]);
  });

  it('are found by name for users alone', async () => {
    const emulator = await serve(organisation());
    const given = { body: { query: 'PLAT' } };
    expect(ids(await ask(emulator, 'POST', `${departments}/search`, given))).toEqual(['od-platform']);
    expect((await asApp(emulator, 'POST', `${departments}/search`, given)).body['code']).toBe(99991668);
  });
});

describe('the people of a department', () => {
  const names = (reply: Reply): readonly unknown[] => rowsOf(reply).map((row) => row['name']);

  it('are those right in it who have not left', async () => {
    const emulator = await serve(organisation(), { now });
    expect(names(await asApp(emulator, 'GET', `${inside}?department_id=od-platform`))).toEqual([
      '李四 Li Si',
      'Anna',
    ]);
    expect(names(await asApp(emulator, 'GET', `${inside}?department_id=od-infra`))).toEqual([
      'Anna',
      'Leaving',
    ]);
    expect(names(await asApp(emulator, 'GET', `${inside}?department_id=0`))).toEqual(['Top', 'ou_stranger']);
  });

  it('are only those whom the app may see', async () => {
    const emulator = await serve(partlyHidden(), { now });
    expect((await asApp(emulator, 'GET', `${inside}?department_id=od-board`)).body['code']).toBe(40004);
    expect(names(await ask(emulator, 'GET', `${inside}?department_id=od-board`))).toEqual(['Board', 'Guest']);
  });

  it('come in pages of ten', async () => {
    const people = Array.from(
      { length: 25 },
      (_, index) => `\n  - { openId: ou_p${String(index)}, departments: [od-empty] }`,
    );
    const emulator = await serve(organisation('', people.join('')), { now });
    const sizes: number[] = [];
    let token = '';
    do {
      const reply = await asApp(emulator, 'GET', `${inside}?department_id=od-empty${token}`);
      sizes.push(rowsOf(reply).length);
      token = dataOf(reply)['has_more'] === true ? `&page_token=${String(dataOf(reply)['page_token'])}` : '';
    } while (token !== '');
    expect(sizes).toEqual([10, 10, 5]);
  });
});

describe('what an app may see', () => {
  it('is the topmost departments and whoever is in none of them', async () => {
    const whole = await asApp(await serve(organisation(), { now }), 'GET', scopes);
    expect(dataOf(whole)).toEqual({
      department_ids: ['od-platform', 'od-empty'],
      user_ids: ['ou_top', 'ou_stranger'],
      group_ids: [],
      has_more: false,
    });
    const part = await asApp(await serve(partlyHidden(), { now }), 'GET', scopes);
    expect(dataOf(part)).toMatchObject({
      department_ids: ['od-platform', 'od-empty', 'od-open'],
      user_ids: ['ou_top', 'ou_guest', 'ou_stranger'],
    });
    expect((await ask(await serve(organisation()), 'GET', scopes)).body['code']).toBe(99991668);
  });
});
