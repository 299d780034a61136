import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emulated, platformAt, platformOf } from '../../src/emulator/platforms.ts';

const folder = 'src/emulator';

describe('the registration of platforms', () => {
  it('is the only place outside their folders that names them', () => {
    const names = emulated.map(({ id }) => id);
    const literal = new RegExp(`['"/](${names.join('|')})['"./]`);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !names.some((name) => file.startsWith(name)))
      .filter((file) => literal.test(readFileSync(join(folder, file), 'utf8')));
    expect(files).toEqual(['platforms.ts']);
  });

  it.each(emulated.flatMap(({ id, routes }) => routes.map(({ api, path }) => [api, path, id] as const)))(
    'finds the platform of %s by its name and by its path',
    (api, path, id) => {
      expect([platformOf(api).id, platformAt(path).id]).toEqual([id, id]);
    },
  );

  it('gives each API, each path root, each key of the state file and each rate code to one platform', () => {
    for (const owned of [
      emulated.flatMap(({ routes }) => routes.map(({ api }) => api)),
      emulated.flatMap(({ roots }) => roots),
      emulated.flatMap(({ state }) => Object.keys(state.schemas)),
      emulated.flatMap(({ faults }) => faults.rateCodes),
    ]) {
      expect(new Set(owned).size).toBe(owned.length);
    }
  });
});
