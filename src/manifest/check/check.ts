import { say } from '../../model/say.ts';
import type { Report } from '../diagnostics.ts';
import type { Kind, Manifest } from '../manifest.ts';
import type { Places } from '../read/places.ts';
import { schemaOf, validatorOf } from '../schemas.ts';
import { explain, type Tell } from './explain.ts';

/** A value held against its schema. */
export interface Checked {
  /** With mistakes: what is left of it where that is a manifest, else null. */
  readonly manifest: Manifest | null;
  /** What is left of the value. It may lack keys that a manifest has. */
  readonly left: unknown;
  /** Whether there are any. */
  readonly mistakes: boolean;
}

/** Holds a value against its schema, and tells what is wrong with it. */
export function check(value: unknown, kind: Kind, places: Places, report: Report, tell: Tell): Checked {
  const validate = validatorOf(kind);
  if (validate(value)) return { manifest: value, left: value, mistakes: false };
  let told = false;
  const left = explain(value, schemaOf(kind), places, report, (path, mistake) => {
    told = true;
    tell(path, mistake);
  });
  if (!told) {
    // The walk understands less than ajv does: what it cannot explain is refused anyway.
    tell([], () => ({
      code: 'invalid',
      message: say`this does not fit the schema of a manifest`,
      hint: say`see: rollcall explain`,
      offset: places.value(null, '').offset,
    }));
    return { manifest: null, left: null, mistakes: true };
  }
  return { manifest: validate(left) ? left : null, left, mistakes: true };
}
