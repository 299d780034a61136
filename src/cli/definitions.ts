import { Argument, type Command, Option } from 'commander';
import { diagnosticFormats, foundFormats, planFormats, resultFormats } from './formats.ts';
import { environmentHelp, titlesOf, userIdTypes } from './help-texts.ts';
import { addHistory, addStore, withStoreAhead } from './keeping.ts';
import {
  exitCodeHelp,
  withFormat,
  withGuards,
  withLength,
  withLinks,
  withPaths,
  withRedaction,
  withResolve,
  withRunning,
  withSelection,
  withWriting,
} from './option-groups.ts';
import { count, day, duration, repeated } from './options.ts';
import { addFleet } from './fleets.ts';
import {
  addComment,
  addCompletion,
  addDoctor,
  addEvents,
  addExplain,
  addInit,
  addSchema,
  addSmoke,
} from './setting-up.ts';
import type { Surroundings } from './surroundings.ts';
import { type FindKind, findKinds } from '../model/found.ts';
import { providerIds } from '../platforms/index.ts';
import { defaultJournalDir } from '../store/journal.ts';
import { exitCodes } from '../run/usage-error.ts';
import { toolInfo } from '../run/version.ts';

export { environmentHelp };

export type Run = (command: () => Promise<number>) => Promise<void>;

/** What a command is added with. */
export interface Program {
  readonly surroundings: Surroundings;
  readonly run: Run;
  readonly add: (name: string, description: string, options?: { readonly hidden: boolean }) => Command;
  readonly emulatorHelp: string;
  /** The program with all its commands. */
  readonly whole: () => Command;
}

/** What adds each command, by its name. */
export type Definitions = Readonly<Record<string, (program: Program) => void>>;

/** In the order of the help. */
export const definitions: Definitions = {
  validate: addValidate,
  plan: addPlan,
  apply: addApply,
  revert: addRevert,
  show: addShow,
  history: addHistory,
  fleet: addFleet,
  comment: addComment,
  find: addFind,
  import: addImport,
  lock: addLock,
  who: addWho,
  init: addInit,
  doctor: addDoctor,
  smoke: addSmoke,
  store: addStore,
  completion: addCompletion,
  schema: addSchema,
  explain: addExplain,
  emulator: addEmulator,
  demo: addDemo,
  version: addVersion,
  __events: addEvents,
};

/** What help calls the commands together, in its order. */
export const groups: Readonly<Record<string, readonly string[]>> = {
  'Plan and apply:': ['validate', 'plan', 'apply', 'revert', 'show', 'history', 'fleet', 'comment'],
  'From a calendar to manifests:': ['find', 'import', 'lock', 'who'],
  'Set up:': ['init', 'doctor', 'smoke', 'store', 'completion', 'schema', 'explain'],
  'Try it out:': ['emulator', 'demo'],
};

function addValidate({ surroundings, run, add }: Program): void {
  const validate = withPaths(add('validate', 'check manifests; no network, no credentials'));
  withRedaction(withSelection(withFormat(validate, diagnosticFormats)))
    .option('--no-color', 'no colours (also NO_COLOR)')
    .option('--quiet', 'print only problems')
    .addHelpText('after', exitCodeHelp)
    .action((paths: string[], options) =>
      run(async () => (await import('./commands/validate.ts')).validate(surroundings, paths, options)),
    );
}

