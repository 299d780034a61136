import { randomBytes } from 'node:crypto';
import { systemClock } from '../../http/clock.ts';
import type { EventRef } from '../../model/event.ts';
import { given } from '../../model/given.ts';
import type { UserIdType } from '../../model/platform.ts';
import { type ProviderId, platforms } from '../../platforms/index.ts';
import type { TestPeople } from '../../providers/smoke.ts';
import { runSmoke, type SmokeResult, smokeYaml } from '../../run/smoke/smoke.ts';
import { takenTitle, type Left } from '../../run/smoke/events.ts';
import type { Sessions } from '../../run/sessions.ts';
import { UsageError, exitCodes } from '../../run/usage-error.ts';
import { toolInfo } from '../../run/version.ts';
import { ask } from '../ask.ts';
import { printError } from '../messages.ts';
import type { RunOptions } from '../options.ts';
import { open, printMetered } from '../planning.ts';
import { startProgress } from '../progress.ts';
import { print, type Surroundings } from '../surroundings.ts';

export interface SmokeOptions extends RunOptions, Omit<TestPeople, 'person'> {
  readonly provider: ProviderId;
  readonly calendar?: string;
  readonly organizer?: string;
  readonly event?: string;
  readonly attendee: string;
  readonly yes?: true;
}

/** Two years ahead: nobody looks there. In seconds. */
const aheadSeconds = 2 * 365 * 86_400;
/** Without a word about it, longer than any platform is known to lag. */
const leastLagMs = 2000;

/**
 * `rollcall smoke`: asks a real platform, on an event that it makes and deletes, what the API pages leave open, and prints
 * which switches of the embedded platform are true there. Asks before each write.
 */
export async function smokeCommand(surroundings: Surroundings, options: SmokeOptions): Promise<number> {
  const { env, stdin, stdout, status } = surroundings;
  const { provider, attendee: person, address, alias, external } = options;
  const event = eventOf(options);
  if (options.yes !== true && !stdin.isTTY) {
    throw new UsageError(
      'smoke asks before it writes, and there is no terminal to ask on',
      'Pass --yes to go on without asking.',
    );
  }
  const sessions = await open(surroundings, [provider], options);
  try {
    const consent = await consenting(surroundings, sessions, event, options);
    const { title } = platforms[provider];
    const progress =
      options.yes === true
        ? startProgress(surroundings, options, (done, of) => `Asking ${title}: ${done} of ${of} questions`)
        : null;
    const result = await runSmoke({
      bench: await sessions.benchOf(provider),
      writer: sessions.writerOf(provider),
      event,
      people: { person, address, alias, external },
      draft: draft(),
      clock: systemClock,
      lagMs: env['ROLLCALL_SETTLE']
        ? sessions.lagMs(provider)
        : Math.max(leastLagMs, sessions.lagMs(provider)),
      timeoutMs: options.timeout,
      consent,
      onLeft: (left) => status?.leaves(left === null ? null : leftText(left)),
      onProbe: (done, total) => progress?.update(done, total),
      signal: surroundings.signal,
    }).finally(() => progress?.stop());
    const head = { version: toolInfo().version, provider, calls: sessions.requests() };
    await print(stdout, smokeYaml(result, head));
    printMetered(surroundings, provider, sessions.metered(provider), options);
    return ended(surroundings, result, options);
  } finally {
    await sessions.close();
  }
}

function draft(): Parameters<typeof runSmoke>[0]['draft'] {
  const start = Math.floor(systemClock.date() / 86_400_000) * 86_400 + aheadSeconds;
  const stamp = randomBytes(10).toString('hex');
  return { stamp, title: 'rollcall smoke test (can be deleted)', start, end: start + 1800 };
}

/** @throws UsageError for what the platform needs or does not know */
function eventOf(options: SmokeOptions): Omit<EventRef, 'eventId'> & { readonly eventId?: string } {
  const { provider, calendar, organizer, attendee } = options;
  const { title, event } = platforms[provider];
  const refuse = (wrong: boolean, message: string, hint: string): void => {
    if (wrong) throw new UsageError(message, hint);
  };
  const byAddress = event.people === 'email';
  refuse(
    calendar === undefined && event.calendarId === 'required',
    `smoke --provider ${provider} needs --calendar`,
    'Give the id of a calendar for tests; rollcall find calendars shows it.',
  );
  refuse(
    organizer === undefined && event.organizer !== 'none',
    `smoke --provider ${provider} needs --organizer`,
    'Give the id of the person whose calendar it is.',
  );
  refuse(
    organizer !== undefined && event.organizer === 'none',
    `--organizer has no effect on ${title}`,
    'Leave it out.',
  );
  refuse(
    byAddress && !attendee.includes('@'),
    `--attendee is an address on ${title}`,
    'Give the address of a test person.',
  );
  const others = {
    address: event.people === 'user' && event.attendees.includes('email'),
    external: event.userIds.length > 0,
    alias: byAddress,
  };
  for (const [name, fits] of Object.entries(others)) {
    // Its keys are those of the options.
    const value = options[name as keyof typeof others];
    refuse(value !== undefined && !fits, `--${name} has no effect on ${title}`, 'Leave it out.');
  }
  return {
    provider,
    calendarId: calendar ?? 'primary',
    ...given({ organizer, eventId: options.event, userIdType: kindOf(provider, attendee) }),
  };
}

/** The kind of id that a test person is given by. */
function kindOf(provider: ProviderId, id: string): UserIdType | undefined {
  const { userIds } = platforms[provider].event;
  const shown = userIds.find(({ prefix }) => prefix !== null && id.startsWith(prefix));
  return (shown ?? userIds.find(({ prefix }) => prefix === null))?.type;
}

/** What is asked before each write. An event that is named is asked for first. */
async function consenting(
  surroundings: Surroundings,
  sessions: Sessions,
  event: ReturnType<typeof eventOf>,
  { yes, attendee }: SmokeOptions,
): Promise<(what: string) => Promise<boolean>> {
  let all = yes === true;
  const consent = async (what: string): Promise<boolean> => {
    if (all) return true;
    const answer = await ask(
      surroundings,
      `May I ${what}? Type "yes", or "all" for this and everything that follows: `,
    );
    all = answer === 'all';
    return all || answer === 'yes';
  };
  const { eventId } = event;
  if (eventId === undefined) return consent;
  const reader = sessions.readerOf(event.provider);
  const title = await takenTitle(reader, { ...event, eventId }, attendee, surroundings.signal);
  const named = surroundings.redactor === undefined ? ` "${title}"` : '';
  if (await consent(`use the event${named}, add the test person to it, and remove them at the end`))
    return consent;
  throw new UsageError('stopped: only "yes" and "all" are accepted', 'Nothing was changed.');
}

const leftText = ({ what, how }: Left): string => `${what.charAt(0).toUpperCase()}${what.slice(1)}. ${how}`;

/** Says what went wrong, and answers the exit code. */
function ended(
  surroundings: Surroundings,
  { ended: how, failure, left }: SmokeResult,
  { color }: SmokeOptions,
): number {
  if (failure !== null) printError(surroundings, { message: failure.message, hint: failure.hint }, color);
  if (how === 'declined')
    printError(
      surroundings,
      { message: 'stopped: only "yes" and "all" are accepted', hint: undefined },
      color,
    );
  if (left !== null) surroundings.stderr.write(`${leftText(left)}\n`);
  if (how === 'interrupted') return exitCodes.interrupted;
  if (left !== null) return exitCodes.incomplete;
  return how === 'done' ? exitCodes.done : exitCodes.error;
}
