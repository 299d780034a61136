import { join } from 'node:path';
import { farAway, rejectedCalls } from './far.mjs';
import { manifests } from './manifests.mjs';
import {
  credentials,
  here,
  median,
  rollcall,
  run,
  usage,
  withFolder,
  withPlatform,
  withServer,
} from './processes.mjs';
import { manifestFiles, manifestsOf, mixed, tenantOf } from './scenes.mjs';

/** Measures both in turn and compares each with its neighbour: what else the machine does hits both. */
async function ratio(times, measured, base) {
  const pairs = [];
  for (let round = 0; round < times; round += 1) {
    const below = await base();
    pairs.push({ above: await measured(), below });
  }
  return {
    value: median(pairs.map(({ above, below }) => above / below)),
    measured: median(pairs.map(({ above }) => above)),
    base: median(pairs.map(({ below }) => below)),
  };
}

const wall = async (args, options) => (await run(args, options)).ms;

/** 600 calls at 50 in any second and 1000 in any minute: the last 50 cannot start before 11 s. */
async function quota() {
  const floor = 11_000;
  const events = 600;
  return withPlatform(tenantOf(events, 3), ['--quota', 'documented'], (url) =>
    withFolder(manifestsOf(events, 3), async (folder) => {
      const times = [];
      for (let round = 0; round < 3; round += 1) {
        const { stdout } = await run([join(here, 'list-events.mjs'), folder], { env: credentials(url) });
        const { ms, used, complete } = JSON.parse(stdout);
        // One asks who has left. A call that was rejected is sent again, and counted again.
        if (!complete || used !== events + 1) throw new Error(`${used} calls for ${events} listings`);
        times.push(ms);
        await new Promise((resolve) => {
          setTimeout(resolve, 60_000);
        });
      }
      return { value: median(times) / floor, measured: median(times), base: floor };
    }),
  );
}

async function planning() {
  const events = 200;
  return withPlatform(tenantOf(events, 1000), [], (url) =>
    withFolder(manifestsOf(events, 1000), (folder) => {
      const env = { ...credentials(url), ROLLCALL_QUOTA: 'none' };
      return ratio(
        5,
        () => wall([rollcall, 'plan', folder], { env }),
        () => wall([join(here, 'fetch-pages.mjs'), url, String(events)]),
      );
    }),
  );
}

/** Processor time, so that no server and no other process is in it. */
async function processorTime() {
  const [events, attendees] = ['200', '1000'];
  return withServer([join(here, 'serve-pages.mjs'), events, attendees], (url) =>
    withFolder(manifestsOf(Number(events), Number(attendees)), (folder) => {
      const env = { ...credentials(url), ROLLCALL_QUOTA: 'none' };
      const cpu = async (args) => (await usage(args, { env })).cpuMs;
      return ratio(
        5,
        () => cpu([rollcall, 'plan', folder]),
        () => cpu([join(here, 'bare-plan.mjs'), url, folder, events]),
      );
    }),
  );
}

async function memory() {
  return withPlatform(tenantOf(2000, 200), [], (url) =>
    withFolder(manifestsOf(200, 200), (few) =>
      withFolder(manifestsOf(2000, 200), (many) => {
        const env = { ...credentials(url), ROLLCALL_QUOTA: 'none' };
        const peak = (folder) => async () => (await usage([rollcall, 'plan', folder], { env })).mebibytes;
        return ratio(3, peak(many), peak(few));
      }),
    ),
  );
}

/** One removal in each event, on a platform that nobody has changed yet. */
function memoryOfApply() {
  const peak = (events) => () =>
    withPlatform(tenantOf(events, 200), [], (url) =>
      withFolder(manifestsOf(events, 199), async (folder) => {
        const options = ['--auto-approve', '--max-removals', '2000', '--journal-dir', join(folder, 'runs')];
        const env = { ...credentials(url), ROLLCALL_QUOTA: 'none' };
        return (await usage([rollcall, 'apply', folder, ...options], { env })).mebibytes;
      }),
    );
  return ratio(3, peak(2000), peak(200));
}

const nothing = () => wall(['-e', '0']);

const version = () => ratio(21, () => wall([rollcall, '--version']), nothing);

function validateOne() {
  return withFolder(manifestFiles(1, 3), (folder) =>
    ratio(21, () => wall([rollcall, 'validate', folder]), nothing),
  );
}

function validateMany() {
  return withFolder(manifestFiles(300, 500), (folder) =>
    ratio(
      5,
      () => wall([rollcall, 'validate', folder]),
      () => wall([join(here, 'parse-yaml.mjs'), folder]),
    ),
  );
}

async function calls() {
  return withPlatform(mixed.tenant, [], (url) =>
    withFolder(mixed.manifests, async (folder) => {
      const args = ['apply', folder, '--auto-approve', '--verbose', '--max-removals', '2000'];
      const { stderr } = await run([rollcall, ...args, '--journal-dir', join(folder, 'runs')], {
        env: credentials(url),
      });
      const sent = stderr.match(/^(?:GET|POST|DELETE) http/gm).length;
      return { value: sent / mixed.fewest, measured: sent, base: mixed.fewest };
    }),
  );
}

/** What is measured, and the most that it may be. */
export const figures = [
  { name: 'quota', limit: 1.05, unit: 'ms', title: '600 listings / the quota’s own floor', measure: quota },
  {
    name: 'plan',
    limit: 1.3,
    unit: 'ms',
    title: 'plan 200 x 1,000 / undici and JSON.parse',
    measure: planning,
  },
  { name: 'version', limit: 1.2, unit: 'ms', title: '--version / node -e 0', measure: version },
  {
    name: 'validate-one',
    limit: 2.2,
    unit: 'ms',
    title: 'validate one manifest / node -e 0',
    measure: validateOne,
  },
  {
    name: 'manifests',
    limit: 1,
    unit: 'ms',
    title: '4 MiB of mistakes / 10 s, 1 GiB',
    measure: () => manifests(),
  },
  { name: 'calls', limit: 1, unit: 'calls', title: 'calls on the wire / the fewest', measure: calls },
  { name: 'memory', limit: 1.25, unit: 'MiB', title: 'peak of plan, 2,000 events / 200', measure: memory },
  {
    name: 'plan-far',
    limit: 1.15,
    unit: 'ms',
    title: 'plan of 400 changed events, answers after 20 to 300 ms / the floor',
    measure: () => farAway('plan'),
  },
  {
    name: 'apply-far',
    limit: 1.2,
    unit: 'ms',
    title: 'apply of 400 changed events, answers after 20 to 300 ms / the floor',
    measure: () => farAway('apply'),
  },
  {
    name: 'rejected',
    limit: 0,
    unit: 'calls',
    title: 'calls that the platform rejected meanwhile',
    measure: rejectedCalls,
  },
  {
    name: 'memory-apply',
    limit: 1.3,
    unit: 'MiB',
    title: 'peak of apply, 2,000 changed events / 200',
    measure: memoryOfApply,
  },
  {
    name: 'plan-cpu',
    limit: 1.35,
    unit: 'ms',
    title: 'processor time of plan, 200 x 1,000 / undici, JSON.parse and yaml',
    measure: processorTime,
  },
  {
    name: 'validate-many',
    limit: 1,
    unit: 'ms',
    title: 'validate 300 x 500 / yaml alone',
    measure: validateMany,
  },
];
