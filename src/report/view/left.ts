import type { Drift, EventPlan, Kept, Missing, Skipped } from '../../model/plan.ts';
import { grouped, keptWords, label, origin } from './words.ts';

/** People that are not changed, under one heading: `keeps 12 (another tenant)`. */
export interface LeftGroup {
  readonly kind: 'kept' | 'missing' | 'drift' | 'skipped';
  /** All of them are on the event. */
  readonly attends: boolean;
  readonly words: string;
  readonly names: readonly string[];
}

/** Whom a plan leaves as they are, group by group. */
export function leftOf({ kept, missing, drift, skipped = [] }: EventPlan): LeftGroup[] {
  const byReason = new Map<Kept['reason'], string[]>();
  for (const { reason, attendee } of kept) {
    const names = byReason.get(reason) ?? [];
    byReason.set(reason, names);
    names.push(label(attendee));
  }
  return [
    ...[...byReason].map(([reason, names]) => ({
      kind: 'kept' as const,
      attends: true,
      words: `keeps ${grouped(names.length)} (${keptWords[reason]})`,
      names,
    })),
    ...(missing.length === 0
      ? []
      : [
          {
            kind: 'missing' as const,
            attends: false,
            words: `${grouped(missing.length)} missing (sync is remove-only)`,
            names: missing.map(missingWords),
          },
        ]),
    ...(drift.length === 0
      ? []
      : [
          {
            kind: 'drift' as const,
            attends: true,
            words: `${grouped(drift.length)} with another optional flag`,
            names: drift.map(driftWords),
          },
        ]),
    ...(skipped.length === 0
      ? []
      : [
          {
            kind: 'skipped' as const,
            attends: false,
            words: `${grouped(skipped.length)} skipped: ${skipped.length === 1 ? 'has' : 'have'} left (warning)`,
            names: skipped.map(missingWords),
          },
        ]),
  ];
}

function missingWords(row: Missing | Skipped): string {
  return `${label(row.attendee)}${at(row)}`;
}

function driftWords(row: Drift): string {
  const { optional, ...rest } = row.attendee;
  return `${label(rest)} should be ${optional ? 'optional' : 'required'}${at(row)}`;
}

function at(row: Missing | Drift | Skipped): string {
  const from = origin(row);
  return from === '' ? '' : ` at ${from}`;
}
