import { describe, expect, it } from 'vitest';
import type { Selection } from '../../src/model/plan.ts';
import { selectEvents } from '../../src/run/select.ts';
import { UsageError } from '../../src/run/usage-error.ts';
import { desiredEvent } from '../support/manifest-builders.ts';

const teams = ['platform', 'platform', 'design'];
const few = ['weekly', 'monthly', 'review'].map((name, at) =>
  desiredEvent({ name, labels: { team: teams[at] ?? '', tier: '1' } }),
);

async function chosen(choice: Partial<Selection>, events = few): Promise<string[]> {
  const selection = { target: [], exclude: [], selector: [], ...choice };
  return (await selectEvents(events, selection)).map(({ name }) => name);
}

it('takes events that every selector fits', async () => {
  expect(await chosen({ selector: ['team=platform', 'tier=1'], exclude: ['month*'] })).toEqual(['weekly']);
});

describe('a choice that matches nothing is an error with the nearest name', () => {
  it.each<[string, Partial<Selection>, string]>([
    ['--target weekyl', { target: ['weekyl'] }, 'weekly'],
    ['--exclude weekyl', { exclude: ['weekyl'] }, 'weekly'],
    ['--selector team=platfrom', { selector: ['team=platfrom'] }, 'team=platform'],
  ])('%s', async (option, choice, near) => {
    const error: unknown = await chosen(choice).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({
      message: `${option} matches no event`,
      exitCode: 1,
      hint: expect.stringContaining(`Did you mean ${JSON.stringify(near)}?`),
    });
  });
});

it.each<[string, Partial<Selection>]>([
  ['--selector team=platform --selector team=design', { selector: ['team=platform', 'team=design'] }],
  ['--target review --exclude rev*', { target: ['review'], exclude: ['rev*'] }],
])('refuses options that choose nothing together: %s', async (options, choice) => {
  const error: unknown = await chosen(choice).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({ message: `no event matches ${options}`, exitCode: 1 });
});

it('names the nearest five of many', async () => {
  const many = Array.from({ length: 300 }, (_, at) => desiredEvent({ name: `event-${at}` }));
  const error: unknown = await chosen({ target: ['event-2999'] }, many).catch((reason: unknown) => reason);
  const { hint = '' } = error as UsageError;
  expect(hint).toContain('event-299');
  expect(hint).toMatch(/ and 295 more\.$/);
  expect(hint.match(/event-\d+/g)).toHaveLength(6);
});
