import { addressOf } from '../../model/attendee.ts';
import type { MentionKind, Part } from '../../model/say.ts';
import { hasFormed } from './forms.ts';

/** Stands for anyone who has no label. */
export const struckOut = '***';

/**
 * What people are called by: everybody has an ordinal (`user-1`, `email-2`) in the order in which they are asked for,
 * and keeps it. Not a hash: an address is guessed from one in seconds.
 */
export class Labels {
  readonly #labels = new Map<string, string>();
  /** Ids and names of everybody who has a label. */
  readonly #texts = new Set<string>();

  /** The label of somebody by id. Names are remembered: no token of the platform's may be one. */
  of(kind: MentionKind, id: string, ...names: readonly (string | undefined)[]): string {
    for (const text of [id, ...names]) if (text !== undefined && text !== '') this.#texts.add(text);
    const key = personKey(kind, id);
    const known = this.#labels.get(key);
    if (known !== undefined) return known;
    const fresh = `${kind}-${this.#labels.size + 1}`;
    this.#labels.set(key, fresh);
    return fresh;
  }

  /** The same without giving a new one, so as not to get ahead of the plan. */
  known(kind: MentionKind, id: string): string {
    return this.#labels.get(personKey(kind, id)) ?? struckOut;
  }

  /** A message made of its parts; null where they are not known. */
  said(parts: readonly Part[] | undefined): string | null {
    if (parts === undefined || parts.length === 0) return null;
    return parts.map((part) => (typeof part === 'string' ? part : this.of(part.kind, part.id))).join('');
  }

  /** A code or an id of the platform's in the form of one; what names somebody is not told. */
  token(value: string | undefined, form: RegExp): string | undefined {
    return value !== undefined && form.test(value) && !this.#names(value) ? value : undefined;
  }

  #names(token: string): boolean {
    const pieces = token.split(/(?<=[.:-])|(?=[.:-])/);
    const runs = pieces.flatMap((_, from) =>
      pieces.slice(from).map((__, length) => pieces.slice(from, from + length + 1).join('')),
    );
    return hasFormed(token) || runs.some((run) => this.#texts.has(run));
  }
}

/** Addresses are compared in lower case. */
function personKey(kind: MentionKind, id: string): string {
  return `${kind}:${kind === 'email' ? addressOf(id) : id}`;
}
