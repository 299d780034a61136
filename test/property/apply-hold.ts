import type { Plan } from '../../src/model/plan.ts';
import { applied, planRun } from '../applier/scenario.ts';
import { changesOf, holdEffects, holdExit, holdReplaced, holdTold, isSo } from './apply-laws.ts';
import { type Simulated, planIn, runOf } from './apply-run.ts';
import type { Schedule } from './apply-schedule.ts';
import { law } from './seeds.ts';

/** Holds a schedule against all laws: as it runs, in its result, and after the next run. */
export async function hold(schedule: Schedule): Promise<void> {
  const run = await runOf(schedule, await planIn(schedule));
  holdEffects(schedule, run);
  holdReplaced(schedule, run);
  holdTold(schedule, run);
  holdExit(schedule, run);
  if (schedule.touched.size > 0 || run.turned) return;
  if (run.result.exitCode === 0 && schedule.verify) await holdInSync(schedule, run.plan);
  const declines = schedule.world.feishu.roomReply === 'declined';
  if (schedule.settles && !declines) await holdResume(schedule, run);
}

/** After a converged apply a new plan has nothing to do for its events. */
async function holdInSync({ world, events }: Schedule, plan: Plan): Promise<void> {
  const applied = new Set(changesOf(plan).map(([{ name }]) => name));
  const next = await planRun(world, events);
  for (const { name, changes } of next.plan.events) {
    const open = changes.filter(({ certain }) => certain);
    const empty = !applied.has(name) || open.length === 0;
    law('the plan after a converged apply is empty', empty, () => `${name}: ${JSON.stringify(open)}`);
  }
}

/** After whatever happened the next run finishes the work, and one more writes nothing. */
async function holdResume(schedule: Schedule, run: Simulated): Promise<void> {
  const { world, events, replans } = schedule;
  const plan = replans ? (await planRun(world, events)).plan : run.plan;
  const finish = async (which: string): Promise<void> => {
    const { result } = await applied(world, plan);
    for (const { name, outcome } of result.events) {
      const fine = ['converged', 'unchanged', 'refused'].includes(outcome) || isUnknown(plan, name);
      law(`the ${which} run after it is through`, fine, () => `${name}: ${outcome}`);
    }
  };
  await finish('next');
  for (const [event, change] of changesOf(plan)) {
    const so = isSo(schedule, event, change) === true;
    law('the next run finishes what was begun', so, () => `${event.name}: ${JSON.stringify(change)}`);
  }
  await world.clock.sleep(60_000);
  const written = (): number => world.feishu.writes.length + world.dingtalk.writes.length;
  const before = written();
  await finish('last');
  const certain = changesOf(plan).every(([, change]) => change.certain);
  law(
    'a finished plan writes nothing',
    !certain || written() === before,
    () => `${written() - before} calls`,
  );
  await holdInSync(schedule, plan);
}

/** What could not be read is left alone; a plan from before does not come to know it. */
function isUnknown(plan: Plan, name: string): boolean {
  return plan.events.some((event) => event.name === name && event.status === 'unknown');
}
