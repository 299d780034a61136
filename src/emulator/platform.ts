import type { Behaviour } from './behaviour.ts';
import type { OrganisationKeys } from './organisation.ts';
import { type Moment, startingAt } from './moment.ts';
import type { Quota } from './quota.ts';
import type { Answer, Call, Context, Route } from './route.ts';
import type { Says, Switches } from './switches.ts';
import type { Report, Tenant, TenantAttendee } from './tenant-parts.ts';
import type { Lagged, World } from './world.ts';

/**
 * An attendee as a test or a person looking in wants to see it. `id` of a Feishu user is the open_id. `reply`: as the
 * platform calls it, where it is told here.
 */
export interface LiveAttendee {
  readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
  readonly id: string;
  readonly optional: boolean;
  readonly reply?: string;
}

/** What somebody was told of an event, by mail. */
export interface Told {
  readonly to: string;
  readonly about: 'invitation' | 'cancellation' | 'update';
}

/** What somebody else does to an event. */
export interface Meddling {
  readonly add?: readonly TenantAttendee[];
  readonly remove?: readonly string[];
}

/** What somebody else does to one occurrence of a series: it is cancelled, as its series has it again, or starts then. */
export type Rescheduling = 'cancelled' | 'restored' | { readonly start: string };

/** What faults work on. `now`: milliseconds since the epoch. */
export interface Scene {
  readonly world: World;
  readonly behaviour: Behaviour;
  readonly now: number;
}

type Params = Readonly<Record<string, string>>;

/** What goes wrong on a platform, in its own words. */
export interface PlatformFaults {
  /** The codes of a call too many; the first unless a rule names one. */
  readonly rateCodes: readonly (number | string)[];
  /** A call too many; `reset`: the seconds that the answer names, where it does. */
  readonly tooMany: (code: number | string | undefined, reset: number | undefined) => Answer;
  readonly internalError: () => Answer;
  /** The field of the query that holds a page token. */
  readonly pageToken: string;
  /** The fields of bodies that list whom a call adds or removes. */
  readonly batches: readonly string[];
  /** The headers with a token of the same form that nobody was given. */
  readonly withExpiredToken: (headers: Params) => Params;
  /** Has the event of these ids read until then as it is read now. */
  readonly hold: (world: World, params: Params, now: number, until: number) => void;
  /** Somebody else changes who is on the event of these ids. */
  readonly meddle: (scene: Scene, params: Params, others: Meddling) => void;
}

/** All that the server knows of a platform: it is registered in `platforms.ts`. */
export interface EmulatedPlatform {
  /** Its key in the tenant file, where it has a part there. */
  readonly id: string;
  readonly routes: readonly Route<Answer>[];
  /** What its paths begin with. */
  readonly roots: readonly string[];
  readonly answer: (route: Route<Answer>, call: Call, context: Context, quota: Quota | null) => Answer;
  /** What an unknown path or method answers. */
  readonly unknown: () => Answer;
  /** The headers that hold a token. */
  readonly secretHeaders: readonly string[];
  /** The fields of the query that hold one. */
  readonly secretQuery?: readonly string[];
  /** Its part of the tenant file; absent where another platform's stands for it too. */
  readonly tenant?: {
    readonly schema: object;
    /** Reports what is wrong beyond the schema. */
    readonly check: (tenant: Tenant, report: Report) => void;
  };
  /** What it calls the people and departments of the tenant file by. */
  readonly organisation?: OrganisationKeys;
  readonly switches?: Switches;
  /** What texts about all platforms say of it. */
  readonly says?: Says;
  /** Its members of the state file. */
  readonly state: {
    readonly schemas: Readonly<Record<string, object>>;
    /** State files from before it was served lack them. */
    readonly later?: true;
    readonly save: (world: World) => Readonly<Record<string, unknown>>;
    /** Takes over what fits the schemas; events that the tenant file no longer has are left out. */
    readonly restore: (world: World, saved: Readonly<Record<string, unknown>>) => void;
  };
  readonly faults: PlatformFaults;
  /** Somebody else changes the occurrence with this id; if there is none, or it is not a changed one, nothing happens. */
  readonly reschedule: (scene: Scene, eventId: string, change: Rescheduling) => void;
  /** Who is on the events with this id; nobody where there is none or it is deleted. */
  readonly live: (world: World, eventId: string) => readonly LiveAttendee[];
  /** Who was told of the events with this id, where the platform's own mails are kept. */
  readonly told?: (world: World, eventId: string) => readonly Told[];
}

/** A changed occurrence among the events of its calendar is moved, cancelled, or given back to its series. */
export function rescheduled<
  Content extends { readonly cancelled: boolean },
  Event extends {
    readonly id: string;
    readonly start: Moment;
    readonly end: Moment;
    readonly content: Lagged<Content>;
  },
>({ world, now }: Scene, events: Map<string, Event>, event: Event, change: Rescheduling): void {
  if (change === 'cancelled') {
    world.commit<Content>(event, { ...event.content.live, cancelled: true }, now);
    return;
  }
  if (change === 'restored') events.delete(event.id);
  else events.set(event.id, { ...event, ...startingAt(change.start, event) });
  world.changed();
}

/** The schema of an object whose keys are names. */
export const byName = (value: object): object => ({ type: 'object', additionalProperties: value });

/** The schema of an event's content in the state file, by the schema of a row's members; all of them are needed. */
export const contentOf = (row: object): object => ({
  type: 'object',
  required: ['rows', 'cancelled'],
  properties: {
    cancelled: { type: 'boolean' },
    rows: { type: 'array', items: { type: 'object', properties: row, required: Object.keys(row) } },
  },
});

/** A map as an object, its values changed. */
export function mapOf<Value, Result>(
  map: ReadonlyMap<string, Value>,
  of: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries([...map].map(([key, value]) => [key, of(value)]));
}
