import type { Report } from '../diagnostics.ts';
import { findFiles } from './find-files.ts';
import { readText } from './read-file.ts';
import type { TextFile } from './read-manifests.ts';

/** The texts under these paths, each read when it is asked for. */
export function* textsIn(paths: readonly string[], cwd: string, report: Report): Generator<TextFile> {
  const { files, diagnostics } = findFiles(paths, cwd);
  for (const diagnostic of diagnostics) {
    report(diagnostic);
    report.partUnread();
  }
  for (const found of files) {
    const { file, named } = found;
    const read = readText(found);
    if (read.is === 'problem') {
      report(read.problem);
      report.partUnread();
    } else yield { file, named, text: read.is === 'text' ? read.text : null };
  }
}
