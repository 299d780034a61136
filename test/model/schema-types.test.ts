import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { describe, expect, expectTypeOf, it, test } from 'vitest';
import type {
  DirectoryManifest,
  EventManifest,
  RosterManifest,
  TenantManifest,
} from '../../src/manifest/manifest.ts';
import type { FleetReport } from '../../src/model/fleet.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Result } from '../../src/model/result.ts';
import type { JournalLine } from '../../src/store/journal.ts';
import { typeOf } from '../support/schema-types.ts';
import type * as schemas from '../support/types-of-schemas.ts';

const file = fileURLToPath(new URL('../support/types-of-schemas.ts', import.meta.url));
const names = ['event', 'roster', 'directory', 'fleet-tenant', 'lock', 'plan', 'result', 'fleet', 'journal'];

test('the types of the schemas are made of the schemas', async () => {
  const types = names.map((name) => {
    const path = new URL(`../../schemas/${name}.schema.json`, import.meta.url);
    // A schema is an object.
    const schema = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, unknown>>;
    const title = name.replaceAll(/(?:^|-)(\w)/g, (_, first: string) => first.toUpperCase());
    return `export type ${title} = ${typeOf(schema)};`;
  });
  // Written anew with: npx vitest run --config test/vitest.config.ts test/model --update
  const text = ['/** Made of the schemas by schema-types.test.ts. */', ...types].join('\n\n');
  const options = { ...(await resolveConfig(file)), filepath: file };
  await expect(await format(text, options)).toMatchFileSnapshot(file);
});

/** Without intersections and names, so that two types of one shape are one type; and without what no file has. */
type Plain<T> = T extends object ? { [K in keyof T as Exclude<K, symbol>]: Plain<T[K]> } : T;

/** The names of all members, at any depth, but for those that are free, as of labels. */
type Keys<T> = T extends readonly (infer One)[]
  ? Keys<One>
  : T extends object
    ? { [K in Exclude<keyof T, symbol>]-?: (string extends K ? never : K) | Keys<T[K]> }[Exclude<
        keyof T,
        symbol
      >]
    : never;

// The types of the model are the vocabulary of the code and of the API: they share parts, say what a member means and
// are made of one another, which no types made of three schemas would be. That they say the same, the compiler sees here.
describe('what a schema accepts has the type that the code takes it for', () => {
  it('as a result and as a line of a journal: exactly', () => {
    expectTypeOf<Plain<schemas.Result>>().toEqualTypeOf<Plain<Result>>();
    expectTypeOf<Plain<schemas.Fleet>>().toEqualTypeOf<Plain<FleetReport>>();
    expectTypeOf<Plain<schemas.Journal>>().toEqualTypeOf<Plain<JournalLine>>();
  });

  it('as a plan: for which guards trip on an event and which on a run is said by the schema alone', () => {
    expectTypeOf<schemas.Plan>().toExtend<Plan>();
    expectTypeOf<Keys<Plan>>().toEqualTypeOf<Keys<schemas.Plan>>();
  });

  it('as a manifest: what may stand in which list is said by the schema alone', () => {
    expectTypeOf<schemas.Event>().toExtend<EventManifest>();
    expectTypeOf<schemas.Roster>().toExtend<RosterManifest>();
    expectTypeOf<schemas.Directory>().toExtend<DirectoryManifest>();
    expectTypeOf<schemas.FleetTenant>().toExtend<TenantManifest>();
    expectTypeOf<Keys<EventManifest> | 'apiVersion'>().toEqualTypeOf<Keys<schemas.Event>>();
    expectTypeOf<Keys<RosterManifest> | 'apiVersion'>().toEqualTypeOf<Keys<schemas.Roster>>();
    expectTypeOf<Keys<TenantManifest> | 'apiVersion'>().toEqualTypeOf<Keys<schemas.FleetTenant>>();
    expectTypeOf<Keys<DirectoryManifest> | 'apiVersion'>().toEqualTypeOf<Keys<schemas.Directory>>();
  });
});
