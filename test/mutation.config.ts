import { defineConfig, type ViteUserConfig } from 'vitest/config';
import config from './vitest.config.ts';

/** The tests that mutants are held against: those of the decisions, and the simulations over a few schedules. */
const mutation: ViteUserConfig = defineConfig({
  test: {
    ...config.test,
    include: [
      ...['planner', 'applier', 'diff'].map((folder) => `test/${folder}/**/*.test.ts`),
      ...['apply', 'diff', 'order', 'revert'].map((name) => `test/property/${name}.test.ts`),
    ],
    env: { ROLLCALL_SEEDS: '100' },
  },
});
export default mutation;
