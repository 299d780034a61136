import { type Identity, type ObservedAttendee, identityOf } from '../../src/model/attendee.ts';
import type { Edit } from '../../src/model/edit.ts';
import type { Basis, EventRef, Observed } from '../../src/model/event.ts';
import { platforms } from '../../src/platforms/index.ts';
import { editBy } from '../../src/providers/delta.ts';
import type { Answers, Clock, Want, WriteOptions, Writer } from '../../src/providers/provider.ts';
import type { ProviderId } from '../../src/platforms/index.ts';
import { named, scripted } from './model-calls.ts';
import { ModelPlatform } from './model-platform.ts';

type Attendees = Edit & { readonly kind: 'attendees' };

interface Known {
  readonly version: number;
  readonly rows: readonly ObservedAttendee[];
}

/**
 * A platform in memory whose lists are replaced as a whole, under the version that they were read with: whatever moved
 * the event meanwhile, a reply too, makes a write a conflict.
 */
export class WholePlatform extends ModelPlatform {
  /** Whether the answer to a write has the list as it is then. */
  answers = true;
  /** Whether a listing comes with its version. */
  versions = true;
  readonly #others: Writer['edit'] = editBy(this);

  override async read<W extends Want>(event: EventRef, want: W, signal: AbortSignal): Promise<Answers[W]> {
    const answer = await super.read(event, want, signal);
    // The type of an answer follows from what was wanted.
    return want === 'attendees' ? (this.#based(event, answer as Observed) as Answers[W]) : answer;
  }

  override readonly edit: Writer['edit'] = (event, edit, basis, options, signal) =>
    edit.kind === 'attendees'
      ? this.#replace(event, edit, basis, options, signal)
      : this.#others(event, edit, basis, options, signal);

  async #replace(
    event: EventRef,
    edit: Attendees,
    basis: Basis | undefined,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<Observed | null> {
    const { eventId } = event;
    if (basis === undefined) throw new RangeError('a list is never written without having been read');
    // Made below, and nowhere else.
    const known = basis as unknown as Known;
    const batch = [...edit.remove, ...edit.add, ...edit.set];
    const call = { ...named([...edit.remove, ...edit.add]), size: batch.length };
    const fault = await this.enter({ kind: 'whole', eventId, ...call, ...options }, signal);
    // One request is done or not done: there is no half of it.
    const atomic =
      fault !== undefined && 'error' in fault && fault.effect === 'half'
        ? { ...fault, effect: 'all' as const }
        : fault;
    await this.change(atomic, [edit], () => {
      if (this.events.now(eventId).version !== known.version) throw scripted('conflict');
      this.refuse(batch);
      this.events.change(eventId, { rows: this.#edited(known.rows, edit) });
      this.tell('remove', eventId, edit.remove);
      this.tell('add', eventId, [...edit.add, ...edit.set]);
    });
    if (!this.answers) return null;
    this.listed.set(eventId, this.events.now(eventId).rows);
    return this.#based(event, { complete: true, attendees: this.events.now(eventId).rows });
  }

  /** Rows that no change names stay what they were, in their order. */
  #edited(rows: readonly ObservedAttendee[], { remove, add, set }: Attendees): readonly ObservedAttendee[] {
    const removed = new Set(remove.map(identityOf));
    const flags = new Map(set.map((one): [Identity, boolean] => [identityOf(one), one.optional]));
    const kept = rows
      .filter((row) => !removed.has(identityOf(row)))
      .map((row) => {
        const optional = flags.get(identityOf(row));
        return optional === undefined ? row : { ...row, optional };
      });
    return [...kept, ...add.map((one) => this.row(one))];
  }

  #based({ eventId }: EventRef, observed: Observed): Observed {
    if (!observed.complete || !this.versions) return observed;
    const { version, rows } = this.events.before(eventId, this.lagMs);
    const known: Known = { version, rows };
    // Opaque to whoever is handed it.
    return { ...observed, basis: known as unknown as Basis };
  }
}

/** The model of a platform, by how its row says that it writes. */
export function modelOf(provider: ProviderId, clock: Clock): ModelPlatform {
  const { style } = platforms[provider].writes;
  return style === 'whole' ? new WholePlatform(provider, clock) : new ModelPlatform(provider, clock);
}