function addPlan({ surroundings, run, add }: Program): void {
  const plan = withPaths(add('plan', 'read the calendars and show the difference; changes nothing'));
  withRunning(withResolve(withGuards(withSelection(withLinks(withLength(withFormat(plan, planFormats)))))))
    .option('--out <file>', 'save the plan; apply it with: apply --plan FILE')
    .option('--journal-dir <dir>', 'the folder for journals', defaultJournalDir)
    .option(
      '--changed-from <path>',
      'only events whose manifests differ from those in PATH, a checkout of the base branch',
    )
    .option('--detailed-exitcode', 'exit with 2 if changes are pending')
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`)
    .action((paths: string[], options) =>
      run(() =>
        withStoreAhead(
          surroundings,
          () => import('./commands/plan.ts'),
          ({ planCommand }, coming) => planCommand(surroundings, paths, { ...options, coming }),
        ),
      ),
    );
}

function addApply({ surroundings, run, add }: Program): void {
  const apply = withPaths(add('apply', 'plan, show, ask, apply'));
  withWriting(
    withRunning(withResolve(withGuards(withSelection(withLength(withFormat(apply, resultFormats)))))),
  )
    .option(
      '--plan <file>',
      'apply a saved plan without asking; with PATH, only if it follows from the manifests there',
    )
    .addOption(
      new Option('--plan-ttl <duration>', 'how old a saved plan may be (default: 24h)').argParser(duration),
    )
    .option('--plan-account <appid>', 'also accept plans made by this app')
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`)
    .action((paths: string[], options) =>
      run(() =>
        withStoreAhead(
          surroundings,
          () => import('./commands/apply.ts'),
          ({ applyCommand }, coming) => applyCommand(surroundings, paths, { ...options, coming }),
        ),
      ),
    );
}

function addRevert({ surroundings, run, add }: Program): void {
  const revert = add('revert', 'undo a run: plan the inverse, show it, ask, apply it').argument(
    '<journal>',
    'the journal of the run, or its id in the shared store',
  );
  withWriting(withRunning(withGuards(withLinks(withLength(withFormat(revert, resultFormats))))))
    .option('--out <file>', 'save the plan; apply it with: apply --plan FILE')
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`)
    .action((file: string, options) =>
      run(() =>
        withStoreAhead(
          surroundings,
          () => import('./commands/revert.ts'),
          ({ revertCommand }, coming) => revertCommand(surroundings, file, { ...options, coming }),
        ),
      ),
    );
}

function addShow({ surroundings, run, add }: Program): void {
  const show = add('show', 'print a saved plan, even a stale one; with two, what differs');
  withRedaction(withLinks(withLength(withFormat(show, planFormats))))
    .argument('<file>', 'a saved plan')
    .argument('[newer]', 'a newer one to compare it with')
    .option('--no-color', 'no colours (also NO_COLOR)')
    .addHelpText('after', exitCodeHelp)
    .action((file: string, newer: string | undefined, options) =>
      run(async () => (await import('./commands/show.ts')).showCommand(surroundings, file, newer, options)),
    );
}

function addFind({ surroundings, run, add }: Program): void {
  withRunning(withFormat(add('find', 'show calendars, events, people, chats or departments'), foundFormats))
    .addArgument(new Argument('<kind>', 'what to look for').choices(findKinds))
    .argument(
      '[query...]',
      'people: addresses, mobile and job numbers, ids, names; else ids or parts of titles (default: all)',
    )
    .addOption(new Option('--provider <name>', 'the platform').choices(providerIds).makeOptionMandatory())
    .option(
      '--calendar <id>',
      `the calendar of the events; needed on ${titlesOf(({ event }) => event.calendarId === 'required')}`,
    )
    .option(
      '--organizer <id>',
      `whose calendars or events; needed on ${titlesOf(({ event }) => event.organizer === 'required')}`,
    )
    .addOption(
      new Option('--from <date>', 'events that end on this day or later (default: today)').argParser(day),
    )
    .addOption(new Option('--to <date>', 'events that begin on this day or earlier').argParser(day))
    .option('--match <text>', 'only those with this text in their title or name')
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`)
    .action((kind: FindKind, texts: string[], options) =>
      run(async () => (await import('./commands/find.ts')).findCommand(surroundings, kind, texts, options)),
    );
}

