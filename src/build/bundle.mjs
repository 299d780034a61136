// The part of `npm run build` that makes the code in `dist/`; the declarations beside it are the compiler's. The command
// line is CommonJS in few files, because Node takes a third longer to start with an ES module, and longer with each
// file. The API is an ES module. The schemas become functions.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { validators } from './validators.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Packages that stay outside: the large ones that few commands load. All stay dependencies, so that their licences and
 * advisories come with the package.
 */
const outside = ['ajv'];

const external = [/^node:(?!child_process$)/, ...outside.map((name) => new RegExp(`^${name}(/|$)`))];

/** Commander runs programs for subcommands that are files of their own. There are none, and loading this takes long. */
const noPrograms = {
  name: 'no-programs',
  resolveId(id, importer) {
    if (id !== 'node:child_process') return null;
    return importer?.includes('/commander/') ? '\0no-programs' : { id, external: true };
  },
  load: (id) => (id === '\0no-programs' ? 'export {};' : null),
};

/** The name and version are known here: reading them takes part of the time that `--version` has. */
const ownVersion = {
  name: 'own-version',
  load(id) {
    if (id !== join(root, 'src/run/version.ts')) return null;
    const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return `export const toolInfo = () => (${JSON.stringify({ name, version })});`;
  },
};

/** `cli/main.js` is a file of its own: sharing code with the others, it would load some of them for its share. */
const apart = {
  name: 'apart',
  resolveId: (id) => (id === './built.ts' ? { id: './built.js', external: true } : null),
};

/**
 * What is used of `undici`, put together as its own index does: loading all of it, its fetch above all, takes longer than
 * everything else together.
 */
const slimUndici = {
  name: 'slim-undici',
  resolveId: (id) => (id === 'undici' ? '\0slim-undici' : null),
  load: (id) => {
    if (id !== '\0slim-undici') return null;
    const part = (file) => JSON.stringify(join(root, 'node_modules/undici/lib', file));
    return `import api from ${part('api/index.js')};
      import Dispatcher from ${part('dispatcher/dispatcher.js')};
      export { default as Agent } from ${part('dispatcher/agent.js')};
      export { default as ProxyAgent } from ${part('dispatcher/proxy-agent.js')};
      Object.assign(Dispatcher.prototype, api);`;
  },
};

/** Files of the build that are named at run time: `built.ts` loads them, as it does all others. */
const ownRequire = {
  name: 'own-require',
  resolveId: (id) => (id.startsWith('../../dist/') ? { id, external: true } : null),
  transform: (code, id) =>
    id.startsWith(join(root, 'src/')) && code.includes('createRequire(import.meta.url)')
      ? code.replace('createRequire(import.meta.url)', 'require')
      : null,
};

/** What every command loads is one file, and reading manifests another: each file takes time to open. */
const groups = [
  {
    name: 'common',
    test: /\/src\/(model\/|report\/(escape|words|terminal|diagnostics-text)\.|cli\/(duration|formats|ink|messages|print|usage-error)\.|run\/(duration|render|usage-error|version)\.)|rolldown.runtime/,
  },
  {
    name: 'reading',
    test: /\/(node_modules\/yaml|src\/manifest|src\/http\/clock|src\/report\/redact|src\/cli\/(commands\/validate|loading|redacting)\.|src\/run\/(day|manifests|select)\.)/,
  },
];

const plugins = [noPrograms, ownVersion];

/** The build of `yaml` in ES modules, of which only what is used is taken. */
const alias = { yaml: join(root, 'node_modules/yaml/browser/index.js') };

/** The names of its sources stand above a file: nothing else tells what it holds. */
const named = {
  minify: true,
  postBanner: ({ moduleIds }) =>
    moduleIds
      .filter((id) => id.startsWith(root))
      .map((id) => `// ${id.slice(root.length)}`)
      .join('\n'),
};

async function bundle(options, output) {
  const made = await rolldown({
    cwd: root,
    platform: 'node',
    preserveEntrySignatures: 'allow-extension',
    checks: { pluginTimings: false },
    ...options,
  });
  const { output: files } = await made.write({ dir: 'dist', ...output });
  await made.close();
  return files;
}

// Files that look for others of the package count two levels up to its root, from `src/` as from each folder here.
const common = { external, resolve: { alias } };
await bundle(
  { ...common, input: { 'cli/main': 'src/cli/main.ts' }, plugins: [apart, ...plugins] },
  { format: 'cjs', dynamicImportInCjs: false },
);
await bundle({ input: { 'cli/built': 'src/cli/built.ts' } }, { format: 'cjs' });
await bundle(
  { ...common, input: { 'cli/start': 'src/cli/start.ts' }, plugins: [...plugins, slimUndici, ownRequire] },
  {
    format: 'cjs',
    chunkFileNames: 'cli/[name].js',
    ...named,
    codeSplitting: { groups, includeDependenciesRecursively: false },
  },
);
writeFileSync(join(root, 'dist/cli/package.json'), '{ "type": "commonjs" }\n');

await bundle(
  { ...common, input: { 'api/index': 'src/index.ts' }, plugins },
  { format: 'esm', chunkFileNames: 'api/[name].js' },
);

// One by one: what two of them share would be a file of its own.
for (const { name, input, plugin } of validators(root)) {
  await bundle(
    { input, plugins: [plugin] },
    { format: 'cjs', entryFileNames: `validators/${name}.cjs`, ...named },
  );
}
