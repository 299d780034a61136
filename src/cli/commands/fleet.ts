import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { loadTenants, type Tenant } from '../../manifest/tenants.ts';
import type { FleetMode, FleetReport } from '../../model/fleet.ts';
import type { Plan } from '../../model/plan.ts';
import { counted } from '../../model/say.ts';
import { planJsonParts } from '../../report/json.ts';
import { runKey } from '../../run/origin.ts';
import { runFleet } from '../../run/fleet/run.ts';
import { fits, matchless } from '../../run/select.ts';
import { exitCodes, UsageError } from '../../run/usage-error.ts';
import { writePlan } from '../../store/plan-file.ts';
import { ask } from '../ask.ts';
import { checkFormat, type FormatOptions, renderFleet } from '../formats.ts';
import { printDiagnostics, printWarning } from '../messages.ts';
import type { RunOptions } from '../options.ts';
import { requestLine } from '../planning.ts';
import { startProgress, waitingWords } from '../progress.ts';
import { print, type Surroundings } from '../surroundings.ts';

export type FleetFlags = RunOptions &
  FormatOptions & {
    readonly run?: string;
    readonly selector: readonly string[];
    readonly maxRemovals: number;
    readonly changed?: true;
    readonly detailedExitcode?: true;
    readonly outDir?: string;
    readonly yes?: true;
    readonly autoApprove?: true;
    readonly verify: boolean;
    /** Milliseconds */
    readonly verifyTimeout: number;
    /** Milliseconds */
    readonly wait: number;
    readonly journalDir: string;
  };

/** `rollcall fleet plan|apply`: works through tenants, each with its own credentials, and prints one table of all. */
export async function fleetCommand(
  surroundings: Surroundings,
  mode: FleetMode,
  paths: readonly string[],
  options: FleetFlags,
): Promise<number> {
  checkFormat(options);
  checkOptions(mode, options);
  const loaded = loadTenants(paths);
  if (loaded.diagnostics.some(({ severity }) => severity === 'error')) {
    printDiagnostics(surroundings, loaded.diagnostics, options.color);
    return exitCodes.error;
  }
  const tenants = chosen(loaded.tenants, options.selector, paths, loaded.files);
  const key = runKey(options.run, surroundings.env);
  if (mode === 'apply') await approve(surroundings, tenants, options);
  const unknown = new Set<string>();
  const report = await worked(surroundings, { mode, tenants, key, unknown }, options);
  tellUnknown(surroundings, [...unknown].sort(), options);
  await print(surroundings.stdout, await renderFleet(surroundings, report, options));
  return report.exitCode;
}

/** @throws UsageError for an option of the other action */
function checkOptions(mode: FleetMode, options: FleetFlags): void {
  const { detailedExitcode, outDir, yes, autoApprove, verify } = options;
  const given: readonly (readonly [option: string, isGiven: boolean, of: FleetMode])[] = [
    ['--detailed-exitcode', detailedExitcode === true, 'plan'],
    ['--out-dir', outDir !== undefined, 'plan'],
    ['--yes', yes === true || autoApprove === true, 'apply'],
    ['--no-verify', !verify, 'apply'],
  ];
  for (const [option, isGiven, of] of given) {
    if (isGiven && of !== mode)
      throw new UsageError(`${option} works only with fleet ${of}`, `Leave ${option} out.`);
  }
}

/** The tenants that all selectors fit, by name. @throws UsageError where there are none */
function chosen(
  tenants: readonly Tenant[],
  selector: readonly string[],
  paths: readonly string[],
  files: number,
): readonly Tenant[] {
  if (tenants.length === 0) {
    const where = paths.length === 0 ? './' : paths.join(', ');
    throw new UsageError(
      `no Tenant in ${where} (read ${counted(files, 'YAML file')})`,
      'A fleet is made of manifests of kind Tenant; see: rollcall explain fleet-tenant',
    );
  }
  for (const pair of selector) {
    if (tenants.some(({ labels }) => fits(labels, pair))) continue;
    const pairs = tenants.flatMap(({ labels }) =>
      Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    );
    throw matchless(`--selector ${pair}`, pair, [...new Set(pairs)], 'tenant');
  }
  const all = tenants.filter(({ labels }) => selector.every((pair) => fits(labels, pair)));
  if (all.length > 0) return [...all].sort((one, other) => (one.name < other.name ? -1 : 1));
  const said = selector.map((pair) => `--selector ${pair}`).join(' ');
  throw new UsageError(`no tenant matches ${said}`, 'A tenant must match every --selector.');
}

