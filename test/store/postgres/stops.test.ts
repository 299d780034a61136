import { expect, it } from 'vitest';
import { root } from '../../support/cli.ts';
import { freshDatabase, noPostgres, postgresBin } from '../../support/postgres.ts';
import { stopHolders } from '../../support/stops.ts';

if (postgresBin() === null) console.warn(noPostgres);

it.skipIf(postgresBin() === null)(
  'a holder that is stopped for longer than its lease writes nothing when it goes on, and the next one takes over',
  async () => {
    const { late, takeovers } = await stopHolders(root, await freshDatabase(), 5);
    expect(late).toBe(0);
    expect(takeovers).toHaveLength(5);
  },
);
