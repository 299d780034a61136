import { describe, expect, it } from 'vitest';

import type { Fault, InterceptedCall } from '../../src/emulator/intercept.ts';
import type { Emulator } from '../../src/emulator/server.ts';
import { ask, feishuEvent, feishuTenant, serve, type Reply } from './client.ts';

const tenant = feishuTenant('{ id: e_0, attendees: [{ user: ou_a }, { user: ou_b }] }');
const body = { delete_ids: [{ type: 'user', user_id: 'ou_a' }] };
const path = `${feishuEvent('e_0')}/attendees/batch_delete`;
const remove = (emulator: Emulator): Promise<Reply> => ask(emulator, 'POST', path, { body });
const withFault = (fault: Fault): Promise<Emulator> => serve(tenant, { intercept: () => fault });

describe('scripted faults', () => {
  it('see the call before anything is done', async () => {
    const seen: InterceptedCall[] = [];
    const emulator = await serve(tenant, {
      intercept: (call) => {
        seen.push(call);
        return undefined;
      },
    });
    await remove(emulator);
    await ask(emulator, 'GET', `${feishuEvent('e_0')}/attendees?page_size=50`);
    await remove(emulator);
    expect(seen.map(({ api, count }) => [api, count])).toEqual([
      ['feishu.attendees.delete', 1],
      ['feishu.attendees.list', 1],
      ['feishu.attendees.delete', 2],
    ]);
    expect(seen[0]).toMatchObject({ method: 'POST', path, body, query: {} });
    expect(seen[1]?.query).toEqual({ page_size: '50' });
    expect(JSON.stringify(seen)).not.toContain('u-test');
  });

  it.each([
    ['before', 2],
    ['after', 1],
  ] as const)('answer something else %s the effect', async (when, left) => {
    const emulator = await withFault({
      kind: 'answer',
      when,
      status: 502,
      body: '<html>',
      headers: { 'x-a': 'b' },
    });
    const reply = await remove(emulator);
    expect([reply.status, reply.text, reply.headers.get('x-a')]).toEqual([502, '<html>', 'b']);
    expect(emulator.attendees('e_0')).toHaveLength(left);
    expect(emulator.requests[0]?.status).toBe(502);
  });

  it('answer a body that is no string as JSON', async () => {
    const reply = await remove(await withFault({ kind: 'answer', status: 500, body: { code: 190003 } }));
    expect(reply.body).toEqual({ code: 190003 });
  });

  it.each([
    ['before', 2],
    ['after', 1],
  ] as const)('cut the connection %s the effect', async (when, left) => {
    const emulator = await withFault({ kind: 'reset', when });
    await expect(remove(emulator)).rejects.toThrow('fetch failed');
    expect(emulator.attendees('e_0')).toHaveLength(left);
    expect(emulator.requests[0]?.status).toBeNull();
  });

  it('hang until the client or the server gives up', async () => {
    const emulator = await withFault({ kind: 'hang', when: 'after' });
    const call = remove(emulator).catch((error: unknown) => error);
    while (emulator.attendees('e_0').length > 1) await new Promise((resolve) => setImmediate(resolve));
    await emulator.close();
    expect(await call).toBeInstanceOf(TypeError);
  });

  it('change the usual answer', async () => {
    const emulator = await withFault({
      kind: 'rewrite',
      rewrite: (answer) => ({ ...answer, body: answer.body.replace('success', 'changed') }),
    });
    expect((await remove(emulator)).body['msg']).toBe('changed');
  });

  it('let something else happen first', async () => {
    let others = 0;
    const emulator = await withFault({ kind: 'run', run: () => void (others += 1) });
    expect((await remove(emulator)).status).toBe(200);
    expect(others).toBe(1);
  });
});

describe('the wire', () => {
  it('listens on loopback alone and answers over one connection', async () => {
    const emulator = await serve(tenant);
    expect(emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await remove(emulator)).headers.get('connection')).toBe('keep-alive');
  });

  it('refuses a body that is too large', async () => {
    const emulator = await serve(tenant);
    const reply = await ask(emulator, 'POST', path, { raw: `"${'x'.repeat(4 * 1024 * 1024)}"` });
    expect(reply.status).toBe(413);
  });

  it('wants JSON to be called JSON', async () => {
    const emulator = await serve(tenant);
    const reply = await ask(emulator, 'POST', path, { body, headers: { 'content-type': 'text/plain' } });
    expect(reply.body['code']).toBe(190002);
  });

  it('answers with an error of its own when the state cannot be written', async () => {
    const emulator = await serve(tenant, { state: '/nonexistent/state.json' });
    const reply = await remove(emulator);
    expect([reply.status, reply.text]).toEqual([500, expect.stringContaining('emulator: ')]);
  });
});