/** @throws UsageError unless it was approved */
async function approve(
  surroundings: Surroundings,
  tenants: readonly Tenant[],
  { yes, autoApprove, maxRemovals }: FleetFlags,
): Promise<void> {
  if (yes === true || autoApprove === true) return;
  if (!surroundings.stdin.isTTY) {
    throw new UsageError(
      'fleet apply asks before it writes, and there is no terminal to ask on',
      'Pass --yes to apply without asking. Preview it first with: rollcall fleet plan',
    );
  }
  const what = `the manifests of ${counted(tenants.length, 'tenant')}`;
  const limit = `remove up to ${maxRemovals.toLocaleString('en')} attendees in all`;
  const answer = await ask(
    surroundings,
    `Apply ${what}, and ${limit}? Preview it with: rollcall fleet plan. Type "yes" to apply: `,
  );
  if (answer !== 'yes') throw new UsageError('not applied: only "yes" is accepted', 'Nothing was changed.');
}

/** What a fleet run is to do. `unknown` takes the sentences on files that are no variable of an account. */
interface FleetWork {
  readonly mode: FleetMode;
  readonly tenants: readonly Tenant[];
  readonly key: string | null;
  readonly unknown: Set<string>;
}

async function worked(
  surroundings: Surroundings,
  { mode, tenants, key, unknown }: FleetWork,
  options: FleetFlags,
): Promise<FleetReport> {
  const { env, signal, status } = surroundings;
  const what = mode === 'plan' ? 'Planning tenants' : 'Applying tenants';
  const counts = { done: 0, failed: 0 };
  const inFlight = new Map<string, number>();
  const progress = startProgress(
    surroundings,
    options,
    (done, total) => `${what}: ${done} of ${total}${counts.failed === 0 ? '' : `, ${counts.failed} failed`}`,
    tenants.length,
  );
  const { outDir } = options;
  try {
    return await runFleet({
      mode,
      env,
      signal,
      tenants,
      key,
      selector: options.selector,
      maxRemovals: options.maxRemovals,
      changed: options.changed === true,
      detailed: options.detailedExitcode === true,
      timeoutMs: options.timeout,
      journalDir: options.journalDir,
      verify: options.verify,
      verifyTimeoutMs: options.verifyTimeout,
      waitMs: options.wait,
      hasRoom: (underWay) => underWay < options.concurrency && hasMemory(),
      onUnknown: (sentence) => unknown.add(sentence),
      onDone: ({ name }, { exitCode }) => {
        inFlight.delete(name);
        counts.done += 1;
        if (exitCode !== exitCodes.done && exitCode !== exitCodes.pending) counts.failed += 1;
        progress.update(counts.done, tenants.length);
      },
      onInFlight: (tenant, count) => {
        inFlight.set(tenant, count);
        status?.inFlight([...inFlight.values()].reduce((sum, one) => sum + one, 0));
      },
      onOver: () => tellOver(surroundings, key, options),
      onWaiting: (waiting) => {
        status?.waiting(waiting.waitMs, (leftMs) => waitingWords(waiting, leftMs));
      },
      ...(outDir === undefined ? {} : { onPlan: (tenant, plan) => save(outDir, tenant, plan) }),
      ...(options.verbose === true ? { onRequest: requestLine(surroundings) } : {}),
    });
  } finally {
    progress.stop();
  }
}

function tellOver(surroundings: Surroundings, key: string | null, { color }: FleetFlags): void {
  surroundings.status?.hide();
  const over = `the run ${key ?? ''} had already ended, so nothing was done; its result is shown`;
  printWarning(surroundings, `${over}. Pass another --run for a new one.`, color);
}

/** Whether there is memory for the plan of another tenant. */
function hasMemory(): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used < limit / 2;
}

function save(folder: string, { name }: Tenant, plan: Plan): void {
  mkdirSync(folder, { recursive: true });
  writePlan(join(folder, `${name}.json`), planJsonParts(plan));
}

function tellUnknown(
  surroundings: Surroundings,
  sentences: readonly string[],
  { color, quiet }: FleetFlags,
): void {
  if (quiet === true) return;
  for (const sentence of sentences.slice(0, 10)) printWarning(surroundings, sentence, color);
  if (sentences.length > 10)
    printWarning(surroundings, `and ${sentences.length - 10} more such files`, color);
}
