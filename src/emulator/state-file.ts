import { readFileSync, renameSync, writeFileSync } from 'node:fs';

import { Ajv, type ValidateFunction } from 'ajv';

import { emulated } from './platforms.ts';
import type { World } from './world.ts';

/** A state file that cannot be read or is none. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';
}

type Saved = Readonly<Record<string, unknown>>;

const schema = {
  type: 'object',
  required: [
    'formatVersion',
    ...emulated.flatMap(({ state }) => (state.later === true ? [] : Object.keys(state.schemas))),
  ],
  properties: Object.assign({ formatVersion: { const: '1' } }, ...emulated.map(({ state }) => state.schemas)),
};

/** Writes the whole state in one step: a reader finds the old file or the new one. No token is in it. */
export function saveState(world: World, file: string): void {
  const saved: Saved = Object.assign(
    { formatVersion: '1' },
    ...emulated.map(({ state }) => state.save(world)),
  );
  const next = `${file}.${String(process.pid)}.tmp`;
  writeFileSync(next, `${JSON.stringify(saved)}\n`, { mode: 0o600 });
  renameSync(next, file);
}

/**
 * Puts a saved state in the place of what the tenant file starts with. Events that the tenant file no longer has are
 * left out; a file that is not there yet changes nothing.
 *
 * @throws {StateFileError} for a file that is not a state of this version.
 */
export function loadState(world: World, file: string): void {
  const saved = readSaved(file);
  if (saved === undefined) return;
  for (const { state } of emulated) state.restore(world, saved);
}

function readSaved(file: string): Saved | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    // Node's file errors carry a code; nothing else of them is used.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StateFileError(
      `${file} cannot be read as a state file; delete it to start from the tenant file`,
      {
        cause: error,
      },
    );
  }
  const validate: ValidateFunction<Saved> = new Ajv({ allowUnionTypes: true }).compile<Saved>(schema);
  if (validate(value)) return value;
  throw new StateFileError(
    `${file} is not a state file of this version; delete it to start from the tenant file`,
  );
}