function addImport({ surroundings, run, add }: Program): void {
  withRunning(add('import', "print a manifest that matches an event's current attendees; changes nothing"))
    .argument('[path...]', 'files and folders with Directories to take names from (default: none)')
    .addOption(new Option('--provider <name>', 'the platform').choices(providerIds).makeOptionMandatory())
    .option(
      '--calendar <id>',
      `the calendar; needed on ${titlesOf(({ event }) => event.calendarId === 'required')}`,
    )
    .addOption(new Option('--event <id>', 'the event; repeatable').argParser(repeated).default([], 'none'))
    .option('--all', 'all events of the calendar that can be changed there')
    .addOption(
      new Option('--from <date>', '--all: events that end on this day or later (default: today)').argParser(
        day,
      ),
    )
    .addOption(new Option('--to <date>', '--all: events that begin on this day or earlier').argParser(day))
    .option('--match <text>', '--all: only events with this text in their titles')
    .option('--out-dir <dir>', 'write one file per event there instead of stdout; existing files are kept')
    .option('--directory <file>', 'write a Directory of the people found, and refer to them by its handles')
    .option('--rosters', 'write a Roster for people who are on the same events')
    .option(
      '--organizer <id>',
      `the organizer's id; needed on ${titlesOf(({ event }) => event.organizer === 'required')}`,
    )
    .addOption(
      new Option(
        '--user-id-type <type>',
        `the kind of user id, on ${titlesOf(({ event }) => event.userIds.length > 0)}`,
      ).choices(userIdTypes),
    )
    .option('--name <name>', 'what to call the event (default: made from its title)')
    .action((paths: string[], options) =>
      run(async () => (await import('./commands/import.ts')).importCommand(surroundings, paths, options)),
    );
}

function addLock({ surroundings, run, add }: Program): void {
  withRunning(withPaths(add('lock', 'look up people listed by address or number, and write rollcall.lock')))
    .option('--check', 'only check, without any call; exit with 2 if rollcall.lock is not up to date')
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`)
    .action((paths: string[], options) =>
      run(async () => (await import('./commands/lock.ts')).lockCommand(surroundings, paths, options)),
    );
}

function addWho({ surroundings, run, add }: Program): void {
  withRunning(add('who', 'show which events the manifests list somebody on, and in which line'))
    .argument('<who>', 'an id, an address, or a handle from a Directory')
    .argument('[path...]', 'files and folders with manifests (default: the current folder)')
    .option('--live', 'also show which of these events they are on now')
    .addHelpText('after', environmentHelp)
    .action((who: string, paths: string[], options) =>
      run(async () => (await import('./commands/who.ts')).whoCommand(surroundings, who, paths, options)),
    );
}

function addEmulator({ surroundings, run, add, emulatorHelp }: Program): void {
  add('emulator', 'serve the embedded platform on loopback, for trials and tests')
    .option('--tenant <file>', 'the tenant file: apps, calendars, events (default: the bundled example)')
    .addOption(
      new Option('--port <n>', 'the port to listen on; 0 picks a free one').argParser(count(0)).default(0),
    )
    .option('--state <file>', 'keep the state in this file across runs')
    .addOption(
      new Option('--quota <mode>', 'enforce the rate windows')
        .choices(['documented', 'none'])
        .default('none'),
    )
    .addOption(new Option('--latency <ms>', 'milliseconds before each answer').argParser(count(0)).default(0))
    .option('--faults <file>', 'the faults file: what goes wrong, and when')
    .addHelpText('after', emulatorHelp)
    .action((options) =>
      run(async () => (await import('./commands/emulator.ts')).emulatorCommand(surroundings, options)),
    );
}

function addDemo({ surroundings, run, add }: Program): void {
  add('demo', 'run find, import, validate, plan and apply against the embedded platform').action(() =>
    run(async () => (await import('./commands/demo.ts')).demoCommand(surroundings)),
  );
}

function addVersion({ surroundings, run, add }: Program): void {
  add('version', 'print the version').action(() =>
    run(async () => {
      surroundings.stdout.write(`${toolInfo().version}\n`);
      return exitCodes.done;
    }),
  );
}
