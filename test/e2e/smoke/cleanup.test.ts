import { afterEach, describe, expect, it } from 'vitest';
import type { Fault, InterceptedCall } from '../../../src/emulator/intercept.ts';
import type { Emulator } from '../../../src/emulator/server.ts';
import { folderWith, rollcall } from '../../support/cli.ts';
import {
  beds,
  closeSmoke,
  eventsOn,
  serveSmoke,
  smoke,
  switchesIn,
  usual,
  writes,
} from '../../support/smoke.ts';

afterEach(closeSmoke);

const ids = ['feishu', 'dingtalk', 'google'] as const;

/** Does something to the nth write of a run, the first being the one that makes the event. */
function atWrite(n: number, fault: Fault): (call: InterceptedCall) => Fault | undefined {
  let count = 0;
  return ({ api, method }) => {
    const isWrite = /\.(create|insert|add|remove|delete|patch)$/.test(api) && method !== 'GET';
    count += isWrite ? 1 : 0;
    return isWrite && count === n ? fault : undefined;
  };
}

const kinds: readonly (readonly [string, Fault])[] = [
  ['is lost before it has an effect', { kind: 'reset', when: 'before' }],
  ['is lost after it had its effect', { kind: 'reset', when: 'after' }],
  [
    'is refused',
    { kind: 'answer', status: 403, body: { code: 190006, error: { errors: [{ reason: 'forbidden' }] } } },
  ],
];

