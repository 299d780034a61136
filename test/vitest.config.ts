import { availableParallelism } from 'node:os';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest, then what else starts processes, and then what computes for seconds: starting a process takes the
 * longer the more memory its parent has, and what computes leaves much behind.
 */
const long = [
  /e2e\/(examples-ci|leases|shared-windows|install|package|store-failures|fleet|terminal|smoke\/)|browser|test\/examples-ci/,
  /\/(e2e|store\/postgres)\/|delivery|docs|pages|editor/,
  /contract|\/property\/|forecast|pace|limits/,
];

/** Long files come first, so that the workers end together: otherwise the largest would, and some long ones are small. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = long.findIndex((pattern) => pattern.test(moduleId));
      return found < 0 ? long.length : found;
    };
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => place(one) - place(other));
  }
}

/**
 * Room for what lives as long as a test, so that it is not looked through while the test runs: a fifth of the time. And Node
 * 20 optimizes a function later: most of a run is over before that pays, another fifth. Later versions know no such flag, as
 * they have a compiler that costs little.
 */
const flags = [
  '--max-semi-space-size=64',
  ...(process.versions.node.startsWith('20.') ? ['--interrupt-budget=1000000'] : []),
];

const config: ViteUserConfig = defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    environment: 'node',
    globalSetup: 'src/build/validators.mjs',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // No module keeps state, so files may share a process: importing everything anew for each took half the time.
    isolate: false,
    execArgv: flags,
    sequence: { sequencer: LongFirst },
    // Vitest would leave one core to itself. Many tests wait for what they have started: one worker more makes use of that.
    maxWorkers: availableParallelism() + 1,
  },
});
export default config;
