import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { choices } from '../../../src/emulator/behaviour.ts';
import { parseTenant } from '../../../src/emulator/tenant.ts';
import {
  beds,
  calls,
  closeSmoke,
  deletions,
  eventsOn,
  hidden,
  serveSmoke,
  smoke,
  switchesIn,
  usual,
} from '../../support/smoke.ts';

afterEach(closeSmoke);

const ids = ['feishu', 'lark', 'dingtalk', 'google'] as const;
type Id = (typeof ids)[number];

/** What a run finds out where nothing stands in the way of anything. */
const found: Readonly<Record<Id, readonly (keyof typeof choices)[]>> = {
  feishu: [
    'addExternal',
    'cancelledListed',
    'capCode',
    'createAnswers',
    'duplicateAdd',
    'emptyBatch',
    'largePage',
    'mgetMeetingChat',
    'readdRemoved',
    'removedRows',
    'tenantEmail',
    'unknownAttendee',
    'unknownContact',
    'unknownDepartment',
    'unknownUser',
  ],
  get lark() {
    return this.feishu;
  },
  dingtalk: [
    'clientTokenReplay',
    'clientTokenReuse',
    'deletedEvent',
    'duplicateAdd',
    'emptyBatch',
    'foreignCalendar',
    'legacyTypes',
    'organizerListed',
    'removeOrganizer',
    'unknownAttendee',
    'unknownUser',
  ],
  google: [
    'addressCase',
    'aliasListed',
    'aliasSwap',
    'duplicateRows',
    'guestWords',
    'hiddenGuests',
    'nonOrganizer',
    'organizerRow',
    'replyEtag',
    'rowOrder',
    'unknownUser',
  ],
};

/** What hides another switch, by how it is set. */
const hides: Readonly<Record<string, string>> = {
  'removedRows vanish': 'readdRemoved',
  'organizerListed never': 'removeOrganizer',
};
/** What shows another one. */
const shows: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'addExternal added': { removeExternal: 'removed' },
};

const flips = ids.flatMap((id) =>
  found[id].flatMap((name) => {
    const [values]: readonly [readonly string[], string] = choices[name];
    return values.slice(1).map((value) => [id, name, value] as const);
  }),
);

describe('smoke', () => {
  it.each(ids)('prints for %s the switches of a server that has them all as usual', async (id) => {
    const server = await serveSmoke();
    const { code, stdout, stderr } = await smoke(beds[id], server, '--yes');
    expect(code).toBe(0);
    expect(switchesIn(stdout)).toEqual(usual(found[id]));
    expect(calls(server).length).toBeLessThanOrEqual(25);
    expect(await eventsOn(server, beds[id])).toEqual(['Sesame']);
    for (const text of hidden) expect(stdout + stderr).not.toContain(text);
  });

  it.each(flips)('prints for %s that %s is %s', async (id, name, value) => {
    const server = await serveSmoke({ [name]: value });
    const { code, stdout } = await smoke(beds[id], server, '--yes');
    const key = `${name} ${value}`;
    const names = found[id].filter((one) => one !== hides[key]);
    expect(switchesIn(stdout)).toEqual({ ...usual(names), [name]: value, ...shows[key] });
    expect(code).toBe(0);
    expect(await eventsOn(server, beds[id])).toEqual(['Sesame']);
  });

  it.each(['removed', 'refused'])(
    'prints that removeExternal is %s, once somebody could be added',
    async (value) => {
      const server = await serveSmoke({ addExternal: 'added', removeExternal: value });
      const { stdout } = await smoke(beds.feishu, server, '--yes');
      expect(switchesIn(stdout)).toMatchObject({ addExternal: 'added', removeExternal: value });
    },
  );

  it.each([
    ['any', 'any'],
    ['primary', undefined],
  ])(
    'prints of a calendar that is not primary whether its meeting chats are told: %s',
    async (value, printed) => {
      const server = await serveSmoke({ meetingChatCalendar: value });
      const bed = {
        ...beds.feishu,
        args: beds.feishu.args.map((one) => (one === 'own@corp' ? 'team@corp' : one)),
      };
      const { meetingChatCalendar } = switchesIn((await smoke(bed, server, '--yes')).stdout);
      expect(meetingChatCalendar).toBe(printed);
    },
  );

  it.each(['feishu', 'dingtalk', 'google'] as const)(
    'never prints for %s what is not so, however the switches are set together',
    async (id) => {
      const settings = fc.record(
        Object.fromEntries(
          Object.entries(choices).map(([name, [values]]) => [name, fc.constantFrom<string>(...values)]),
        ),
      );
      await fc.assert(
        fc.asyncProperty(settings, async (behaviour) => {
          const server = await serveSmoke(behaviour);
          const { stdout, code } = await smoke(beds[id], server, '--yes');
          expect(behaviour).toMatchObject(switchesIn(stdout));
          expect(code).toBe(0);
          expect(deletions(server)).toEqual([true]);
          await closeSmoke();
        }),
        { numRuns: 4 },
      );
    },
  );

  it.each(ids)('prints for %s what a tenant file takes as it is', async (id) => {
    const server = await serveSmoke();
    const { stdout } = await smoke(beds[id], server, '--yes');
    expect(parseTenant(stdout, 'smoke.yaml').behaviour).toEqual(switchesIn(stdout));
  });

  it.each(['feishu', 'dingtalk', 'google'] as const)(
    'says of every switch of %s what it is, or why not',
    async (id) => {
      const folder = join('src/emulator', id);
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
        file.endsWith('.ts'),
      );
      const source = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
      const own = Object.keys(choices).filter((name) => new RegExp(`\\b${name}\\b(?!\\()`).test(source));
      const server = await serveSmoke();
      const { stdout } = await smoke(beds[id], server, '--yes');
      const told = [...stdout.matchAll(/^ {2}(?:# )?(\w+): /gm)].map(([, name]) => name);
      expect(new Set(told)).toEqual(new Set(own));
    },
  );
});
