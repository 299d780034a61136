import { type PlanWord, planWords } from '../model/plan-words.ts';
import type { LabelChange, Review } from './site.ts';

/** The labels that are rollcall's own: it takes off no other. */
const prefix = 'rollcall: ';

/** What a label tells where it is looked at by itself. */
export const labelMeanings: Readonly<Record<Exclude<PlanWord, 'no events'>, string>> = {
  add: 'Adds attendees to events',
  remove: 'Removes attendees from events',
  delete: 'Deletes events',
  unbind: 'Unbinds meeting chats',
  unmanaged: 'No longer manages events',
  refused: 'Stopped by a guard',
  unknown: 'Not everything could be read',
  'no changes': 'Every event is in sync',
};

/** A label for each word; a plan that concerns no event has none. */
function labelsOf(words: readonly PlanWord[]): string[] {
  return words.filter((word) => word !== 'no events').map((word) => prefix + word);
}

/** Puts the labels of a plan on a review and takes off those of an earlier plan. Answers what it changed. */
export async function keepLabels(review: Review, words: readonly PlanWord[]): Promise<LabelChange> {
  // Sites compare labels without regard to case.
  const there = new Set((await review.labels()).map((name) => name.toLowerCase()));
  const wanted = labelsOf(words);
  const stale = labelsOf(planWords).filter((name) => !wanted.includes(name));
  const change = {
    add: wanted.filter((name) => !there.has(name)),
    remove: stale.filter((name) => there.has(name)),
  };
  if (change.add.length + change.remove.length > 0) await review.label(change);
  return change;
}

/** What is to be said of a label. */
export function meaningOf(label: string): string {
  const word = planWords.find((one) => prefix + one === label);
  return word === undefined || word === 'no events' ? '' : labelMeanings[word];
}
