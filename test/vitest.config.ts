import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes seconds a file, whatever its size. */
const long =
  /\/(property|contract)\/|\.browser\.|examples-ci|\/(action|docs|editor|install|package|forecast|pace|terminal|resume|mistakes|limits)\.test/;

/** Long files come first, so that the workers end together: otherwise the largest would, and some long ones are small. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => long.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

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
    // Room for what lives as long as a test, so that it is not looked through while the test runs: a fifth of the time.
    execArgv: ['--max-semi-space-size=64'],
    sequence: { sequencer: LongFirst },
    // Vitest leaves one core to itself and would run on one of two; it needs little of it.
    maxWorkers: '100%',
  },
});
export default config;
