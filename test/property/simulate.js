/**
 * `npm run simulate -- --seeds N [--from SEED]`: the simulations over more schedules than a test run has time for.
 * Prints what was run and how fast; a broken law with the command that runs its seed again.
 */
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import { scale } from './scale.mjs';

const files = [
  'apply',
  'apply-whole',
  'google',
  'revert',
  'revert-whole',
  'order',
  'occurrences',
  'memberships',
  'leases',
  'lying-plans',
  'lying-journals',
].map((name) => `test/property/${name}.test.ts`);
const usage = `usage: npm run simulate -- [--seeds N] [--from SEED]
       npm run simulate -- --scale
  --seeds N    schedules of each simulation (10000)
  --from SEED  the first one's seed (0)
  --scale      instead: thousands of events under the documented windows, in virtual time`;

function fail(message) {
  process.stderr.write(`${message}\n${usage}\n`);
  process.exit(1);
}

function numberOf(name, text, least) {
  const number = Number(text);
  const fits = /^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least;
  if (!fits) fail(`--${name} takes a whole number from ${least} on, not "${text}"`);
  return number;
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: 'string', default: '10000' },
        from: { type: 'string', default: '0' },
        scale: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      process.stdout.write(`${usage}\n`);
      process.exit(0);
    }
    const { scale: isScale = false } = values;
    return { seeds: numberOf('seeds', values.seeds, 1), from: numberOf('from', values.from, 0), isScale };
  } catch (error) {
    return fail(error.message);
  }
}

const { seeds, from, isScale } = options();
if (isScale) process.exit((await scale()) ? 0 : 1);
process.env.ROLLCALL_SEEDS = String(seeds);
process.env.ROLLCALL_SEED = String(from);
process.stdout.write(`seeds ${from} to ${from + seeds - 1}\n`);

const vitest = await startVitest('test', files, {
  config: 'test/vitest.config.ts',
  run: true,
  watch: false,
  reporters: [{}],
  // Each file on its own: what is printed is how fast one of them is alone on its core.
  isolate: true,
});
let ran = 0;
let broken = 0;
let total = 0;
let schedules = 0;
for (const module of vitest.state.getTestModules()) {
  for (const { message } of module.errors()) process.stderr.write(`${message}\n`);
  for (const test of module.children.allTests()) {
    ran += 1;
    total += test.diagnostic()?.duration ?? 0;
    const seconds = (test.diagnostic()?.duration ?? 0) / 1000;
    const { state, errors = [] } = test.result();
    const own = Number(/(\d+) schedules/.exec(test.name)[1]);
    schedules += own;
    if (state === 'passed') {
      const rate = Math.round(own / Math.max(seconds, 0.001));
      process.stdout.write(`held: ${test.name}: ${seconds.toFixed(1)} s, ${rate} schedules a second\n`);
    } else {
      broken += 1;
      process.stdout.write(`broken: ${test.name}\n${errors.map(({ message }) => message).join('\n')}\n`);
    }
  }
}
const rate = Math.round((schedules * 1000) / Math.max(total, 1));
process.stdout.write(`${schedules} schedules, ${rate} a second\n`);
await vitest.close();
for (const error of vitest.state.getUnhandledErrors()) process.stderr.write(`${String(error)}\n`);
// Nothing that ran is nothing that held.
process.exitCode = broken > 0 || ran < files.length ? 1 : 0;
