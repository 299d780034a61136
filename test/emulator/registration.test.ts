import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emulated, platformAt, platformOf } from '../../src/emulator/platforms.ts';

const folder = 'src/emulator';

describe('the registration of platforms', () => {
  it('has each of them say what some text about all of them has a place for, and no place is left empty', () => {
    const said = new Set(emulated.flatMap(({ says = {} }) => Object.keys(says)));
    const places = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll(/\/\*[^]*?\*\//g, ''))
      .flatMap((code) => [...code.matchAll(/(?<!\$)\{([a-z]+)\}/gi)].map(([, key]) => key));
    expect(new Set(places)).toEqual(said);
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
