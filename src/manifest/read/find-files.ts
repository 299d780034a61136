import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, normalize, relative, resolve, sep } from 'node:path';
import { type Diagnostic, diagnosticOf, reasonOf } from '../../model/diagnostic.ts';
import { plain, say } from '../../model/say.ts';
import { compareCodePoints } from '../../model/order.ts';

/** A file that may hold manifests. */
export interface FoundFile {
  /** As the user would write it: relative where the path that led to it was. */
  readonly file: string;
  /** The file itself, symlinks followed. */
  readonly real: string;
  /** Given by name and not found in a folder. */
  readonly named: boolean;
}

export interface FoundFiles {
  readonly files: readonly FoundFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The files that paths stand for: a file is itself; a folder is searched for `*.yaml` and `*.yml` in sorted order.
 * Names that begin with a dot, `node_modules`, and symlinks that leave the folder are left out. Each file comes once.
 */
export function findFiles(paths: readonly string[], cwd: string): FoundFiles {
  const files = new Map<string, FoundFile>();
  const diagnostics: Diagnostic[] = [];
  for (const path of paths) {
    const problem = attempt(path, () => {
      const real = realpathSync(resolve(cwd, path));
      const found = statSync(real).isDirectory()
        ? searchFolder(path, real, diagnostics)
        : [{ file: normalize(path), real, named: true }];
      // A file that is named is read strictly, also where a folder has led to it.
      for (const one of found) if (one.named || !files.has(one.real)) files.set(one.real, one);
    });
    if (problem !== null) diagnostics.push(problem);
  }
  return { files: [...files.values()].sort((a, b) => compareCodePoints(a.file, b.file)), diagnostics };
}

function searchFolder(path: string, root: string, diagnostics: Diagnostic[]): FoundFile[] {
  const found: FoundFile[] = [];
  const visited = new Set<string>();
  const folders = [{ path: normalize(path), real: root }];
  // The list grows while it is walked: nearer folders come first, so a folder goes by the shortest path to it.
  for (const { path: shown, real } of folders) {
    if (visited.has(real)) continue;
    visited.add(real);
    const problem = attempt(shown, () => {
      const entries = readdirSync(real, { withFileTypes: true });
      for (const entry of entries.sort((a, b) => compareCodePoints(a.name, b.name))) {
        if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
        const target = targetOf(entry, join(real, entry.name), root);
        const file = join(shown, entry.name);
        if (target?.is === 'folder') folders.push({ path: file, real: target.real });
        if (target?.is === 'file' && /\.ya?ml$/.test(entry.name))
          found.push({ file, real: target.real, named: false });
      }
    });
    if (problem !== null) diagnostics.push(problem);
  }
  return found.sort((a, b) => compareCodePoints(a.file, b.file));
}

/** What an entry leads to, or `null` where it is neither file nor folder, leads nowhere or out of the root. */
function targetOf(entry: Dirent, path: string, root: string): { is: 'file' | 'folder'; real: string } | null {
  if (entry.isFile()) return { is: 'file', real: path };
  if (entry.isDirectory()) return { is: 'folder', real: path };
  if (!entry.isSymbolicLink()) return null;
  try {
    const real = realpathSync(path);
    const inside = relative(root, real);
    if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return null;
    const stats = statSync(real);
    return stats.isFile() ? { is: 'file', real } : stats.isDirectory() ? { is: 'folder', real } : null;
  } catch {
    // A link that dangles, or that leads to itself, is not a file.
    return null;
  }
}

/** Does something with a path; says what is wrong with the path where that fails. */
export function attempt(path: string, action: () => void): Diagnostic | null {
  try {
    action();
    return null;
  } catch (error) {
    const code = reasonOf(error);
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    return diagnosticOf({
      severity: 'error',
      code: missing ? 'path-not-found' : 'unreadable',
      message: plain(missing ? `${path}: no such file or folder` : `${path} cannot be read (${code})`),
      hint: missing ? say`check the path` : say`check the permissions`,
    });
  }
}
