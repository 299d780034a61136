// What `validate` is held against: `yaml` alone over the same files. Argument: the folder.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const [, , folder] = process.argv;
let documents = 0;
for (const name of readdirSync(folder)) {
  if (parse(readFileSync(join(folder, name), 'utf8')).kind === 'Event') documents += 1;
}
process.stdout.write(`${documents}\n`);
