/**
 * The seeds that a simulation runs over: `ROLLCALL_SEEDS=N` are so many, from `ROLLCALL_SEED=N` on; that one alone
 * where only it is given.
 */
export interface Seeds {
  readonly first: number;
  readonly count: number;
}

export function seedsOf(usual: number): Seeds {
  const { ROLLCALL_SEED: seed, ROLLCALL_SEEDS: count } = process.env;
  return { first: Number(seed ?? 0), count: Number(count ?? (seed === undefined ? usual : 1)) };
}

/**
 * Runs one schedule a seed, one after the other.
 *
 * @throws an Error that names the first seed that breaks a law, and the command that runs that one again.
 */
export async function overSeeds(
  file: string,
  { first, count }: Seeds,
  hold: (seed: number) => Promise<void>,
): Promise<void> {
  for (let seed = first; seed < first + count; seed += 1) {
    try {
      await hold(seed);
    } catch (error) {
      const broken = error instanceof Error ? error.message : String(error);
      const replay = `ROLLCALL_SEED=${seed} npx vitest run --config test/vitest.config.ts test/property/${file}`;
      throw new Error(`seed ${seed}: ${broken}\nreplay it with: ${replay}`, { cause: error });
    }
  }
}

/** A schedule did what none may do. The message names the law. */
export class BrokenLaw extends Error {
  override readonly name = 'BrokenLaw';
}

/** @throws BrokenLaw unless it holds. */
export function law(name: string, holds: boolean, details: () => string): void {
  if (!holds) throw new BrokenLaw(`${name}\n  broken by ${details()}`);
}
