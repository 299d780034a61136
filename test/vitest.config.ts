import { defineConfig, type ViteUserConfig } from 'vitest/config';

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
    // Vitest leaves one core to itself and would run on one of two; it needs little of it.
    maxWorkers: '100%',
  },
});
export default config;
