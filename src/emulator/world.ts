import type { Behaviour } from './behaviour.ts';
import type { Tenant } from './tenant-parts.ts';

/** A value whose readers see a change only some time after it was made, as on a platform with replicas. */
export class Lagged<Value> {
  #live: Value;
  #older: { readonly visibleFrom: number; readonly before: Value }[] = [];
  #held: { readonly until: number; readonly value: Value } | null = null;

  constructor(value: Value) {
    this.#live = value;
  }

  /** What writes work on. */
  get live(): Value {
    return this.#live;
  }

  /** What reads are answered with at this time. */
  seen(now: number): Value {
    if (this.#held !== null && now < this.#held.until) return this.#held.value;
    this.#older = this.#older.filter((step) => step.visibleFrom > now);
    const [oldest] = this.#older;
    return oldest === undefined ? this.#live : oldest.before;
  }

  /** Has readers see until then what they see now. */
  hold(now: number, until: number): void {
    this.#held = { value: this.seen(now), until };
  }

  /** Changes the value; readers see it from `now + lagMs`. */
  set(value: Value, now: number, lagMs: number): void {
    if (lagMs > 0) this.#older.push({ visibleFrom: now + lagMs, before: this.#live });
    this.#live = value;
  }
}

/** What all platforms start with, and how often anything changed. What each holds is got by its {@link stateOf}. */
export class World {
  readonly tenant: Tenant;
  readonly #lag: number;
  #changes = 0;

  constructor(tenant: Tenant, behaviour: Behaviour) {
    this.tenant = tenant;
    this.#lag = behaviour.readLag;
  }

  /** Goes up with every effect. */
  get changes(): number {
    return this.#changes;
  }

  /** Counts an effect. */
  changed(): void {
    this.#changes += 1;
  }

  /** Gives an event new content; reads show it after the lag. */
  commit<Content>(event: { readonly content: Lagged<Content> }, content: Content, now: number): void {
    event.content.set(content, now, this.#lag);
    this.changed();
  }
}

/** What a platform holds of a world, made of the tenant file where it is first asked for. */
export function stateOf<State>(made: (tenant: Tenant) => State): (world: World) => State {
  const states = new WeakMap<World, State>();
  return (world) => {
    const state = states.get(world) ?? made(world.tenant);
    states.set(world, state);
    return state;
  };
}
