import { setFlagsFromString } from 'node:v8';
import { counted } from '../model/say.ts';
import type { RequestEvent } from '../http/transport.ts';
import { given } from '../model/given.ts';
import { type ProviderId, platforms } from '../platforms/index.ts';
import type { Compared } from '../run/changed-from.ts';
import type { Reload } from '../run/lock/resolve.ts';
import type { Forecast } from '../run/forecast.ts';
import { findManifests, type FoundManifests } from '../run/manifests.ts';
import {
  defaultMaxRemovals,
  type Display,
  type ManifestPlanSettings,
  planManifests,
  type Planned,
  type PlanSettings,
} from '../run/plan.ts';
import { openSessions, type Sessions } from '../run/sessions.ts';
import { printSkipped, printWarning } from './messages.ts';
import type { GuardFlags, RunOptions, SelectOptions } from './options.ts';
import { progressWords, startProgress, waitingWords } from './progress.ts';
import type { Surroundings } from './surroundings.ts';

export type PlanningOptions = SelectOptions &
  RunOptions &
  GuardFlags & {
    /** Manifests to compare with: events that want the same there are left out. */
    readonly changedFrom?: string;
    /** Where runs have their journals. */
    readonly journalDir?: string;
    /** Whom the lock lacks is looked up. */
    readonly resolve?: true;
  };

/**
 * How much the HTTP client's parser does, in bytes or so, before V8 compiles it anew beside it: some hundred full answers. That
 * takes a quarter of a second of a core, and Node waits for it at the end of a command that is over sooner. V8's own value is
 * reached by the first answer.
 */
const parserBudget = 1_000_000_000;

/** The last major version of Node in which V8 was seen to have the setting: of one that it lacks it would print an error. */
const lastTriedNode = 24;

/** Sets it for the process. Not in the API: there the process is somebody else's. */
function putOffParser(): void {
  if (Number.parseInt(process.versions.node, 10) > lastTriedNode) return;
  setFlagsFromString(`--wasm-tiering-budget=${parserBudget}`);
}

/** Opens the sessions of a command, each request shown where that was asked for. */
export function open(
  surroundings: Surroundings,
  providers: Iterable<ProviderId>,
  options: Pick<RunOptions, 'timeout' | 'verbose' | 'coming'>,
  onAnswer?: (event: RequestEvent) => void,
): Promise<Sessions> {
  const tell = options.verbose === true ? requestLine(surroundings) : undefined;
  const onRequest = (event: RequestEvent): void => {
    tell?.(event);
    onAnswer?.(event);
  };
  putOffParser();
  return openSessions(providers, {
    env: surroundings.env,
    timeoutMs: options.timeout,
    signal: surroundings.signal,
    ...given({ coming: options.coming }),
    onInFlight: (count) => {
      surroundings.status?.inFlight(count);
    },
    onWaiting: (waiting) => {
      surroundings.status?.waiting(waiting.waitMs, (leftMs) => waitingWords(waiting, leftMs));
    },
    ...given({ onRequest: tell === undefined && onAnswer === undefined ? undefined : onRequest }),
  });
}

/** Plans the chosen events. `rereads`: whether apply will read each event again before it writes. */
export function plan(
  surroundings: Surroundings,
  paths: readonly string[],
  loaded: FoundManifests,
  options: PlanningOptions,
  rereads: boolean,
): Promise<Planned> {
  return planManifests(loaded, {
    ...planSettings(surroundings, options),
    resolve: options.resolve === true ? reloading(surroundings, paths, loaded) : undefined,
    rereads,
  });
}

/** Reads the same manifests again, for the same day. */
export function reloading(
  { env }: Surroundings,
  paths: readonly string[],
  { desired: { asOf } }: FoundManifests,
): Reload {
  return (lines) => findManifests(paths, { env, asOf, unlocked: 'silent', lines });
}

