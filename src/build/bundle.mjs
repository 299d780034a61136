// The part of `npm run build` that makes the code in `dist/`: bundled, so that a command reads few files at its start,
// and the schemas as functions. The declarations beside it are the compiler's.
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { validators } from './validators.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Packages that are bundled: every command loads them, and both are dozens of files or parts that nothing here uses.
 * They stay dependencies all the same, so that their licences and advisories come with the package.
 */
const bundled = ['yaml', 'commander'];

/** @param {string} id */
function isExternal(id) {
  if (/^[./]/.test(id) || id.startsWith('\0')) return false;
  return !bundled.includes(id);
}

async function bundleProgram() {
  const bundle = await rolldown({
    cwd: root,
    input: { 'cli/main': 'src/cli/main.ts', index: 'src/index.ts' },
    platform: 'node',
    external: isExternal,
  });
  // Files that look for others of the package count two levels up to its root, from `src/` as from here.
  const { output } = await bundle.write({ dir: 'dist', format: 'esm', chunkFileNames: 'chunks/[name].js' });
  await bundle.close();
  for (const file of output) {
    if (file.type !== 'chunk' || file.fileName.includes('/')) continue;
    if (file.code.includes('import.meta')) throw new Error(`${file.fileName} would look beside the package`);
  }
}

async function bundleValidators() {
  const { input, plugin } = validators(root);
  const bundle = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    plugins: [plugin],
    checks: { pluginTimings: false },
  });
  // CommonJS can be loaded when it is needed without waiting.
  await bundle.write({
    dir: 'dist',
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'validators/[name].cjs',
  });
  await bundle.close();
}

await bundleProgram();
await bundleValidators();
