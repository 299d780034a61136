import { apply } from '../../src/applier/apply.ts';
import { ResultFold } from '../../src/applier/result-of.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import type { Result } from '../../src/model/result.ts';
import { type PlanRun, planEvents } from '../../src/planner/plan-events.ts';
import { platforms } from '../../src/platforms/index.ts';
import type { Session } from '../../src/providers/provider.ts';
import type { Beside } from '../../src/providers/side-by-side.ts';
import { providerOf } from '../../src/providers/registry.ts';
import { newWorld, optionsOf, users, wanted } from '../applier/scenario.ts';
import { context } from '../planner/run.ts';
import { type Far, FarPlatform } from './far-platform.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';

/** Plans and applies against a platform that is far away, in virtual time. */
export interface FarScene {
  readonly clock: VirtualClock;
  readonly platform: FarPlatform;
  readonly plan: () => Promise<PlanRun>;
  readonly apply: (run: PlanRun, how?: 'fresh' | 'saved') => Promise<Result>;
}

/** `count` events that each lose the last of their attendees. */
function losing(count: number, attendees: number): DesiredEvent[] {
  const stay = Array.from({ length: attendees - 1 }, (_, index) => `ou_${index + 1}`);
  return users('', count).map((_, index) => wanted(`e${index}`, stay));
}

export async function farScene(
  events: number,
  far: Partial<Far> = {},
  concurrency: number = Number.POSITIVE_INFINITY,
): Promise<FarScene> {
  const clock = virtualClock();
  const platform = new FarPlatform(clock, far);
  const provider = await providerOf('feishu');
  const session: Session = provider.session(
    {
      provider: 'feishu',
      baseUrl: 'https://far.example',
      appId: 'cli_far',
      appSecret: 'secret',
      accessToken: null,
    },
    { transport: platform, clock, windows: platforms.feishu.windows, timeoutMs: 60_000 },
  );
  const { signal } = new AbortController();
  const beside: Beside = { begin: (_, stop) => session.begin(stop), concurrency, signal };
  const desired = { asOf: '2026-01-01', events: losing(events, far.attendees ?? 3) };
  return {
    clock,
    platform,
    plan: () =>
      planEvents(
        desired,
        context(
          {},
          {
            ...beside,
            readerOf: (_, turn) => session.reader(turn),
            requests: () => session.requests,
            maxRemovals: events,
          },
        ),
      ),
    apply: async ({ plan, readings }, how = 'fresh') => {
      const fold = new ResultFold();
      const options = optionsOf(
        { ...newWorld(), clock },
        {
          ...beside,
          writerOf: (_, turn) => session.writer(turn),
          requests: () => session.requests,
          ...(how === 'fresh' ? { readings } : {}),
        },
      );
      for await (const item of apply(plan, options)) fold.add(item);
      return fold.result();
    },
  };
}
