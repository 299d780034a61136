import { describe, expect, it } from 'vitest';
import { diagnosticsText } from '../../src/report/text/diagnostics.ts';
import { plain } from '../support/terminals.ts';
import { feishu, load } from './support.ts';

/** Text under `spec`, from line 8; what is said of it, one line a mistake. */
const slips: readonly (readonly [string, string, string])[] = [
  ['a full-width colon', 'sync：exact\nnotify: false', '8:7 full-width "：" is a full-width colon'],
  [
    'a full-width colon behind the only key of a map',
    'guards:\n    maxRemovals： 5',
    '9:7 full-width "：" is a full-width colon',
  ],
  ['one with a space behind it', 'sync： exact\nnotify: false', '8:7 full-width "：" is a full-width colon'],
  ['one in an entry', 'attendees:\n    - user： ou_a', '9:9 full-width "：" is a full-width colon'],
  [
    'a full-width comma between entries',
    'attendees: [{ user: ou_a }， { user: ou_b }]',
    '8:29 full-width "，" is a full-width comma',
  ],
  [
    'a full-width comma in a map',
    'guards: { allowEmpty: true，allowPast: true }',
    '8:29 full-width "，" is a full-width comma',
  ],
  [
    'a list comma of Chinese',
    'guards: { allowEmpty: true、allowPast: true }',
    '8:29 full-width "、" is a full-width comma',
  ],
  ['full-width brackets', 'guards: ｛ allowEmpty: true ｝', '8:11 full-width "｛" is a full-width bracket'],
  [
    'typographic quotes around a key and its value',
    '“sync: exact”: a: b',
    '8:3 full-width "“" is a typographic quotation mark',
  ],
  [
    'a tab as indentation',
    'attendees:\n\t- user: ou_a\n\t- user: ou_b',
    '9:3 tab a tab indents this line; YAML takes spaces alone',
  ],
  [
    'a tab behind a dash',
    'attendees:\n  -\tuser: ou_a\n    optional: true',
    '9:6 tab a tab indents this line; YAML takes spaces alone',
  ],
  [
    'no space after a colon',
    'sync:exact\nnotify: false',
    '8:8 missing-space there is no space after the colon',
  ],
  [
    'no space after the last colon',
    'notify: false\nsync:exact',
    '9:8 missing-space there is no space after the colon',
  ],
  [
    'no space after a dash',
    'attendees:\n  - user: ou_a\n  -user: ou_b',
    '10:6 missing-space there is no space after the dash',
  ],
  [
    'no space after the first dash alone',
    'attendees:\n  -user: ou_a\n  - user: ou_b',
    '9:6 missing-space there is no space after the dash',
  ],
  [
    'no space after a colon between brackets',
    'attendees: [{ user:ou_a }]',
    '8:17 missing-space there is no space after the colon in "user:ou_a"',
  ],
  [
    'no colon in an entry',
    'attendees:\n  - user ou_a\n  - user: ou_b',
    '9:7 missing-colon there is no colon in "user ou_a"',
  ],
  [
    'a full-width dash',
    'attendees:\n  － user: ou_a\n  - user: ou_b',
    '9:5 full-width "－" is a full-width dash',
  ],
  [
    'a bullet',
    'attendees:\n  • user: ou_a\n  - user: ou_b',
    '9:5 full-width "•" does not start a list entry in YAML',
  ],
  [
    'a full-width space as indentation',
    'guards:\n\u3000\u3000allowPast: true\n  allowEmpty: true',
    '9:3 full-width a full-width space indents this line; YAML takes only plain spaces',
  ],
  [
    'an entry without its dash',
    'attendees:\n  user: ou_a\n  - user: ou_b',
    '10:5 yaml-syntax this list entry is at the same level as a key',
  ],
  [
    'no comma between keys of an entry',
    'attendees:\n  - { user: ou_a optional: true }',
    '9:20 yaml-syntax a comma is missing before this',
  ],
  [
    'a bracket that is open above a list',
    'attendees: [ ou_a\n  - user: ou_b',
    '8:14 yaml-syntax this "[" is never closed',
  ],
  [
    'a quote that is open before a key',
    '"sync: exact\nnotify: false',
    '8:3 yaml-syntax this " is never closed',
  ],
  [
    'no space after any dash',
    'attendees:\n  -user: ou_a',
    '9:5 missing-space there is no space after the dash in spec.attendees',
  ],
  [
    'no space in an entry',
    'attendees:\n  - user:ou_a',
    '9:7 missing-space there is no space after the colon in "user:ou_a"',
  ],
  [
    'an attendee as a bare text',
    'attendees:\n  - ou_a',
    '9:7 wrong-type spec.attendees[0] is only the text "ou_a"; an entry says what it names',
  ],
  [
    'a double quote that is not closed',
    'eventIds: "abc\nsync: exact',
    '8:13 yaml-syntax this " is never closed',
  ],
  [
    'a single quote that is not closed',
    "eventIds: 'abc\nsync: exact",
    "8:13 yaml-syntax this ' is never closed",
  ],
  [
    'a bracket that is not closed',
    'attendees: [{ user: ou_a }\nsync: exact',
    '8:14 yaml-syntax this "[" is never closed',
  ],
  [
    'a brace that is not closed',
    'attendees: [{ user: ou_a ]\nsync: exact',
    '8:15 yaml-syntax this "{" is never closed',
  ],
  ['a bracket too many', 'attendees: [{ user: ou_a }]]', '8:30 yaml-syntax this "]" closes nothing'],
  ['a brace too many', 'guards: { allowEmpty: true }}', '8:31 yaml-syntax this "}" closes nothing'],
  [
    'a key that is deeper than its neighbours',
    'sync: exact\n notify: false',
    '9:4 yaml-syntax this line is indented by 3 spaces, unlike the lines it belongs to',
  ],
  [
    'an entry that is less deep',
    'attendees:\n    - user: ou_a\n   - user: ou_b',
    '10:6 yaml-syntax this line is indented by 5 spaces, unlike the lines it belongs to',
  ],
  [
    'an entry that is deeper',
    'attendees:\n  - user: ou_a\n   - user: ou_b',
    '10:6 yaml-syntax this line is indented by 5 spaces, unlike the lines it belongs to',
  ],
  [
    'a key of an entry that is not below it',
    'attendees:\n    - user: ou_a\n     optional: true',
    '10:8 yaml-syntax this line is indented by 7 spaces, unlike the lines it belongs to',
  ],
  ['no colon at all', 'notify false\nsync: exact', '8:3 yaml-syntax this line has no ": " in it'],
  ['an equals sign', 'sync = exact\nnotify: false', '8:8 yaml-syntax "=" does not set a value in YAML'],
  ['a comment of another language', '// weekly\nsync: exact', '8:3 yaml-syntax a comment begins with "#"'],
  ['a colon within a value', 'roomContact: a: b', '8:16 yaml-syntax a value with ": " in it needs quotes'],
  ['an at sign in front', 'roomContact: @bob', '8:16 yaml-syntax a value cannot begin with "@"'],
  ['a backtick in front', 'roomContact: `bob`', '8:16 yaml-syntax a value cannot begin with "`"'],
  ['a star alone', 'roomContact: *', '8:16 yaml-syntax "*" needs a name after it in YAML, and there is none'],
  [
    'an unknown escape',
    'roomContact: "a\\d"',
    '8:18 yaml-syntax "\\d" is not an escape that double quotes know',
  ],
  [
    'text behind quotes',
    'roomContact: "a" b',
    '8:20 yaml-syntax there is text after the closing quotation mark',
  ],
  [
    'no comma between entries',
    'attendees: [{ user: ou_a } { user: ou_b }]',
    '8:30 yaml-syntax a comma is missing before this',
  ],
  [
    'no comma between keys',
    'guards: { allowEmpty: true allowPast: true }',
    '8:30 yaml-syntax a comma is missing before this',
  ],
  ['a comment without a space', 'roomContact: "a"#c', '8:19 yaml-syntax a comment needs a space before "#"'],
  [
    'text behind a bar',
    'roomContact: |x\n  a',
    '8:17 yaml-syntax "|" and ">" start a text on the lines below',
  ],
  [
    'a list on the line of its key',
    'attendees: - user: ou_a',
    '8:14 yaml-syntax a list starts on the line below its key',
  ],
  [
    'dashes between brackets',
    'attendees: [\n  - user: ou_a\n]',
    '9:5 yaml-syntax a list with "-" cannot be inside brackets',
  ],
  [
    'two anchors',
    'roomContact: &a &b x',
    '8:19 yaml-syntax "&", "*" and "!" are used for more than one thing here',
  ],
  ['a key twice', 'sync: exact\nsync: exact', '9:3 duplicate-key the key "sync" appears twice'],
  ['a merge key', '<<: { sync: exact }', '8:3 merge-key the merge key << is not part of YAML 1.2'],
  ['a tag', 'roomContact: !!str 1', '8:22 tag the tag !!str is not allowed in a manifest'],
];

