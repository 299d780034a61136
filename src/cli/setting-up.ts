import { Argument, Option } from 'commander';
import type { Program } from './definitions.ts';
import { environmentHelp, titlesOf } from './help-texts.ts';
import { exitCodeHelp, withFormat, withPaths, withRunning } from './option-groups.ts';
import { providerIds } from '../platforms/index.ts';

// The commands that begin a folder and a shell.

/** What `--ci` takes; the recipes themselves are loaded with the command. */
const ciHosts = ['github', 'gitlab', 'jenkins', 'yunxiao', 'gitee'];
const shells = ['bash', 'zsh', 'fish'];

const reviewHelp = `
Environment, as GitHub Actions and GitLab CI set it:
  github  GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_EVENT_PATH or GITHUB_REF, GITHUB_API_URL
  gitlab  GITLAB_TOKEN (scope api), CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID`;

export function addInit({ surroundings, run, add }: Program): void {
  add('init', 'write the first manifests and their supporting files; existing files are kept')
    .argument('[dir]', 'the folder (default: the current one)')
    .addOption(new Option('--provider <name>', 'the platform of the first manifest').choices(providerIds))
    .addOption(new Option('--ci <host>', 'also write a recipe that plans and applies there').choices(ciHosts))
    .action((folder: string | undefined, options) =>
      run(async () => (await import('./commands/init.ts')).initCommand(surroundings, folder ?? '.', options)),
    );
}

export function addDoctor({ surroundings, run, add }: Program): void {
  const doctor = withPaths(
    add('doctor', 'check credentials, permissions, calendars and events; changes nothing'),
  );
  withRunning(withFormat(doctor, ['text', 'json']))
    .addOption(
      new Option('--provider <name>', 'only this platform (default: those of the manifests)').choices(
        providerIds,
      ),
    )
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`)
    .action((paths: string[], options) =>
      run(async () => (await import('./commands/doctor.ts')).doctorCommand(surroundings, paths, options)),
    );
}

export function addSmoke({ surroundings, run, add }: Program): void {
  const whose = titlesOf(({ event }) => event.organizer !== 'none');
  withRunning(add('smoke', 'check on a real platform, with a test event, what its API pages leave open'))
    .addOption(new Option('--provider <name>', 'the platform').choices(providerIds).makeOptionMandatory())
    .option(
      '--calendar <id>',
      `the calendar for the test event; needed on ${titlesOf(({ event }) => event.calendarId === 'required')}`,
    )
    .option('--organizer <id>', `whose calendar that is; needed on ${whose}`)
    .requiredOption(
      '--attendee <id>',
      'a test person of the organisation, who is invited without a notification',
    )
    .option('--event <id>', 'use this event, and try only what can be undone (default: create one)')
    .option(
      '--address <address>',
      `another test person, on ${titlesOf(({ event }) => event.userIds.length > 0)}`,
    )
    .option(
      '--external <id>',
      `somebody from another tenant, on ${titlesOf(({ event }) => event.userIds.length > 0)}`,
    )
    .option(
      '--alias <address>',
      `another address of the test person, on ${titlesOf(({ event }) => event.people === 'email')}`,
    )
    .option('--yes', 'do not ask before each write')
    .addHelpText('after', `${exitCodeHelp}\n${environmentHelp}`)
    .action((options) =>
      run(async () => (await import('./commands/smoke.ts')).smokeCommand(surroundings, options)),
    );
}

export function addComment({ surroundings, run, add }: Program): void {
  add('comment', 'write the plan as a comment on a pull or merge request, or update it')
    .argument('<file>', 'a report in Markdown: rollcall plan --format markdown >FILE')
    .addOption(
      new Option('--on <site>', 'the site with the request')
        .choices(['github', 'gitlab'])
        .makeOptionMandatory(),
    )
    .option('--labels', 'also label the request with what the plan does, like "rollcall: remove"')
    .addHelpText('after', `${exitCodeHelp}\n${reviewHelp}`)
    .action((file: string, options) =>
      run(async () => (await import('./commands/comment.ts')).commentCommand(surroundings, file, options)),
    );
}

export function addCompletion({ surroundings, run, add, whole }: Program): void {
  add('completion', 'print a script that completes commands, options and event names')
    .addArgument(new Argument('<shell>', 'for which shell').choices(shells))
    .action((shell: string) =>
      run(async () =>
        (await import('./commands/completion.ts')).completionCommand(surroundings, shell, whole()),
      ),
    );
}

/** What completion scripts ask; help does not show it. */
export function addEvents({ surroundings, run, add }: Program): void {
  add('__events', 'names of events', { hidden: true })
    .argument('[path...]', 'files and folders with manifests')
    .action((paths: string[]) =>
      run(async () => (await import('./commands/completion.ts')).eventsCommand(surroundings, paths)),
    );
}

const schemaNames = [
  'manifest',
  'event',
  'roster',
  'directory',
  'fleet-tenant',
  'lock',
  'plan',
  'result',
  'fleet',
  'journal',
  'tenant',
  'faults',
];

export function addSchema({ surroundings, run, add }: Program): void {
  add('schema', 'print a JSON Schema')
    .addArgument(
      new Argument('[name]', 'which one; manifest covers all kinds and is meant for editors')
        .choices(schemaNames)
        .default('manifest'),
    )
    .action((name: string) =>
      run(async () => (await import('./commands/schema.ts')).schemaCommand(surroundings, name)),
    );
}

export function addExplain({ surroundings, run, add }: Program): void {
  add('explain', 'print what a key of a manifest means, its default and an example')
    .argument('[key]', 'its path, like event.spec.guards (default: the kinds of file)')
    .action((key: string | undefined) =>
      run(async () => (await import('./commands/explain.ts')).explainCommand(surroundings, key)),
    );
}
