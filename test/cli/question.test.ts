import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { confirm } from '../../src/cli/execute.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import { eventPlan, plan, removal, user } from '../support/plans.ts';

/** Somebody at a terminal, who types this after the question was asked. */
function somebody(types: string | null, signal: AbortSignal): { around: Surroundings; said: () => string } {
  let said = '';
  const stdin = new PassThrough();
  const around: Surroundings = {
    env: {},
    // A stream that can be read is all that is needed of it.
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: { write: () => true },
    stderr: {
      write: (text) => {
        said += text;
        if (types === null) stdin.end();
        else stdin.write(types);
      },
    },
    signal,
  };
  return { around, said: () => said };
}

describe('the question', () => {
  const never = new AbortController().signal;
  const removing = plan([eventPlan('weekly', { changes: [removal(user('ou_b'))] })]);

  it('goes the way of all that is said on stderr, and yes is the answer', async () => {
    const { around, said } = somebody('yes\n', never);
    await confirm(around, removing);
    expect(said()).toContain('Type "yes" to apply: ');
  });

  it.each(['y\n', 'YES\n', '\n', null])('takes %j for no', async (types) => {
    const { around } = somebody(types, never);
    await expect(confirm(around, removing)).rejects.toThrow('not applied');
  });
});
