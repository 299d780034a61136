import { readFileSync } from 'node:fs';
import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { isCalendarDay } from './calendar-day.ts';
import type { DirectoryManifest, EventManifest, Kind, Manifest, RosterManifest } from './manifest.ts';

/** Holds a value against the schema of a kind. */
export type Validator = (kind: Kind) => ValidateFunction<Manifest>;

const fileOf: Readonly<Record<Kind, string>> = {
  Event: 'event.schema.json',
  Roster: 'roster.schema.json',
  Directory: 'directory.schema.json',
};

/** Compiles the schemas that are asked for, each once. */
export function compileSchemas(): Validator {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strictTypes: false,
    allowUnionTypes: true,
    formats: { date: isCalendarDay },
  });
  const compiled = new Map<Kind, ValidateFunction<Manifest>>();
  return (kind) => {
    let validate = compiled.get(kind);
    if (validate === undefined) {
      validate = compile(ajv, kind);
      compiled.set(kind, validate);
    }
    return validate;
  };
}

function compile(ajv: Ajv2020, kind: Kind): ValidateFunction<Manifest> {
  const schema = readSchema(kind);
  switch (kind) {
    case 'Event':
      return ajv.compile<EventManifest>(schema);
    case 'Roster':
      return ajv.compile<RosterManifest>(schema);
    case 'Directory':
      return ajv.compile<DirectoryManifest>(schema);
  }
}

function readSchema(kind: Kind): AnySchemaObject {
  // `schemas/` stands beside both `src/` and `dist/`.
  const url = new URL(`../../schemas/${fileOf[kind]}`, import.meta.url);
  // Part of this package, and ajv checks it against the meta-schema as it compiles.
  return JSON.parse(readFileSync(url, 'utf8')) as AnySchemaObject;
}