describe('a slip of the keyboard', () => {
  it.each(slips)('%s is one mistake, said in the words of its author', (_, spec, expected) => {
    const { diagnostics, desired } = load({ 'a.yaml': feishu(spec) });
    const said = diagnostics.map(
      ({ code, message, source }) => `${source?.line}:${source?.column} ${code} ${message}`,
    );
    expect(said).toEqual([expected]);
    expect(diagnostics[0]?.hint ?? '').not.toBe('');
    expect(desired.events).toEqual([]);
  });
});

it('shows the line, and a caret below it', () => {
  const { diagnostics } = load({ 'a.yaml': feishu('labels: 平台，周会\nsync：exact\nnotify: false') });
  expect(diagnosticsText(diagnostics, plain)).toBe(
    [
      'a.yaml:9:7: error: "：" is a full-width colon [full-width]',
      '  9 |   sync：exact',
      '            ^',
      '  write ": ", with a space after it',
      '',
      '1 error, 0 warnings.',
      '',
    ].join('\n'),
  );
});

it('puts the caret under its character behind wide ones', () => {
  const { diagnostics } = load({ 'a.yaml': feishu('roomContact: "平台" b') });
  const [, , caret = ''] = diagnosticsText(diagnostics, plain).split('\n');
  expect(caret).toBe(`      ${' '.repeat(16)}\u3000\u3000${' '.repeat(2)}^`);
});

it('names a merge that was left unfinished', () => {
  const text = `<<<<<<< HEAD\n${feishu('sync: exact')}\n=======\n${feishu('notify: false')}\n>>>>>>> other\n`;
  expect(load({ 'a.yaml': text }).diagnostics[0]).toMatchObject({ code: 'conflict', source: { line: 1 } });
});

it.each(['user: “ou_a”', 'user:ou_a', 'ou_a'])('shows the line of an entry that is written %s', (entry) => {
  const { diagnostics } = load({ 'a.yaml': feishu(`attendees:\n  - ${entry}`) });
  expect(diagnostics[0]?.excerpt).toBe(`    - ${entry}`);
});

it('shows no line that is too long to be read', () => {
  const { diagnostics } = load({ 'a.yaml': feishu(`attendees: [${'{ user: ou_a }, '.repeat(50)}`) });
  expect(diagnostics).toMatchObject([{ code: 'yaml-syntax', source: { line: 8, column: 14 } }]);
  expect(diagnostics[0]).not.toHaveProperty('excerpt');
});
