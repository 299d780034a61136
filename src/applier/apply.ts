import { restsOnStanding } from '../diff/leavers.ts';
import { given } from '../model/given.ts';
import type { EventPlan, Plan } from '../model/plan.ts';
import type { ApplyEvent } from '../model/result.ts';
import type { ProviderId } from '../platforms/index.ts';
import { type Beside, type Place, sideBySide } from '../providers/side-by-side.ts';
import { Standings } from '../providers/standings.ts';
import { applyEvent, needsCalls } from './apply-event.ts';
import { ResultFold, exitCodeOf } from './result-of.ts';
import type { ApplyContext, Run } from './run.ts';
import { type Emit, streamOf } from './stream.ts';

/**
 * Makes a plan so, events side by side, one batch at a time within an event. The plan is executed and never worked out
 * anew: what is already in the desired state is dropped, and nothing outside the plan is done.
 *
 * Anyone who reads the stream decides when the next step is taken: a `batch-started` that was kept, or is on disk before the
 * next item is asked for, is ahead of its call.
 */
export function apply(plan: Plan, options: ApplyContext): AsyncGenerator<ApplyEvent, void, undefined> {
  return streamOf<ApplyEvent>(async (emit) => {
    const fold = new ResultFold();
    const tell: Emit<ApplyEvent> = async (event) => {
      fold.add(event);
      await emit(event);
    };
    let batches = 0;
    const ended = new Set<ProviderId>();
    const standings =
      options.readings === undefined ? new Standings(options.organisationOf, options.signal) : undefined;
    const run: Run = {
      options,
      ...given({ standings }),
      emit: tell,
      nextBatch: () => {
        batches += 1;
        return batches;
      },
      hasEnded: (provider) => ended.has(provider),
      end: (provider) => {
        ended.add(provider);
      },
    };
    const { runId, tool, accounts, origin } = options;
    await tell({
      kind: 'run-started',
      runId,
      tool,
      accounts,
      planDigest: plan.digest ?? '',
      asOf: plan.asOf,
      events: plan.events.map(({ name }) => name),
      ...given({ origin }),
    });
    await judgeAgain(plan, run);
    await applyEvents(plan, run);
    const { events } = fold.result();
    const interrupted =
      options.signal.aborted &&
      events.some(({ outcome }) => outcome === 'interrupted' || outcome === 'not-attempted');
    const exitCode = exitCodeOf(events, { interrupted, wrote: fold.wrote });
    await tell({ kind: 'run-done', exitCode, requests: options.requests() });
  }, options.keep);
}

/** Asks once for all events about whom they would remove because they left, or add. A stop ends the asking alone. */
async function judgeAgain({ events, violations }: Plan, { standings, options }: Run): Promise<void> {
  if (standings === undefined || violations.length > 0) return;
  try {
    await standings.ask(
      events.filter(needsCalls).map((event) => [event, restsOnStanding(event.changes)] as const),
    );
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
}

async function applyEvents({ events, violations }: Plan, run: Run): Promise<void> {
  const { begin, concurrency, signal, onEvent } = run.options;
  let done = 0;
  const through = async (event: EventPlan, place: Place): Promise<void> => {
    // A tripped run guard stops all: each event is refused for it.
    const refused = violations.length > 0 ? { ...event, status: 'refused' as const, violations } : event;
    await applyEvent(refused, run, place);
    done += 1;
    onEvent?.(done, events.length);
  };
  const calls = (event: EventPlan): boolean => violations.length === 0 && needsCalls(event);
  for (const event of events) if (!calls(event)) await through(event, nowhere);
  const beside: Beside = {
    // A stop begins no more work, and each event that is left says so.
    begin: (provider, stop, subject) =>
      begin(provider, stop, subject).catch((error: unknown) => {
        if (stop.aborted) return nowhere.turn;
        throw error;
      }),
    concurrency,
    signal,
  };
  await sideBySide(events.filter(calls), (event) => event, beside, through);
}

/** The place of what makes no call. */
const nowhere: Place = { turn: { holds: () => {}, end: () => {} }, rest: (wait) => wait() };
