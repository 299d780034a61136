import { counted } from '../../model/say.ts';
import { visible, visibleJson } from '../../report/escape.ts';
import { momentWords } from '../../report/view/moment.ts';
import { timeZoneOf } from '../../run/day.ts';
import { engine, withStore } from '../../run/store.ts';
import { UsageError, exitCodes } from '../../run/usage-error.ts';
import type { StoreStatus } from '../../store/postgres/status.ts';
import { print, type Surroundings } from '../surroundings.ts';

export type StoreAction = 'init' | 'status' | 'prune';

export interface StoreOptions {
  readonly format: string;
  readonly print?: true;
  /** Days */
  readonly olderThan?: number;
}

/** What a role is called where `ROLLCALL_STORE` names none. */
const usualRole = 'rollcall';

/** `rollcall store`: makes the tables of the shared store, shows what is in it, or forgets old runs. */
export async function storeCommand(
  surroundings: Surroundings,
  action: StoreAction,
  options: StoreOptions,
): Promise<number> {
  checkOptions(action, options);
  const { env, stdout } = surroundings;
  const zone = timeZoneOf(env);
  const told = async (value: object, ...lines: readonly string[]): Promise<number> => {
    const json = JSON.stringify({ formatVersion: '1', ...value }, null, 2);
    await print(
      stdout,
      options.format === 'json' ? visibleJson(`${json}\n`) : `${lines.map(visible).join('\n')}\n`,
    );
    return exitCodes.done;
  };
  if (options.print === true) {
    const { sqlForOwner } = await engine();
    await print(stdout, sqlForOwner(await roleIn(env)));
    return exitCodes.done;
  }
  return withStore(env, surroundings.signal, async (store) => {
    const { prune, statusOf } = await import('../../store/postgres/status.ts');
    const { migrate } = await engine();
    if (action !== 'status') await migrate(store);
    if (action === 'prune') {
      const pruned = await prune(store, options.olderThan ?? 0);
      const fleets = pruned.fleetRuns === 0 ? '' : ` and ${counted(pruned.fleetRuns, 'fleet run')}`;
      return told(
        { pruned },
        `Deleted ${counted(pruned.runs, 'run')}${fleets} older than ${counted(options.olderThan ?? 0, 'day')}.`,
      );
    }
    const status = await statusOf(store);
    if (action === 'init') {
      const { version, known } = status;
      return told({ version, known }, `The store (${store.where}) is ready: version ${version}.`);
    }
    return told({ store: store.where, ...status }, ...statusLines(status, store.where, zone));
  });
}

/** @throws UsageError */
function checkOptions(action: StoreAction, { print: printed, olderThan, format }: StoreOptions): void {
  if (printed === true && (action !== 'init' || format === 'json')) {
    throw new UsageError(
      '--print works only with store init, and not with --format json',
      'Run: rollcall store init --print',
    );
  }
  if ((action === 'prune') === (olderThan !== undefined)) return;
  throw action === 'prune'
    ? new UsageError('store prune needs --older-than', 'Say how old runs may be, like --older-than 400d.')
    : new UsageError(
        '--older-than works only with store prune',
        'Run: rollcall store prune --older-than 400d',
      );
}

/** Printing needs no store, but where one is named the SQL is for the user in it. */
async function roleIn(env: Surroundings['env']): Promise<string> {
  if ((env['ROLLCALL_STORE'] ?? '') === '') return usualRole;
  const { storeAddress } = await engine();
  return storeAddress(env)?.user ?? usualRole;
}

function statusLines(status: StoreStatus, where: string, zone: string): readonly string[] {
  const { version, known, open, held, fleets, thisMonth, runs, since } = status;
  const newer = version > known ? `, but this rollcall only knows ${known}: upgrade rollcall` : '';
  const older = version < known ? `; the next run, or rollcall store init, upgrades it to ${known}` : '';
  const lines = [
    version === 0
      ? `Store ${where}: no tables yet; the first run, or rollcall store init, creates them.`
      : `Store ${where}: version ${version}${newer}${older}.`,
  ];
  if (version < known) return lines;
  const from = since === null ? '' : `, the oldest of ${momentWords(since.toISOString(), zone)}`;
  lines.push(`Runs kept: ${runs}${from}.`, `Runs under way: ${open.length === 0 ? 'none' : open.length}.`);
  for (const { id, kind, origin, startedAt, expired } of open) {
    const by = [origin['job'], origin['actor'], origin['commit']].filter((one) => one !== undefined);
    const words = [kind, `since ${momentWords(startedAt.toISOString(), zone)}`, ...by];
    lines.push(`  ${id}  ${words.join(', ')}${expired ? ': not responding' : ''}`);
  }
  lines.push(`Events held: ${held.length === 0 ? 'none' : held.length}.`);
  for (const { key, run, since: from } of held) {
    lines.push(`  ${key}  by ${run}, since ${momentWords(from.toISOString(), zone)}`);
  }
  lines.push(`Fleet runs under way: ${fleets.length === 0 ? 'none' : fleets.length}.`);
  for (const { key, mode, startedAt, tenants, done, taken } of fleets) {
    const words = [
      mode,
      `since ${momentWords(startedAt.toISOString(), zone)}`,
      `${done} of ${counted(tenants, 'tenant')} done`,
    ];
    lines.push(
      `  ${key}  ${words.join(', ')}${taken === 0 ? ': no replica is working on it' : `, ${taken} taken`}`,
    );
  }
  for (const { account, calls } of thisMonth) lines.push(`Calls of this month: ${account} ${calls}.`);
  return lines;
}
