import pLimit from 'p-limit';
import type { Plan } from '../model/plan.ts';
import type { ApplyEvent } from '../model/result.ts';
import { applyEvent } from './apply-event.ts';
import { ResultFold, exitCodeOf } from './result-of.ts';
import type { ApplyContext, Run } from './run.ts';
import { type Emit, streamOf } from './stream.ts';

/**
 * Makes a plan so, events side by side, one batch at a time within an event. The plan is executed and never worked out
 * anew: what is so already is dropped, and nothing outside the plan is done.
 *
 * Whoever reads the stream decides when the next step is taken: a `batch-started` that is on disk before the next item
 * is asked for is ahead of its call.
 */
export function apply(plan: Plan, options: ApplyContext): AsyncGenerator<ApplyEvent, void, undefined> {
  return streamOf<ApplyEvent>(async (emit) => {
    const fold = new ResultFold();
    const tell: Emit<ApplyEvent> = async (event) => {
      fold.add(event);
      await emit(event);
    };
    let batches = 0;
    let ended = false;
    const run: Run = {
      options,
      emit: tell,
      nextBatch: () => {
        batches += 1;
        return batches;
      },
      get ended() {
        return ended;
      },
      end: () => {
        ended = true;
      },
    };
    const { runId, tool, accounts } = options;
    await tell({
      kind: 'run-started',
      runId,
      tool,
      accounts,
      planDigest: plan.digest ?? '',
      asOf: plan.asOf,
      events: plan.events.map(({ name }) => name),
    });
    const limit = pLimit(options.concurrency);
    let done = 0;
    await Promise.all(
      plan.events.map((event) =>
        limit(async () => {
          // A tripped run guard stops all: each event is refused for it.
          const refused =
            plan.violations.length > 0
              ? { ...event, status: 'refused' as const, violations: plan.violations }
              : event;
          await applyEvent(refused, run);
          done += 1;
          options.onEvent?.(done, plan.events.length);
        }),
      ),
    );
    const { events } = fold.result();
    const interrupted =
      options.signal.aborted &&
      events.some(({ outcome }) => outcome === 'interrupted' || outcome === 'not-attempted');
    const exitCode = exitCodeOf(events, { interrupted, wrote: fold.wrote });
    await tell({ kind: 'run-done', exitCode, requests: options.requests() });
  });
}
