import * as fc from 'fast-check';

/** `ROLLCALL_SEED=N` begins elsewhere, with `ROLLCALL_PATH` at one case; `ROLLCALL_SEEDS=N` runs that many. */
const { ROLLCALL_SEED: seed = '1', ROLLCALL_PATH: path, ROLLCALL_SEEDS: seeds } = process.env;

/**
 * Holds a law against made-up values. A failure names the smallest value that breaks it, and the command that runs
 * it again.
 */
export async function fuzz<T>(
  file: string,
  arbitrary: fc.Arbitrary<T>,
  law: (value: T) => void | Promise<void>,
  runs = 30,
): Promise<void> {
  const property = fc.asyncProperty(arbitrary, async (value) => {
    await law(value);
  });
  const details = await fc.check(property, {
    seed: Number(seed),
    ...(path === undefined ? {} : { path }),
    numRuns: seeds === undefined ? runs : Number(seeds),
  });
  if (!details.failed) return;
  const at = `ROLLCALL_SEED=${details.seed} ROLLCALL_PATH=${details.counterexamplePath ?? ''}`;
  const replay = `${at} npx vitest run --config test/vitest.config.ts test/property/${file}`;
  throw new Error(`${fc.defaultReportMessage(details) ?? 'failed'}\n\nreplay it with: ${replay}`, {
    cause: details.errorInstance,
  });
}

/**
 * Any character, which no half of a pair is. The library has this too, with a table of all that there are: to make it takes
 * a second, and it stays.
 */
const character: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 0x10f7ff })
  .map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800));

/** Text of any characters. */
export function anyText(
  limits: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> {
  return fc.string({ ...limits, unit: character });
}

/** A value that some place of a JSON document does not expect. */
export const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e300,
    '',
    ' ',
    '0',
    'null',
    'true',
    '\u0000',
    '\u202e',
    '\ud800',
    '__proto__',
    [],
    {},
    [null],
    [[]],
  ),
  anyText({ maxLength: 20 }),
  fc.jsonValue({ maxDepth: 3, stringUnit: character }),
);

/** One change of a tree: what happens, where (a way down by chance), and with what. */
export interface Mutation {
  readonly kind: 'replace' | 'delete' | 'add' | 'repeat';
  readonly way: readonly number[];
  readonly value: unknown;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('replace' as const, 'delete' as const, 'add' as const, 'repeat' as const),
  way: fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 8 }),
  value: odd,
});

/** The tree with one change; the tree itself is left as it is. */
export function mutated(tree: unknown, { kind, way, value }: Mutation): unknown {
  const copy = structuredClone(tree);
  let node: unknown = copy;
  for (const [depth, step] of way.entries()) {
    if (typeof node !== 'object' || node === null) return kind === 'replace' && depth === 0 ? value : copy;
    // Arrays are objects whose keys count.
    const holder = node as Record<string, unknown>;
    const keys = Object.keys(holder);
    const key = keys[step % Math.max(1, keys.length)];
    const child = key === undefined ? undefined : holder[key];
    const isLast = depth === way.length - 1 || typeof child !== 'object' || child === null;
    if (!isLast || key === undefined) {
      node = child;
      continue;
    }
    if (kind === 'replace') holder[key] = value;
    else if (kind === 'delete') Reflect.deleteProperty(holder, key);
    else if (Array.isArray(node)) node.push(kind === 'repeat' ? child : value);
    else holder[kind === 'repeat' ? `${key}2` : 'extra'] = value;
    return copy;
  }
  return copy;
}
