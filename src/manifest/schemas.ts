import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import type { Kind, Manifest } from './manifest.ts';

const fileOf: Readonly<Record<Kind, string>> = {
  Event: 'event.cjs',
  Roster: 'roster.cjs',
  Directory: 'directory.cjs',
};

/** The compiled schema of a kind, loaded when it is first asked for. `npm run build` makes them. */
export function validatorOf(kind: Kind): ValidateFunction<Manifest> {
  // `dist/` stands two levels above this file, whether it runs from there or from `src/`.
  const load = createRequire(import.meta.url);
  // Made from the schema of that kind by this package's own build; Node keeps it once it is loaded.
  return load(`../../dist/validators/${fileOf[kind]}`) as ValidateFunction<Manifest>;
}
