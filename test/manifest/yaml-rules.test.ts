import { describe, expect, it } from 'vitest';
import { parseText } from '../../src/manifest/read/parse.ts';
import { maxAliasNodes } from '../../src/manifest/read/read-value.ts';
import { feishu, findings, load, onlyEvent, wanted } from './support.ts';

describe('YAML that manifests do not allow', () => {
  it.each([
    ['a syntax error', feishu('attendees: [{ user: ou_a }'), ['yaml-syntax 8:14']],
    ['a tab as indentation', '\tapiVersion: rollcall.dev/v1', ['tab 1:1']],
    ['a duplicate key', feishu('sync: exact\nsync: exact'), ['duplicate-key 9:3']],
    [
      'a duplicate key in an entry',
      feishu('attendees: [{ user: ou_a, user: ou_b }]'),
      ['duplicate-key 8:29'],
    ],
    ['a tag', feishu('roomContact: !!str 123'), ['tag 8:22']],
    ['a tag of its own', feishu('roomContact: !secret ou_a'), ['tag 8:24']],
    ['a tag on a list', feishu('attendees: !x []'), ['tag 8:17']],
    ['a merge key', feishu('<<: { sync: exact }'), ['merge-key 8:3']],
    ['a number as key', feishu('1: x'), ['non-string-key 8:3']],
    ['a list as key', feishu('? [a]\n: x'), ['non-string-key 8:5']],
    ['an alias without an anchor', feishu('roomContact: *nobody'), ['unknown-alias 8:16']],
    ['an alias inside its anchor', feishu('attendees: &a [*a]'), ['unknown-alias 8:18']],
    ['YAML 1.1', `%YAML 1.1\n---\n${feishu('sync: exact')}`, ['yaml-version 1:1']],
    ['YAML 1.3', `# c\n%YAML 1.3\n---\n${feishu('sync: exact')}`, ['yaml-version 2:1']],
  ])('%s', (_, text, expected) => {
    expect(findings(text)).toEqual(expected);
    expect(load({ 'a.yaml': text }).desired.events).toEqual([]);
  });

  it('refuses a merge key only where it is one', () => {
    expect(findings(feishu('"<<": x'))).toEqual(['unknown-key 8:3']);
  });

  it('holds a document to its own directive alone', () => {
    const text = `%YAML 1.1\n---\nkind: other\n...\n---\n${feishu('sync: exact')}`;
    expect(findings(text)).toEqual([]);
  });

  it.each([1_000, 100_000])('answers lists that are nested %i deep', (depth) => {
    const text = feishu(`attendees: ${'['.repeat(depth)}`);
    expect(findings(text)).toContain('yaml-syntax 8:112');
  });

  it('answers aliases that multiply', () => {
    const levels = ['l0: &l0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 30; level += 1) {
      levels.push(
        `l${level}: &l${level} [${Array(10)
          .fill(`*l${level - 1}`)
          .join()}]`,
      );
    }
    const bombs = findings(feishu(levels.join('\n'))).filter((finding) => finding.startsWith('alias-bomb'));
    expect(bombs).toEqual(['alias-bomb 12:40']);
  });

  it('lets many aliases of small values stand', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `  - { user: ou_${index}, until: *end }`).join(
      '\n',
    );
    const text = feishu(`guards: { allow: { removals: 1, until: &end 2027-01-01 } }\nattendees:\n${many}`);
    expect(onlyEvent({ 'a.yaml': text }).attendees).toHaveLength(2_000);
    expect(maxAliasNodes).toBeGreaterThan(2_000);
  });
});

describe('YAML that manifests do allow', () => {
  it('takes anchors and aliases', () => {
    const text = feishu('attendees: &all\n  - user: ou_a\n  - &b { user: ou_b }\nignore: *all');
    expect(onlyEvent({ 'a.yaml': text }).ignore).toEqual([
      { type: 'user', id: 'ou_a' },
      { type: 'user', id: 'ou_b' },
    ]);
  });

  it('keeps lines and columns through CRLF', () => {
    const text = feishu('attendees:\n  - user: ou_a\n  - user: 12').replaceAll('\n', '\r\n');
    expect(findings(text)).toEqual(['number-for-id 10:13']);
  });

  it('reads dates as text and yes as text', () => {
    const text = feishu('attendees: [{ user: yes, until: 2026-12-31 }]');
    expect(wanted(onlyEvent({ 'a.yaml': text }))).toEqual(['user:yes a.yaml:8:15']);
  });

  it('reads a key named __proto__ as a key', () => {
    expect(findings(feishu('__proto__: { sync: exact }'))).toEqual(['unknown-key 8:3']);
    expect(findings(feishu('attendees: [{ __proto__: { user: ou_a } }]'))).toEqual(['unknown-key 8:17']);
  });
});

it('matches directives to documents', () => {
  const { documents } = parseText('%YAML 1.2\n---\na: 1\n...\n%YAML 1.1\n---\nb: 1\n---\nc: 1\n');
  expect(documents.map(({ otherVersion }) => otherVersion)).toEqual([
    null,
    { version: '1.1', offset: 23 },
    null,
  ]);
});
