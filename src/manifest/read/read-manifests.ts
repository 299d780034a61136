import { type Document, LineCounter } from 'yaml';
import type { Diagnostic, Source } from '../../model/diagnostic.ts';
import { plain, say, who } from '../../model/say.ts';
import { check } from '../schemas.ts';
import { classify, marker } from './classify.ts';
import { errorAt, type Mistake, type Report } from '../diagnostics.ts';
import { type Locate, locator, Places, sourceAt } from './places.ts';
import { type Ignored, isRecord, type Kind, type Manifest } from '../manifest.ts';
import { type GivenUp, maxWords, type ParsedDocument, parseEach } from './parse.ts';
import { type ReadValue, readValue, startOf } from './read-value.ts';
import { excerptAt, explainSyntax } from './syntax.ts';

/** A manifest and where its parts stand. */
export interface ReadManifest<M extends Manifest = Manifest> {
  readonly manifest: M;
  readonly source: Source;
  readonly locate: Locate;
  /** It has mistakes; what was wrong has been taken out. */
  readonly broken: boolean;
  /** What was taken out of, or from: keys of `spec`, in a Directory the handles. */
  readonly wrongKeys: ReadonlySet<string>;
}

/** A manifest with such mistakes that nothing but names could be read from it. */
export interface LostManifest {
  readonly kind: Kind;
  readonly name: string | null;
  readonly source: Source;
  readonly locate: Locate;
  /** Directory: the handles in it. */
  readonly wrongKeys: ReadonlySet<string>;
  /** Event: whom it lists and ignores. */
  readonly entries: readonly Ignored[];
}

/** What a file's text holds. */
export interface ReadText {
  readonly manifests: readonly ReadManifest[];
  readonly lost: readonly LostManifest[];
  /** Documents left out because they are not ours, as `file:line`; the file, where it is not YAML or begins so. */
  readonly skipped: readonly string[];
}

/** A file to be read. */
export interface TextFile {
  /** As the user would write it. */
  readonly file: string;
  /** `null`: it is not text of ours. */
  readonly text: string | null;
  /** Given by name: everything in it has to be a manifest. */
  readonly named: boolean;
}

/**
 * Reads the manifests of one file, and reports what is wrong in each by itself. `only`: those of other kinds are passed over,
 * whatever is wrong with them.
 */
export function readManifests(file: TextFile, report: Report, only?: Kind): ReadText {
  const { text } = file;
  if (text === null) return { manifests: [], lost: [], skipped: [file.file] };
  const lineCounter = new LineCounter();
  const place = (offset: number): Source => sourceAt(file.file, lineCounter, offset);
  const manifests: ReadManifest[] = [];
  const lost: LostManifest[] = [];
  const skipped: string[] = [];
  let first = true;
  const take = (parsed: ParsedDocument): void => {
    const read = readDocument(parsed, { ...file, place, report, text, only });
    const line = parsed.document.contents === null ? 1 : place(startOfDocument(parsed.document)).line;
    if (read === 'skipped') skipped.push(first ? file.file : `${file.file}:${line}`);
    else if (read !== null && 'manifest' in read) manifests.push(read);
    else if (read !== null) lost.push(read);
    first = false;
  };
  const ours = file.named || text.includes(marker);
  const kept: ParsedDocument[] = [];
  // Whether a file that is not marked as ours is YAML at all shows at its end.
  const { givenUp, words } = parseEach(text, lineCounter, ours ? take : (parsed) => kept.push(parsed));
  report.took(words);
  const notYaml = givenUp !== null || kept.some(({ document }) => document.errors.length > 0);
  if (!ours && notYaml) return { manifests: [], lost: [], skipped: [file.file] };
  for (const parsed of kept) take(parsed);
  if (givenUp !== null) {
    report(errorOf(givenUp, file.file, place));
    report.partUnread();
    if (givenUp.why === 'too-much') report.tooLarge();
  }
  return { manifests, lost, skipped };
}

function errorOf({ why, offset }: GivenUp, file: string, place: (offset: number) => Source): Diagnostic {
  if (why === 'too-deep') {
    const hint = say`a manifest needs fewer than 10 levels`;
    return errorAt(place(offset), 'yaml-syntax', say`lists and maps are nested too deeply here`, hint);
  }
  const most = maxWords.toLocaleString('en');
  const message = plain(`${file} has more than ${most} tokens, the limit for a manifest file`);
  return errorAt(place(offset), 'file-too-large', message, say`split it into several files`);
}