describe('a smoke test of which a call goes wrong', () => {
  it.each(ids.flatMap((id) => kinds.map(([what, fault], first) => [id, what, first, fault] as const)))(
    'on %s that %s leaves nothing, and nothing that is printed is wrong',
    async (id, _what, first, fault) => {
      const all = await serveSmoke();
      await smoke(beds[id], all, '--yes');
      const count = writes(all).length;
      expect(count).toBeGreaterThan(9);
      // Each kind takes every third write, and all of them together each one; the last is the deletion.
      const turns = Array.from({ length: count - 1 }, (_, n) => n + 2);
      for (const n of turns.filter((turn) => turn === count || turn % 3 === first)) {
        const server = await serveSmoke({}, atWrite(n, fault));
        const { stdout, code } = await smoke(beds[id], server, '--yes');
        const printed = switchesIn(stdout) ?? {};
        expect(printed).toEqual(usual(Object.keys(printed)));
        const left = await eventsOn(server, beds[id]);
        // A deletion that is refused is not asked for again: then it says what is left.
        expect([left.length, code]).toEqual(left.length === 1 ? [1, 0] : [2, 4]);
        if (left.length > 1) expect([n, fault.kind]).toEqual([count, 'answer']);
      }
    },
  );

  it('finds an event again whose making was lost, where it chose its id', async () => {
    const server = await serveSmoke({}, atWrite(1, { kind: 'reset', when: 'after' }));
    const { code, stderr } = await smoke(beds.google, server, '--yes');
    expect(code).toBe(1);
    expect(stderr).not.toContain('is left');
    expect(await eventsOn(server, beds.google)).toEqual(['Sesame']);
  });

  it('deletes under the version that is there by then, where the event is changed meanwhile', async () => {
    let tries = 0;
    const conflict: Fault = {
      kind: 'answer',
      status: 412,
      body: { error: { errors: [{ reason: 'conditionNotMet' }] } },
    };
    const server = await serveSmoke({}, ({ api }) => {
      tries += api === 'google.event.delete' ? 1 : 0;
      return api === 'google.event.delete' && tries < 3 ? conflict : undefined;
    });
    expect((await smoke(beds.google, server, '--yes')).code).toBe(0);
    expect(await eventsOn(server, beds.google)).toEqual(['Sesame']);
  });

  it('says on Google what a token of one person leaves open', async () => {
    const server = await serveSmoke({}, ({ path, method }) =>
      path.startsWith('/calendar/v3/calendars/tess') && method !== 'DELETE'
        ? { kind: 'answer', status: 404, body: { error: { errors: [{ reason: 'notFound' }] } } }
        : undefined,
    );
    const { code, stdout } = await smoke(beds.google, server, '--yes');
    expect(code).toBe(0);
    expect(stdout).toContain(
      "# replyEtag: not known: the test person's calendar could not be read: it was answered with notFound",
    );
    expect(switchesIn(stdout)).toMatchObject({ rowOrder: 'sent', organizerRow: 'removed' });
  });

  it.each(['feishu', 'dingtalk'] as const)(
    'says on %s by which title an event can be found whose making was lost',
    async (id) => {
      const server = await serveSmoke({}, atWrite(1, { kind: 'reset', when: 'after' }));
      const { code, stderr } = await smoke(beds[id], server, '--yes');
      expect(code).toBe(4);
      const [, title = ''] =
        /^The test event "(.*)" of \d{4}-\d\d-\d\d 00:00 UTC may still exist\. /m.exec(stderr) ?? [];
      expect(await eventsOn(server, beds[id])).toEqual(['Sesame', title]);
    },
  );

  it('says so where no event could be made, and writes nothing else', async () => {
    const refusal: Fault = { kind: 'answer', status: 403, body: { code: 191002, msg: 'no' } };
    const server = await serveSmoke({}, atWrite(1, refusal));
    const { code, stdout, stderr } = await smoke(beds.feishu, server, '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain('the test event could not be created: it was answered with 191002');
    expect(switchesIn(stdout)).toEqual({});
    expect(writes(server)).toHaveLength(1);
  });

  it.each(ids)('prints what deletes on %s an event that could not be deleted', async (id) => {
    let healed = false;
    const server = await serveSmoke({}, ({ api, method }) =>
      !healed && method === 'DELETE' && api.endsWith('.delete')
        ? {
            kind: 'answer',
            status: 403,
            body: { code: 190006, error: { errors: [{ reason: 'forbidden' }] } },
          }
        : undefined,
    );
    const { code, stderr } = await smoke(beds[id], server, '--yes');
    expect(code).toBe(4);
    expect(await eventsOn(server, beds[id])).toHaveLength(2);
    healed = true;
    const manifest = stderr.split('\n').find((line) => line.startsWith('{')) ?? '';
    const cwd = folderWith({ 'smoke.yaml': manifest });
    const env = { ...beds[id].env(server.url), ROLLCALL_SETTLE: '0s' };
    const applied = await rollcall(['apply', 'smoke.yaml', '--auto-approve', '--quiet'], { cwd, env });
    expect(applied.code).toBe(0);
    expect(await eventsOn(server, beds[id])).toEqual(['Sesame']);
  });
});

describe('a smoke test of an event that is named', () => {
  const attendees = (server: Emulator, id: (typeof ids)[number]): readonly object[] =>
    server.attendees(beds[id].event);

  it.each(ids)('asks on %s only what can be put back, and puts it back', async (id) => {
    const server = await serveSmoke();
    const before = attendees(server, id);
    const { code, stdout } = await smoke(beds[id], server, '--yes', '--event', beds[id].event);
    expect(code).toBe(0);
    const printed = switchesIn(stdout);
    expect(printed).toEqual(usual(Object.keys(printed)));
    expect(Object.keys(printed).length).toBeGreaterThan(0);
    expect(stdout).toContain('checked only on an event created for it');
    expect(attendees(server, id)).toEqual(before);
    expect(
      writes(server).filter((api) => /create|insert|event\.delete/.test(api) && !api.includes('attendees')),
    ).toEqual([]);
  });

  it.each(ids)('puts it back on %s after a failure as well', async (id) => {
    const all = await serveSmoke();
    await smoke(beds[id], all, '--yes', '--event', beds[id].event);
    const before = attendees(all, id);
    for (let n = 1; n <= writes(all).length; n += 2) {
      const server = await serveSmoke({}, atWrite(n, { kind: 'reset', when: 'after' }));
      const { code } = await smoke(beds[id], server, '--yes', '--event', beds[id].event);
      expect([n, code, attendees(server, id)]).toEqual([n, 0, before]);
    }
  });

  it('leaves one alone that the test person is on already', async () => {
    const server = await serveSmoke();
    const args = beds.feishu.args.map((one) => (one === 'ou_tess' ? 'ou_org' : one));
    const { code, stderr } = await smoke({ ...beds.feishu, args }, server, '--yes', '--event', 'weekly_0');
    expect(code).toBe(1);
    expect(stderr).toContain('the test person of --attendee is on that event already');
    expect(writes(server)).toEqual([]);
  });

  it('says so where there is none', async () => {
    const server = await serveSmoke();
    const { code, stderr } = await smoke(beds.dingtalk, server, '--yes', '--event', 'none');
    expect(code).toBe(1);
    expect(stderr).toContain('the event of --event cannot be used');
    expect(writes(server)).toEqual([]);
  });
});
