import type { Problem } from '../model/diagnostic.ts';
import type { EventPlan } from '../model/plan.ts';
import type { ProviderId } from '../platforms/index.ts';

/** Accounts that cannot be read any more: what stood against one event stands against all that come after it. */
export class Ends {
  readonly #problems = new Map<ProviderId, Problem>();

  note(provider: ProviderId, { problem }: EventPlan): void {
    if (problem?.code === 'quota' || problem?.code === 'credentials') this.#problems.set(provider, problem);
  }

  of(provider: ProviderId): Problem | null {
    return this.#problems.get(provider) ?? null;
  }
}
