import type { PlanAccount } from '../../src/model/plan.ts';
import type { ApplyEvent } from '../../src/model/result.ts';
import type { JournalSink } from '../../src/run/apply.ts';
import type { Sessions } from '../../src/run/sessions.ts';
import { type World, organisationIn, platformIn } from '../applier/scenario.ts';
import { noPace, roomForAll } from '../support/turns.ts';
import type { Effect } from '../support/model-calls.ts';

/** What a run is handed where its platforms are models, and what is seen of it. */

export const platformIds = ['feishu', 'dingtalk'] as const;

export const modelAccounts: Readonly<Record<(typeof platformIds)[number], PlanAccount>> = {
  feishu: { host: 'model', appId: 'cli_model' },
  dingtalk: { host: 'model', appId: 'cli_model' },
};

export function sessionsOf(world: World): Sessions {
  return {
    accounts: modelAccounts,
    asApp: new Set(),
    begin: roomForAll,
    readerOf: (provider) => platformIn(world, provider),
    writerOf: (provider) => platformIn(world, provider),
    benchOf: () => Promise.reject(new RangeError('a model has nothing to find out')),
    finderOf: () => {
      throw new RangeError('nothing is looked for in a model');
    },
    organisationOf: () => organisationIn(world),
    lagMs: () => 0,
    pace: () => noPace,
    requests: () => 0,
    metered: () => 0,
    usedThisMonth: () => Promise.resolve(null),
    timeoutMs: 60_000,
    store: null,
    storeTime: null,
    close: () => Promise.resolve(),
  };
}

/** An effect on a model in a word, as {@link told} has it. */
export function effectKey({ eventId, action, identity }: Effect): string {
  return identity === null ? `${eventId} ${action}` : `${eventId} ${action} ${identity}`;
}

/** Gathers the effects on all models from here on. */
export function watched(world: World): readonly Effect[] {
  const effects: Effect[] = [];
  for (const id of platformIds) {
    platformIn(world, id).onEffect = (effect) => {
      effects.push(effect);
    };
  }
  return effects;
}

/** A journal that keeps what it was told of before it was done. */
export function toldJournal(): JournalSink & { readonly told: ReadonlySet<string> } {
  const told = new Set<string>();
  const append = (line: ApplyEvent): void => {
    if (line.kind !== 'batch-started') return;
    const { event, action, attendees } = line;
    for (const { type, id } of attendees) told.add(`${event.eventId} ${action} ${type}:${id}`);
    if (attendees.length === 0) told.add(`${event.eventId} ${action}`);
  };
  return { append, told };
}
