import { Argument, InvalidArgumentError, Option } from 'commander';
import type { StoreAction } from './commands/store.ts';
import type { Program } from './definitions.ts';
import { exitCodeHelp, withFormat, withRedaction } from './option-groups.ts';
import { age, days, repeated } from './options.ts';
import type { Surroundings } from './surroundings.ts';
import type { ComingStore } from '../run/store.ts';
import { namesStore } from '../store/postgres/store.ts';

// The commands of the shared store, and how others have it on its way.

const storeHelp = `
Environment:
  ROLLCALL_STORE  the store, like postgres://rollcall@db.internal/rollcall?sslmode=verify-full
  PGPASSWORD, PGPASSFILE, PGUSER  its password and user, if ROLLCALL_STORE has none`;

export function addStore({ surroundings, run, add }: Program): void {
  withFormat(add('store', 'create the tables of the shared store, show its state, or delete old runs'), [
    'text',
    'json',
  ])
    .addArgument(new Argument('<action>', 'what to do').choices(['init', 'status', 'prune']))
    .option('--print', 'init: print the SQL for the owner of the database, and change nothing')
    .addOption(
      new Option('--older-than <days>', 'prune: delete runs older than this, like 400d').argParser(days),
    )
    .addHelpText('after', storeHelp)
    .action((action: StoreAction, options) =>
      run(async () => (await import('./commands/store.ts')).storeCommand(surroundings, action, options)),
    );
}

export function addHistory({ surroundings, run, add }: Program): void {
  const history = add('history', 'show who was added and removed by which run, from the shared store');
  withRedaction(withFormat(history, ['text', 'json', 'markdown']))
    .addOption(
      new Option('--event <name>', 'only events with this name; a glob; repeatable')
        .argParser(repeated)
        .default([], 'all'),
    )
    .option('--attendee <who>', 'only this person: an id, an address, or a handle from a Directory here')
    .option('--run <id>', 'only this run')
    .addOption(
      new Option('--commit <sha>', 'only runs of this commit; its first digits are enough').argParser(commit),
    )
    .addOption(new Option('--since <duration>', 'only changes this recent, like 30d or 12h').argParser(age))
    .option('--no-color', 'no colours (also NO_COLOR)')
    .addHelpText('after', `${exitCodeHelp}\n${storeHelp}`)
    .action((options) =>
      run(async () => (await import('./commands/history.ts')).historyCommand(surroundings, options)),
    );
}

function commit(text: string): string {
  if (!/^[0-9a-f]{4,64}$/i.test(text)) throw new InvalidArgumentError('Give 4 or more of its digits.');
  return text.toLowerCase();
}

/**
 * Loads a command and runs it. A shared store that the environment names is on its way meanwhile: a server takes about as long
 * to begin with a connection as a command to read its manifests. A command that needs none has it ended.
 */
export async function withStoreAhead<Loaded>(
  { env, signal }: Surroundings,
  load: () => Promise<Loaded>,
  run: (loaded: Loaded, coming: ComingStore | null) => Promise<number>,
): Promise<number> {
  if (!namesStore(env)) return run(await load(), null);
  const { comingStore, turn } = await import('../run/store.ts');
  const coming = await comingStore(env, signal);
  try {
    const loaded = await load();
    // What the server has answered meanwhile is dealt with.
    await turn();
    return await run(loaded, coming);
  } finally {
    coming?.drop();
  }
}
