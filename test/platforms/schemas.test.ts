import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { withPlatforms } from '../support/platform-schemas.ts';

const folder = fileURLToPath(new URL('../../schemas/', import.meta.url));
const kinds = readdirSync(folder)
  .map((name) => name.replace('.schema.json', ''))
  // Made of the others, and of the embedded platform's own.
  .filter((kind) => !['manifest', 'tenant', 'faults'].includes(kind));

test.each(kinds)('%s.schema.json says of platforms what their rows say', async (kind) => {
  const path = `${folder}${kind}.schema.json`;
  const schema: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const made = withPlatforms(kind, schema);
  if (isDeepStrictEqual(made, schema)) return;
  // Written anew with: npx vitest run --config test/vitest.config.ts test/platforms --update
  const options = { ...(await resolveConfig(path)), filepath: path };
  await expect(await format(JSON.stringify(made, null, 2), options)).toMatchFileSnapshot(path);
});
