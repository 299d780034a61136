import { apply } from '../../src/applier/apply.ts';
import { ResultFold } from '../../src/applier/result-of.ts';
import { createLimiter } from '../../src/http/quota.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import type { Result } from '../../src/model/result.ts';
import { applyForecast } from '../../src/run/apply-forecast.ts';
import { type Forecast, planForecast } from '../../src/run/forecast.ts';
import { type PlanRun, planEvents } from '../../src/planner/plan-events.ts';
import { type ProviderId, platforms } from '../../src/platforms/index.ts';
import type { Session } from '../../src/providers/provider.ts';
import type { Beside } from '../../src/providers/side-by-side.ts';
import { providerOf } from '../../src/providers/registry.ts';
import { newWorld, onDingTalk, optionsOf, wanted, wantedAttendee } from '../applier/scenario.ts';
import { context } from '../planner/run.ts';
import { type Far, FarPlatform, narrowed } from './far-platform.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';

/** Plans and applies against a platform that is far away, in virtual time. */
export interface FarScene {
  readonly clock: VirtualClock;
  readonly platform: FarPlatform;
  readonly plan: () => Promise<PlanRun>;
  readonly apply: (run: PlanRun, how?: 'fresh' | 'saved') => Promise<Result>;
  /** How long the work at hand still takes; null where nothing can be said. */
  readonly leftMs: () => number | null;
}

/** `count` events that each lose the last of their attendees. */
function losing(count: number, attendees: Far['attendees']): DesiredEvent[] {
  // Events that want as many share their list, as those of one roster do.
  const lists = new Map<number, DesiredEvent['attendees']>();
  return Array.from({ length: count }, (_, index) => {
    const stay = attendees(index) - 1;
    const list =
      lists.get(stay) ?? Array.from({ length: stay }, (__, user) => wantedAttendee(`ou_${user + 1}`));
    lists.set(stay, list);
    return { ...wanted(`e${index}`, null), attendees: list };
  });
}

/** The same event on Google, in the calendar of that person. */
function onGoogle(event: DesiredEvent, organizer: string): DesiredEvent {
  const attendees = (event.attendees ?? []).map((_, user) => ({
    ...wantedAttendee(`ou_${user + 1}`),
    type: 'email' as const,
    id: `ou_${user + 1}@corp.com`,
  }));
  const { eventId } = event.ref;
  return { ...event, attendees, ref: { provider: 'google', calendarId: 'primary', eventId, organizer } };
}

async function sessionOn(
  id: NonNullable<Far['provider']>,
  transport: FarPlatform,
  clock: VirtualClock,
  narrower: number,
): Promise<Session> {
  const windows = narrowed(platforms[id].windows, narrower);
  return (await providerOf(id)).session(
    {
      provider: id,
      baseUrl: 'https://far.example',
      appId: 'cli_far',
      appSecret: 'secret',
      accessToken: id === 'google' ? 'given' : null,
    },
    { transport, clock, limiter: createLimiter(windows, clock), timeoutMs: 60_000 },
  );
}

/** `onFeishu`: so many events there beside those on another platform. */
export async function farScene(
  events: number,
  far: Partial<Far> = {},
  concurrency: number = Number.POSITIVE_INFINITY,
  organizer: (index: number) => string = () => 'lead@corp.com',
  onFeishu: number = 0,
): Promise<FarScene> {
  const clock = virtualClock();
  const platform = new FarPlatform(clock, far);
  const { provider: id = 'feishu', narrower = 1 } = far;
  const session = await sessionOn(id, platform, clock, narrower);
  const feishu =
    onFeishu === 0
      ? session
      : await sessionOn('feishu', new FarPlatform(clock, { narrower }), clock, narrower);
  const sessionOf = (on: ProviderId): Session => (on === id ? session : feishu);
  const { signal } = new AbortController();
  const beside: Beside = {
    begin: (one, stop, subject) => sessionOf(one).begin(stop, subject),
    concurrency,
    signal,
  };
  const on = {
    feishu: (event: DesiredEvent) => event,
    dingtalk: onDingTalk,
    google: (event: DesiredEvent, index: number) => onGoogle(event, organizer(index)),
  };
  const own = losing(events, far.attendees ?? (() => 3)).map(on[id]);
  const others = losing(onFeishu, () => 3).map((event) => ({ ...event, name: `feishu-${event.name}` }));
  const desired = { asOf: '2026-01-01', events: [...own, ...others] };
  const course = { pace: (one: ProviderId) => sessionOf(one).pace, concurrency };
  let forecast: Forecast | null = null;
  return {
    leftMs: () => forecast?.leftMs() ?? null,
    clock,
    platform,
    plan: () => {
      const planning = planForecast(desired.events, course);
      forecast = planning;
      return planEvents(
        desired,
        context(
          {},
          {
            ...beside,
            readerOf: (one, turn) => sessionOf(one).reader(turn),
            requests: (one) => sessionOf(one).requests,
            maxRemovals: desired.events.length,
            onKnown: (known) => {
              planning.knows(known);
            },
            onEvent: (_, __, event) => {
              planning.done(event);
            },
          },
        ),
      );
    },
    apply: async ({ plan, readings }, how = 'fresh') => {
      const fold = new ResultFold();
      const lagMs = (one: ProviderId): number => platforms[one].reads.lagMs;
      const applying = applyForecast(plan, {
        ...course,
        clock,
        lagMs,
        rereads: how === 'saved',
        verify: true,
      });
      forecast = applying;
      const options = optionsOf(
        { ...newWorld(), clock },
        {
          ...beside,
          lagMs,
          writerOf: (one, turn) => sessionOf(one).writer(turn),
          requests: () => session.requests,
          ...(how === 'fresh' ? { readings } : {}),
        },
      );
      for await (const item of apply(plan, options)) {
        applying.hear(item);
        fold.add(item);
      }
      return fold.result();
    },
  };
}
