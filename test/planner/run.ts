import type { DesiredEvent } from '../../src/model/event.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { ProviderId } from '../../src/platforms/index.ts';
import { type PlanContext, type PlanRun, planEvents } from '../../src/planner/plan-events.ts';
import { desiredEvent, policy, ref, wanted } from '../support/manifest-builders.ts';
import { roomForAll } from '../support/turns.ts';
import { FakeReader, type Shown } from './fake-reader.ts';

/** The fake platforms of a run. */
export type Readers = Partial<Record<ProviderId, FakeReader>>;

/** What planning is handed: 5 calls were made before, all else is ordinary. */
export function context(readers: Readers, more: Partial<PlanContext> = {}): PlanContext {
  return {
    begin: roomForAll,
    readerOf: (provider) => {
      const reader = readers[provider];
      if (reader === undefined) throw new RangeError(`no reader for ${provider}`);
      return reader;
    },
    requests: (provider) => (readers[provider]?.calls.length ?? 0) + 5,
    accounts: { feishu: { host: 'open.feishu.cn', appId: 'cli_demo' } },
    policy: policy(),
    selection: { target: [], exclude: [], selector: [] },
    maxRemovals: 1000,
    concurrency: 8,
    rereads: true,
    tool: { name: 'rollcall', version: '0.1.0' },
    createdAt: '2026-11-20T08:00:00Z',
    diagnostics: [],
    signal: new AbortController().signal,
    ...more,
  };
}

/** An event whose platform event has its name. */
export function named(name: string, more: Partial<DesiredEvent> = {}): DesiredEvent {
  return desiredEvent({ name, ref: ref({ eventId: name }), ...more });
}

/** Plans events of Feishu against what a fake platform shows. */
export async function planned(
  events: readonly DesiredEvent[],
  shown: Readonly<Record<string, Shown>>,
  more: Partial<PlanContext> = {},
): Promise<PlanRun & { readonly reader: FakeReader }> {
  const reader = new FakeReader(shown);
  const run = await planEvents({ asOf: '2026-11-20', events }, context({ feishu: reader }, more));
  return { ...run, reader };
}

/** Each event's status in a word: `weekly changed`. */
export function statuses({ events }: Plan): string[] {
  return events.map(({ name, status }) => `${name} ${status}`);
}

/** Wants the users that `rows(2)` shows. */
export const wantsTwo: Pick<DesiredEvent, 'attendees'> = { attendees: [wanted('ou_1'), wanted('ou_2')] };
