import { defineConfig, type ViteUserConfig } from 'vitest/config';
import config from './vitest.config.ts';

/**
 * `npm run coverage`: what the unit and property tests reach of the modules that decide who is removed, and of the
 * transport below them. Tests that start the command line measure nothing here: it runs in a process of its own.
 */
const coverage: ViteUserConfig = defineConfig({
  test: {
    ...config.test,
    include: ['applier', 'diff', 'http', 'planner', 'property', 'providers'].map(
      (folder) => `test/${folder}/**/*.test.ts`,
    ),
    // The suite's own seeds are few; a rare line may need more.
    env: { ROLLCALL_SEEDS: '500' },
    coverage: {
      provider: 'v8',
      include: ['planner', 'applier', 'diff', 'http'].map((folder) => `src/${folder}/**/*.ts`),
      reporter: ['text', 'html'],
      reportsDirectory: 'coverage',
      // Every line runs; what is left of the branches is listed in test/README.md.
      thresholds: { lines: 100, branches: 98 },
    },
  },
});
export default coverage;
