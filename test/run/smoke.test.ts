import { describe, expect, it } from 'vitest';
import type { Probe, SmokeAnswer, SmokeCall } from '../../src/providers/smoke.ts';
import { runSmoke, type SmokeSettings } from '../../src/run/smoke/smoke.ts';
import { PlatformError, type Writer } from '../../src/providers/provider.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const call = (api: string): SmokeCall => ({ api, method: 'GET', path: '/', operation: 'read' });
const taken: SmokeAnswer = { code: null, told: 'it was accepted', body: undefined };

/** A smoke test of these probes, and what is called, each with the time. */
function testOf(
  probes: readonly Probe[],
  more: Partial<SmokeSettings> = {},
): { readonly settings: SmokeSettings; readonly called: readonly string[] } {
  const clock = virtualClock(0);
  const called: string[] = [];
  const edit: Writer['edit'] = (_event, { kind }) => {
    called.push(`${clock.now()} ${kind}`);
    return Promise.resolve(null);
  };
  const settings: SmokeSettings = {
    bench: {
      probes: {
        make: () => call('make'),
        madeId: () => 'e1',
        probes,
        afterwards: [],
        open: { shut: 'it is' },
      },
      ask: ({ api }) => {
        called.push(`${clock.now()} ${api}`);
        return api === 'fails'
          ? Promise.reject(new PlatformError('rate', '429', 'too many'))
          : Promise.resolve(taken);
      },
    },
    // Nothing else is asked of it.
    writer: { edit } as Writer,
    event: { provider: 'feishu', calendarId: 'c' },
    people: { person: 'ou_a', address: undefined, alias: undefined, external: undefined },
    draft: { stamp: '0', title: 'test', start: 0, end: 1800 },
    clock,
    lagMs: 2000,
    timeoutMs: 1000,
    consent: () => Promise.resolve(true),
    onLeft: () => {},
    onProbe: () => {},
    signal: new AbortController().signal,
    ...more,
  };
  return { settings, called };
}

describe('a smoke test', () => {
  it('reads once what was written can be seen', async () => {
    const probe: Probe = {
      switches: ['one'],
      run: async (desk) => {
        await desk.read(call('first'));
        await desk.write('do that', call('write'));
        await desk.write('do more', call('more'));
        await desk.read(call('second'));
        await desk.read(call('third'));
        desk.note('one', 'so');
      },
    };
    const { settings, called } = testOf([probe]);
    const { notes, left, ended } = await runSmoke(settings);
    expect(called).toEqual([
      '0 make',
      '2000 first',
      '2000 write',
      '2000 more',
      '4000 second',
      '4000 third',
      '4000 delete-event',
    ]);
    expect([ended, left]).toEqual(['done', null]);
    expect([...notes]).toEqual([
      ['one', { value: 'so' }],
      ['shut', { because: 'it is' }],
    ]);
  });

  it('goes on with the next question after a call that failed, and guesses nothing', async () => {
    const asks = (api: string, name: string): Probe => ({
      switches: [name],
      run: async (desk) => {
        await desk.read(call(api));
        desk.note(name, 'so');
      },
    });
    const { settings } = testOf([asks('fails', 'one'), asks('reads', 'two')]);
    const { notes, ended } = await runSmoke(settings);
    expect(ended).toBe('done');
    expect(notes.get('one')).toEqual({ because: 'a call failed (rate)' });
    expect(notes.get('two')).toEqual({ value: 'so' });
  });

  it('cleans up after a fault of its own', async () => {
    const broken: Probe = { switches: ['one'], run: () => Promise.reject(new TypeError('a user ou_secret')) };
    const { settings, called } = testOf([broken]);
    const { failure, ended, notes } = await runSmoke(settings);
    expect(called.at(-1)).toBe('0 delete-event');
    expect([ended, failure?.message]).toEqual(['failed', 'a probe could not continue (TypeError)']);
    expect(notes.get('one')).toEqual({ because: 'it ended before' });
  });
});
