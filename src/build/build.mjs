// What `npm run build` does once the compiler has written the types: `dist/` gets few files, each of a part of `src/`,
// because opening each takes time of a short command; and of the types those that a program can come across.
// They are CommonJS, as are the packages that they load: so Node starts a command without its loader of ES modules.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { minifySync } from 'rolldown/utils';
import { writeEmulatorSchemas } from './emulator-schemas.mjs';
import { writeManifestSchema } from './manifest-schema.mjs';
import { pruneTypes } from './types.mjs';
import { writeValidators } from './validators.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');

/** What decides on changes and makes them stays as it is written, and can be read where it is installed. */
const readable = /\/src\/(planner|applier|http)\//;

/** Packages stay where npm installs them, and can be repaired there. */
const isPackage = (id) => /^[^./\0]/.test(id) && !id.startsWith(root);

async function bundle() {
  const build = await rolldown({
    cwd: root,
    input: { index: 'src/index.ts', 'cli/main': 'src/cli/main.ts' },
    platform: 'node',
    external: isPackage,
    checks: { ineffectiveDynamicImport: false },
  });
  const { output } = await build.write({
    dir: dist,
    format: 'cjs',
    entryFileNames: '[name].js',
    // They stand in the sources, which are named where the code of each begins: here they would be a tenth of the package.
    comments: false,
    // As deep as the sources are, from where they look for files of the package.
    chunkFileNames: 'parts/[name].js',
  });
  // A helper of the bundler's own would be missing where the package is installed.
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const { imports, dynamicImports, fileName } of output) {
    for (const id of [...imports, ...dynamicImports].filter((one) => isPackage(one) && !isBuiltin(one))) {
      const name = /^(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? id;
      if (!Object.hasOwn(dependencies, name) && !output.some((chunk) => chunk.fileName === id))
        throw new Error(`${fileName} imports ${id}, which npm does not install with the package`);
    }
  }
  writeNotices(output);
  // The rest is the embedded platform, what was made of the schemas, and what reads, asks and prints: most of the package.
  for (const { fileName, code, moduleIds = [] } of output) {
    if (code === undefined || moduleIds.some((id) => readable.test(id))) continue;
    writeFileSync(join(dist, fileName), minifySync(fileName, code, { module: true }).code);
  }
}

/** Whose code is in `dist/` beside our own: what the bundler puts before its output, and what validators are made of. */
const makers = [
  { name: 'rolldown', of: 'helpers that join the files', made: /^\0rolldown\// },
  { name: 'ajv', of: 'functions made of the schemas', made: /\/src\/validators\// },
];

/** Ships the licences of code that is not ours. */
function writeNotices(output) {
  const ids = output.flatMap((chunk) => chunk.moduleIds ?? []);
  const strange = ids.filter(
    (id) => !id.startsWith(join(root, 'src/')) && !makers.some(({ made }) => made.test(id)),
  );
  if (strange.length > 0) throw new Error(`no licence is shipped for ${strange.join(', ')}`);
  const notices = makers
    .filter(({ made }) => ids.some((id) => made.test(id)))
    .map(({ name, of }) => {
      const { version, license } = JSON.parse(
        readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
      );
      const text = readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8').trim();
      return `${name} ${version} (${license}): ${of}\n\n${text}\n`;
    });
  const head = 'Some of the code in this folder is not of rollcall but of these, under their licences.\n';
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), [head, ...notices].join(`\n${'-'.repeat(80)}\n\n`));
}

writeFileSync(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
writeValidators();
writeManifestSchema();
pruneTypes(dist);
await bundle();
// npm makes it so where it installs the package; an image and a checkout start the file itself.
chmodSync(join(dist, 'cli/main.js'), 0o755);
await writeEmulatorSchemas(isPackage);
