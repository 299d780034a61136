import type { Problem } from '../model/diagnostic.ts';
import type { EventRef } from '../model/event.ts';
import type { UserIdType } from '../model/platform.ts';
import { nobodyAsked, type Standing, type StandingOf } from '../model/organisation.ts';
import { platforms, type ProviderId } from '../platforms/index.ts';
import type { Organisation, Turn } from './provider.ts';

/** Who can be asked how people stand; absent where nobody is. */
export type OrganisationOf = (provider: ProviderId, turn?: Turn) => Organisation;

/** People of one platform, by one kind of id. */
interface Group {
  readonly provider: ProviderId;
  readonly idType: UserIdType | undefined;
  readonly ids: Set<string>;
}

/** What a run has learnt: each person is asked for once. */
export class Standings {
  readonly #organisationOf: OrganisationOf | undefined;
  readonly #signal: AbortSignal;
  readonly #known = new Map<string, Map<string, Standing>>();
  readonly #problems = new Map<ProviderId, Problem>();
  /** Calls that asking for many took, by platform. */
  readonly #calls = new Map<ProviderId, number>();

  constructor(organisationOf: OrganisationOf | undefined, signal: AbortSignal) {
    this.#organisationOf = organisationOf;
    this.#signal = signal;
  }

  /** How the people of an event stand, as far as they were asked for. */
  of(ref: EventRef): StandingOf {
    const known = this.#known.get(keyOf(ref));
    return known === undefined ? nobodyAsked : (id) => known.get(id) ?? 'unverifiable';
  }

  /** What stood against asking, by platform. */
  get problems(): ReadonlyMap<ProviderId, Problem> {
    return this.#problems;
  }

  /** Calls that it takes to ask for these people again. */
  callsFor(provider: ProviderId, people: number): number {
    if (this.#organisationOf === undefined || this.#problems.has(provider) || people === 0) return 0;
    const { batch, singly } = platforms[provider].standing;
    // Where nobody has left that is known after one call.
    if (singly && this.#calls.get(provider) === 1) return 1;
    return Math.ceil(people / batch) + (singly ? people + 1 : 0);
  }

  /**
   * Asks for people who are not known yet, all that are of one platform and kind of id together. Where it was refused once
   * nobody else is asked for.
   *
   * @param soon also who is about to leave
   * @throws the signal's reason when it aborts
   */
  async ask(people: readonly (readonly [EventRef, readonly string[]])[], soon = false): Promise<void> {
    const organisationOf = this.#organisationOf;
    if (organisationOf === undefined) return;
    const groups = new Map<string, Group>();
    for (const [ref, ids] of people) {
      const { provider, userIdType: idType } = ref;
      const key = keyOf(ref);
      const group = groups.get(key) ?? { provider, idType, ids: new Set<string>() };
      groups.set(key, group);
      const known = this.#known.get(key);
      for (const id of ids)
        if (known?.get(id) !== 'left' && (soon || known?.has(id) !== true)) group.ids.add(id);
    }
    await Promise.all(
      [...groups].map(async ([key, { provider, idType, ids }]) => {
        if (ids.size === 0 || this.#problems.has(provider)) return;
        const query = { ids: [...ids], idType, soon };
        const { of, problem, calls } = await organisationOf(provider).standing(query, this.#signal);
        const known = this.#known.get(key) ?? new Map<string, Standing>();
        this.#known.set(key, known);
        for (const id of ids) if (!known.has(id)) known.set(id, 'unverifiable');
        for (const [id, standing] of of) known.set(id, standing);
        this.#calls.set(provider, calls);
        if (problem !== null) this.#problems.set(provider, problem);
      }),
    );
  }
}

/** People of one platform and one kind of id. */
export function keyOf({ provider, userIdType }: EventRef): string {
  return `${provider} ${userIdType ?? ''}`;
}
