import type { EventPlan } from '../../src/model/plan.ts';
import { systemClock } from '../../src/http/clock.ts';
import { createTransport } from '../../src/http/undici-transport.ts';
import type { ApplyEvent } from '../../src/model/result.ts';
import { StoreLeases } from '../../src/run/leases.ts';
import { storeAddress } from '../../src/store/postgres/address.ts';
import { connect } from '../../src/store/postgres/connect.ts';
import { storeJournal } from '../../src/store/postgres/journal.ts';
import { take } from '../../src/store/postgres/leases.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { beginRun } from '../../src/store/postgres/runs.ts';

/**
 * A process that writes to one event whenever it holds it, run after run: `stops.ts` starts some of these, and stops them.
 * Its writes say whose they are and under which epoch.
 */
const address = storeAddress(process.env);
if (address === null) throw new RangeError('no store is named');
const store = connect(address);
await migrate(store);
const transport = createTransport();
const { signal } = new AbortController();
const ttlMs = Number(process.env['TTL_MS']);
/** How long a call may go on, in milliseconds. */
const callMs = Number(process.env['CALL_MS']);

const event = { name: 'weekly', provider: 'feishu', calendarId: 'cal', eventId: 'weekly_0' } as const;
const attendees = [{ type: 'user', id: 'ou_a', optional: false }] as const;

for (let count = 1; ; count += 1) await hold(`${process.pid}-${count}`).catch(() => {});

async function hold(id: string): Promise<void> {
  const facts = { id, kind: 'apply', accounts: {}, origin: {}, plan: '', callMs } as const;
  const run = await beginRun(store, facts, { clock: systemClock, ttlMs });
  const leases = new StoreLeases({
    clock: systemClock,
    waitMs: Number.POSITIVE_INFINITY,
    keyOf: () => 'weekly',
    take: (key) => take(run, key),
    mayStart: () => run.mayStart(),
    lagMs: () => 0,
    plan: '',
    origin: {},
    plannedAt: undefined,
  });
  const journal = storeJournal(
    run,
    () => leases.heldBy(event),
    () => Date.now(),
  );
  try {
    // Of an event leases need to know which one it is.
    const lease = await leases.acquire(event as unknown as EventPlan, (ms) => systemClock.sleep(ms), signal);
    if ('outcome' in lease) return;
    const epoch = leases.heldBy(event)?.epoch ?? 0;
    for (let batch = 1; ; batch += 1) {
      const started: ApplyEvent = {
        kind: 'batch-started',
        event,
        action: 'add',
        batch,
        notify: false,
        attendees,
      };
      await journal.appendAll([started]);
      await transport.send({
        api: 'test',
        method: 'POST',
        url: `${process.env['PLATFORM']}/?pid=${process.pid}&epoch=${epoch}`,
        headers: {},
        body: '{}',
        signal,
        kind: 'write',
        timeoutMs: callMs,
        attempt: 1,
        mayStart: () => lease.mayStart(),
      });
      await journal.appendAll([{ kind: 'batch-done', name: 'weekly', batch, outcome: 'done' }]);
    }
  } finally {
    await run.end(null);
  }
}
