import { describe, expect, it } from 'vitest';

import { ask, googleError, rowsOf, serve } from './client.ts';

const tenant = `
tokens: [u-test]
people:
  - { name: Li Si, openId: ou_1, email: lisi@corp.com, employeeNo: '7', mobile: '+86138' }
  - { name: Ann Lee, google: ann@corp.com, email: ann@private.org }
  - { name: Gone Guy, google: gone@corp.com, left: 2024-01-01 }
google:
  domains: [corp.com]
  aliases: { li.si@corp.com: lisi@corp.com }
  groups:
    - { email: all@corp.com, name: All, members: [lisi@corp.com, sub@corp.com, x@else.org] }
    - { email: sub@corp.com, members: [ann@corp.com, all@corp.com, lisi@corp.com] }
  rooms: [{ email: c_1@resource.calendar.google.com, name: One }]
  calendars: [{ id: lead@corp.com, events: [{ id: g1, attendees: [{ generate: 3, email: "p{}@corp.com", name: "P {}" }] }] }]
`;
const users = '/admin/directory/v1/users';

describe('the Directory API', () => {
  it('knows a user by any address and by the id', async () => {
    const emulator = await serve(tenant);
    const { body } = await ask(emulator, 'GET', `${users}/LiSi%40corp.com`);
    expect(body).toMatchObject({
      primaryEmail: 'lisi@corp.com',
      name: { fullName: 'Li Si', givenName: 'Li', familyName: 'Si' },
      suspended: false,
      aliases: ['li.si@corp.com'],
      externalIds: [{ value: '7' }],
    });
    for (const key of ['li.si@corp.com', String(body['id'])]) {
      expect((await ask(emulator, 'GET', `${users}/${encodeURIComponent(key)}`)).body).toEqual(body);
    }
    for (const key of ['who@corp.com', 'x@else.org', 'all@corp.com', 'ann@private.org']) {
      const reply = await ask(emulator, 'GET', `${users}/${key}`);
      expect([reply.status, googleError(reply)]).toMatchObject([
        404,
        { reason: 'notFound', message: 'Resource Not Found: userKey' },
      ]);
    }
  });

  it.each([
    ['suspended', 200],
    ['absent', 404],
  ])('has who has left as the switch says (%s)', async (leftUser, status) => {
    const emulator = await serve(`behaviour: { leftUser: ${leftUser} }\n${tenant}`);
    const reply = await ask(emulator, 'GET', `${users}/gone@corp.com`);
    expect([reply.status, reply.body['suspended']]).toEqual([status, status === 200 ? true : undefined]);
  });

  it.each([
    ['', ['lisi', 'ann', 'gone', 'p1', 'p2', 'p3', 'lead']],
    ['email:p*', ['p1', 'p2', 'p3']],
    ['email=li.si@corp.com', ['lisi']],
    ["name:'ann lee'", ['ann']],
    ['familyName:le*', ['ann']],
    ['externalId=7', ['lisi']],
    ['isSuspended=true', ['gone']],
    ['lee', ['ann']],
    ['isSuspended=false lee', ['ann']],
  ])('finds users by %j', async (query, found) => {
    const emulator = await serve(tenant);
    const emails: unknown[] = [];
    for (let token = ''; ;) {
      const at = `${users}?customer=my_customer&maxResults=3&query=${encodeURIComponent(query)}${token}`;
      const page = await ask(emulator, 'GET', at);
      emails.push(...rowsOf(page, 'users').map(({ primaryEmail }) => primaryEmail));
      const { nextPageToken: next } = page.body;
      if (typeof next !== 'string') break;
      token = `&pageToken=${next}`;
    }
    expect(emails).toEqual(found.map((name) => `${name}@corp.com`));
  });

  it('needs to be told of which organisation, and a condition that it knows', async () => {
    const emulator = await serve(tenant);
    expect(await ask(emulator, 'GET', users)).toMatchObject({ status: 400 });
    expect(await ask(emulator, 'GET', `${users}?domain=corp.com&query=colour:red`)).toMatchObject({
      status: 400,
    });
    expect((await ask(emulator, 'GET', `${users}?domain=else.org`)).body).not.toHaveProperty('users');
  });

  it('lists the members of a group, and of those inside it, each once', async () => {
    const emulator = await serve(tenant);
    const members = '/admin/directory/v1/groups/ALL%40corp.com/members';
    expect(rowsOf(await ask(emulator, 'GET', members), 'members')).toMatchObject([
      { email: 'lisi@corp.com', type: 'USER', role: 'MEMBER', status: 'ACTIVE' },
      { email: 'sub@corp.com', type: 'GROUP' },
      { email: 'x@else.org', type: 'USER' },
    ]);
    const derived = await ask(emulator, 'GET', `${members}?includeDerivedMembership=true&maxResults=2`);
    const rest = await ask(
      emulator,
      'GET',
      `${members}?includeDerivedMembership=true&maxResults=2&pageToken=${String(derived.body['nextPageToken'])}`,
    );
    const emails = [derived, rest].flatMap((page) => rowsOf(page, 'members').map(({ email }) => email));
    expect(emails).toEqual(['lisi@corp.com', 'sub@corp.com', 'ann@corp.com', 'all@corp.com']);
    const group = await ask(emulator, 'GET', '/admin/directory/v1/groups/all@corp.com');
    expect(group.body).toMatchObject({ email: 'all@corp.com', name: 'All', directMembersCount: '3' });
    expect(await ask(emulator, 'GET', '/admin/directory/v1/groups/lisi@corp.com/members')).toMatchObject({
      status: 404,
    });
  });

  it('lists the rooms', async () => {
    const emulator = await serve(tenant);
    const rooms = await ask(emulator, 'GET', '/admin/directory/v1/customer/my_customer/resources/calendars');
    expect(rowsOf(rooms)).toMatchObject([
      { resourceEmail: 'c_1@resource.calendar.google.com', resourceName: 'One' },
    ]);
  });

  it('answers administrators alone where the tenant file has them', async () => {
    const emulator = await serve(
      tenant.replace('google:\n', 'google:\n  admins: [root@corp.com]\n  subject: lead@corp.com\n'),
    );
    const reply = await ask(emulator, 'GET', `${users}/lisi@corp.com`);
    expect([reply.status, googleError(reply)]).toMatchObject([
      403,
      { reason: 'forbidden', message: 'Not Authorized to access this resource/api' },
    ]);
  });
});
