// The part of `npm run build` that follows the compiler: `dist/` mirrors `src/` file by file, the functions made of the
// schemas among them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { writeValidators } from './validators.mjs';

const folder = new URL('../../dist/validators/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const file of writeValidators()) {
  // As the compiler does with the imports of all other files.
  const code = readFileSync(file, 'utf8').replace("/day.ts'", "/day.js'");
  writeFileSync(new URL(basename(file), folder), code);
}