interface FileContext {
  readonly file: string;
  readonly text: string;
  readonly place: (offset: number) => Source;
  readonly report: Report;
  readonly named: boolean;
  readonly only: Kind | undefined;
}

type ReadDocument = ReadManifest | LostManifest | 'skipped' | null;

function readDocument(parsed: ParsedDocument, context: FileContext): ReadDocument {
  const { document } = parsed;
  const { place, report } = context;
  const [start] = document.range;
  for (const { offset, code, message, hint } of explainSyntax(context.text, start, document.errors)) {
    report({ ...errorAt(place(offset), code, message, hint), ...excerptAt(context.text, offset) });
  }
  if (document.errors.length > 0) {
    report.partUnread();
    return null;
  }
  const read = readValue(document, context.text);
  const classified = classify(read.value);
  switch (classified.is) {
    case 'empty':
      return null;
    case 'foreign':
      if (!context.named) return 'skipped';
      report(
        errorAt(place(startOfDocument(document)), 'foreign-document', classified.message, classified.hint),
      );
      return null;
    case 'wrong': {
      const offset = isRecord(read.value) ? new Places(document, read).key(read.value, classified.key) : 0;
      report(errorAt(place(offset), classified.code, classified.message, classified.hint));
      return null;
    }
    case 'manifest':
      if (context.only !== undefined && classified.kind !== context.only) return null;
      return readManifest(parsed, read, classified.kind, context);
  }
}

const slips: ReadonlySet<string> = new Set([
  'full-width',
  'missing-space',
  'missing-colon',
  'wrong-type',
  'bad-id',
  'bad-email',
]);

function readManifest(
  parsed: ParsedDocument,
  read: ReadValue,
  kind: Kind,
  context: FileContext,
): ReadDocument {
  const { document, otherVersion } = parsed;
  const { place, report, file } = context;
  const faults = otherVersion === null ? read.faults : [versionFault(otherVersion), ...read.faults];
  for (const fault of faults) report(errorAt(place(fault.offset), fault.code, fault.message, fault.hint));
  const faulty = new Set(faults.map(({ offset }) => offset));
  const wrongKeys = new Set<string>();
  const depth = kind === 'Directory' ? 2 : 1;
  const checked = check(read.value, kind, new Places(document, read), report, (path, mistake) => {
    const key = path[depth];
    if (key !== undefined) wrongKeys.add(key);
    if (report.countOnly(file)) return;
    const { offset, code, message, hint } = mistake();
    if (faulty.has(offset)) return;
    // Slips of writing are seen best in their line.
    const shown = slips.has(code) ? excerptAt(context.text, offset) : {};
    report({ ...errorAt(place(offset), code, message, hint), ...shown });
  });
  const source = place(startOfDocument(document));
  const { manifest, left, mistakes } = checked;
  if (manifest !== null) {
    const broken = mistakes || faults.length > 0;
    return { manifest, source, locate: locator(place, read), broken, wrongKeys };
  }
  const { name, handles } = namesIn(read.value);
  return {
    kind,
    name,
    source,
    locate: locator(place, read),
    wrongKeys: new Set(handles),
    entries: entriesIn(left),
  };
}

/** The entries of an Event of which nothing else may be left. */
function entriesIn(left: unknown): readonly Ignored[] {
  const spec = isRecord(left) ? left['spec'] : undefined;
  const { attendees, ignore }: Readonly<Record<string, unknown>> = isRecord(spec) ? spec : {};
  // Lists that were left have whole entries alone.
  return [attendees, ignore].flatMap((list) => (Array.isArray(list) ? (list as readonly Ignored[]) : []));
}

function versionFault({ version, offset }: NonNullable<ParsedDocument['otherVersion']>): Mistake {
  const message = say`%YAML ${who('user', version)} is not supported: manifests are YAML 1.2`;
  return { code: 'yaml-version', message, hint: say`leave the directive out`, offset };
}

function startOfDocument(document: Document.Parsed): number {
  return document.contents === null ? 0 : startOf(document.contents);
}

/** What others may refer to, from a value that may have mistakes everywhere. */
function namesIn(value: unknown): { name: string | null; handles: string[] } {
  const { metadata, spec }: Readonly<Record<string, unknown>> = isRecord(value) ? value : {};
  const name = isRecord(metadata) ? metadata['name'] : undefined;
  const people = isRecord(spec) ? spec['people'] : undefined;
  return {
    name: typeof name === 'string' ? name : null,
    handles: isRecord(people) ? Object.keys(people) : [],
  };
}
