const home = process.cwd();

/** The folder that the process works in, and how many do so; `left` resolves when none does any more. */
let at: { readonly folder: string; busy: number; readonly left: Promise<void>; leave: () => void } | null =
  null;

/**
 * Does something in a folder, which is one of the process: others may use it meanwhile in the same folder, and wait where
 * they want another.
 */
export async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  if (at !== null && at.folder !== folder) {
    await at.left;
    return inFolder(folder, work);
  }
  if (at === null) {
    let leave = (): void => {};
    const left = new Promise<void>((resolve) => (leave = resolve));
    at = { folder, busy: 0, left, leave };
    process.chdir(folder);
  }
  const here = at;
  here.busy += 1;
  try {
    return await work();
  } finally {
    here.busy -= 1;
    if (here.busy === 0) {
      at = null;
      process.chdir(home);
      here.leave();
    }
  }
}
