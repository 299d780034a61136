import { Status } from './status.ts';
import type { Surroundings } from './surroundings.ts';

/** What a command line is given from outside: by the process, or by a test in its place. */
export type Outside = Pick<Surroundings, 'env' | 'stdin' | 'stdout' | 'stderr' | 'signal'>;

/** What commands see of it. The streams are opened when they are used. */
export async function surroundingsIn(
  outside: Outside,
  args: readonly string[],
): Promise<Surroundings & { readonly status: Status }> {
  // Only there does a log obey; elsewhere text is printed as it is.
  const github = outside.env['GITHUB_ACTIONS'] === 'true' ? await import('./github-log.ts') : null;
  const stdout = github?.githubLog(() => outside.stdout) ?? null;
  const stderr = github?.githubLog(() => outside.stderr) ?? null;
  const status = new Status(
    () => stderr ?? outside.stderr,
    () => performance.now(),
  );
  return {
    env: outside.env,
    args,
    get stdin() {
      return outside.stdin;
    },
    get stdout() {
      return stdout ?? outside.stdout;
    },
    get stderr() {
      return stderr ?? outside.stderr;
    },
    get commands() {
      return outside.stdout;
    },
    status,
    signal: outside.signal,
  };
}

/** Runs one command line. Resolves to the exit code; never rejects. */
export async function runCommandLine(given: Surroundings, args: readonly string[]): Promise<number> {
  // Known before the command line is parsed: its errors can name people too.
  const surroundings = args.includes('--redact') ? await redacting(given) : given;
  try {
    return await runCommand(surroundings, args);
  } catch (error) {
    return (await import('./failure.ts')).reportFailure(surroundings, error);
  }
}

/**
 * Editors and hooks run `validate PATH...` at every save. It has no option to parse then, and loading the parser would
 * take a tenth of its time.
 */
async function runCommand(surroundings: Surroundings, args: readonly string[]): Promise<number> {
  const [name, ...paths] = args;
  if (name === 'validate' && !paths.some((path) => path.startsWith('-'))) {
    return (await import('./commands/validate.ts')).validate(surroundings, paths);
  }
  return (await import('./program.ts')).runProgram(surroundings, args);
}

/**
 * The same surroundings without people: reports go through their redactor, and whatever else is written to stderr is
 * searched for what has the form of an address or of an id, so that no error of others can tell it.
 */
export async function redacting(surroundings: Surroundings): Promise<Surroundings> {
  const redactor = (await import('../report/redact.ts')).createRedactor();
  const { stderr } = surroundings;
  return {
    ...surroundings,
    redactor,
    redacted: stderr,
    stderr: {
      isTTY: stderr.isTTY,
      columns: stderr.columns,
      fd: stderr.fd,
      write: (text) => stderr.write(redactor.line(text)),
    },
  };
}