/** What the options mean for planning. */
export function planSettings(
  surroundings: Surroundings,
  options: GuardFlags & RunOptions & Partial<PlanningOptions>,
): Omit<ManifestPlanSettings, 'rereads'> & Required<Pick<PlanSettings, 'display'>> {
  const { env, signal } = surroundings;
  const { target = [], exclude = [], selector = [] } = options;
  return {
    env,
    signal,
    selection: { target, exclude, selector },
    allowRemovals: options.allowRemovals,
    maxRemovals: options.maxRemovals ?? defaultMaxRemovals,
    concurrency: options.concurrency,
    changedFrom: options.changedFrom,
    journalDir: options.journalDir,
    onCompared: (compared) => {
      printCompared(surroundings, compared, options);
    },
    open: (providers) => open(surroundings, providers, options),
    display: (sessions, forecast, total) =>
      Promise.resolve(display(surroundings, options, { what: 'Reading events', sessions, forecast, total })),
  };
}

/** Work on events that goes on. */
interface Ongoing {
  /** `Reading events` */
  readonly what: string;
  readonly sessions: Sessions;
  readonly forecast: Forecast;
  readonly total: number;
  /** How many of them wait for another run. */
  readonly held?: () => number;
}

/** Shows how the work goes on. */
export function display(
  surroundings: Surroundings,
  options: RunOptions,
  { what, sessions, forecast, total, held = () => 0 }: Ongoing,
): Display {
  const usedBefore = sessions.requests();
  return startProgress(
    surroundings,
    options,
    (done, of) => {
      const calls = sessions.requests() - usedBefore;
      return progressWords(what, { done, total: of, calls, held: held() }, forecast.leftMs());
    },
    total,
  );
}

function printCompared(
  surroundings: Surroundings,
  { path, same, errors }: Compared,
  options: Pick<RunOptions, 'color' | 'quiet'>,
): void {
  if (errors > 0) {
    printWarning(
      surroundings,
      `the manifests in ${path} have ${counted(errors, 'error')}, so every event is planned; see: rollcall validate ${path}`,
      options.color,
    );
  } else if (same > 0 && options.quiet !== true) {
    const what = same === 1 ? '1 event that is' : `${same} events that are`;
    surroundings.stderr.write(`Left out ${what} the same in ${path}.\n`);
  }
}

/** Tells of the calls that an organisation has few of a month; those for people are not among them. */
export function printMetered(
  { stderr }: Surroundings,
  provider: ProviderId,
  calls: number,
  { quiet }: Pick<RunOptions, 'quiet'>,
): void {
  const { title, monthlyCalls } = platforms[provider];
  if (monthlyCalls === null || quiet === true) return;
  const count = calls === 1 ? '1 call counts' : `${calls} calls count`;
  const month = monthlyCalls.toLocaleString('en');
  stderr.write(`${title}: ${count} toward the ${month} a month that an organisation has.\n`);
}

/** One line a request: what was called, how it ended, how long it took. Never a header or a body. */
export function requestLine({ stderr, redactor }: Surroundings): (event: RequestEvent) => void {
  return ({ api, method, url, status, error, durationMs, attempt }) => {
    const again = attempt > 1 ? `, try ${attempt}` : '';
    // Paths name people too, percent-encoded: DingTalk's begin with the organizer.
    const called = redactor === undefined ? url : `${new URL(url).host} ${api}`;
    stderr.write(`${method} ${called} ${status ?? error ?? ''} (${Math.round(durationMs)} ms${again})\n`);
  };
}

/** Reads and checks the manifests, and says what was left out. */
export function load(
  surroundings: Surroundings,
  paths: readonly string[],
  options: { readonly asOf?: string; readonly quiet?: true; readonly resolve?: true },
): FoundManifests {
  const unlocked = options.resolve === true ? 'silent' : 'error';
  const found = findManifests(paths, { env: surroundings.env, asOf: options.asOf, unlocked });
  printSkipped(surroundings, found.skipped, options.quiet === true);
  return found;
}
