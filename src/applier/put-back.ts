import { identityOf } from '../model/attendee.ts';
import type { Observed } from '../model/event.ts';
import { nameAndId, plain, say, shortList } from '../model/say.ts';
import { neverStops } from './run.ts';
import { type Lost, sendReplies } from './send.ts';
import type { Work } from './work.ts';

/** How often a call is made again whose answer was lost: its version makes sure that it is done once. */
const tryLimit = 3;

/**
 * Gives people back the replies that a write cost them though they stay: at once, without telling anybody, and only if
 * nobody changed the event since. It is told if that cannot be done.
 */
export async function putRepliesBack(work: Work, answer: Observed | null): Promise<void> {
  const lost = answer?.complete === true ? (answer.lost ?? []) : [];
  if (lost.length === 0) return;
  const { ledger } = work;
  const list = shortList(lost.map((one) => say`${nameAndId(one)} (${plain(one.reply)})`));
  const back = await isPutBack(work, lost);
  if (!back) ledger.lostReplies = true;
  ledger.costs.push(
    back
      ? say`A write cost people their replies, which were put back: ${list}`
      : say`A write cost people their replies, and they could not be put back: ${list}. Ask them to reply again.`,
  );
}

async function isPutBack(work: Work, lost: Lost): Promise<boolean> {
  for (let tries = 1; tries <= tryLimit; tries += 1) {
    const sent = await sendReplies(work, lost);
    if (sent.kind === 'taken') return sent.answer?.complete === true && sent.answer.lost === undefined;
    if (sent.kind === 'refused' && (sent.error.kind === 'lost' || sent.error.kind === 'malformed')) continue;
    // Somebody changed the event, unless it was the try before, whose answer was lost.
    const doubtful = tries > 1 && sent.kind === 'refused' && sent.error.kind === 'conflict';
    work.sight.rebase(null);
    return doubtful && (await areThere(work, lost));
  }
  work.sight.rebase(null);
  return areThere(work, lost);
}

/** Whether a reading shows the replies. */
async function areThere({ sight }: Work, lost: Lost): Promise<boolean> {
  const observed = await sight.list(neverStops.signal);
  if (!observed.complete) return false;
  const now = new Map(observed.attendees.map((one) => [identityOf(one), one.reply]));
  return lost.every((one) => (now.get(identityOf(one)) ?? 'none') !== 'none');
}
