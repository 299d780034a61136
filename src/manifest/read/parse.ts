import { Composer, type CST, type Document, Lexer, LineCounter, Parser, type ScalarTag, Schema } from 'yaml';

/** One document of a file. */
export interface ParsedDocument {
  readonly document: Document.Parsed;
  /** A `%YAML` directive that names another version than 1.2. */
  readonly otherVersion: { readonly version: string; readonly offset: number } | null;
}

/** A file's text as YAML. Documents with syntax errors carry them in `document.errors`. */
export interface ParsedText {
  readonly documents: readonly ParsedDocument[];
  readonly lineCounter: LineCounter;
  readonly givenUp: GivenUp | null;
}

/** How a text was read through. */
export interface Parsed {
  /** `null`: all of it has been read. */
  readonly givenUp: GivenUp | null;
  /** The words and signs of YAML up to there. */
  readonly words: number;
}

/** Where reading stopped before the end of a text, and why: nothing of the document there is read. */
export interface GivenUp {
  readonly why: 'too-deep' | 'too-much';
  readonly offset: number;
}

/** How deep collections may be nested. Manifests need 7; the YAML composer overflows the stack in the thousands. */
const maxDepth = 100;

/**
 * How many words and signs of YAML a text may have: as many as a hundred thousand attendees need. Each takes the
 * library about a kilobyte, and a file of brackets and commas is made of nothing else.
 */
export const maxWords = 1_000_000;

/** Text as most of it begins: nothing that is null, a boolean or a number does. It is not held against each of them. */
const plainText: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  test: /^[^-+.~\dfntFNT]/,
  resolve: (value) => value,
};

/** One for all documents: the library would make one for each. */
const schema = new Schema({
  schema: 'core',
  customTags: (tags) => [plainText, ...tags],
  resolveKnownTags: false,
});

/** Reads every document of a text. Never throws: what is wrong is in the result. */
export function parseText(text: string): ParsedText {
  const lineCounter = new LineCounter();
  const documents: ParsedDocument[] = [];
  const { givenUp } = parseEach(text, lineCounter, (document) => documents.push(document));
  return { documents, lineCounter, givenUp };
}

/**
 * {@link parseText}, with each document handed out as soon as it is read, so that files of thousands need not be kept.
 *
 * @param lineCounter an empty one; it knows the lines up to the end of the document that is handed out
 */
export function parseEach(
  text: string,
  lineCounter: LineCounter,
  onDocument: (document: ParsedDocument) => void,
): Parsed {
  const versions: ParsedDocument['otherVersion'][] = [];
  let pending: ParsedDocument['otherVersion'] = null;
  let givenUp: GivenUp | null = null;
  let words = 0;

  const composer = new Composer({
    lineCounter,
    // The library looks keys up one by one for this, which takes quadratic time in large maps.
    uniqueKeys: false,
    schema,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const hand = (document: Document.Parsed): void => {
    onDocument({ document, otherVersion: versions.shift() ?? null });
  };
  const compose = (token: CST.Token): void => {
    if (token.type === 'directive') pending = otherVersion(token.source, token.offset) ?? pending;
    if (token.type === 'document') {
      versions.push(pending);
      pending = null;
    }
    for (const document of composer.next(token)) hand(document);
  };
  const parser = new Parser(lineCounter.addNewLine);
  lineCounter.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) compose(token);
    words += 1;
    if (parser.stack.length > maxDepth) givenUp = { why: 'too-deep', offset: parser.offset };
    else if (words > maxWords) givenUp = { why: 'too-much', offset: parser.offset };
    if (givenUp !== null) break;
  }
  if (givenUp === null) for (const token of parser.end()) compose(token);
  for (const document of composer.end()) hand(document);
  return { givenUp, words };
}

function otherVersion(directive: string, offset: number): ParsedDocument['otherVersion'] {
  const version = /^%YAML\s+(\S+)/.exec(directive)?.[1];
  return version === undefined || version === '1.2' ? null : { version, offset };
}
