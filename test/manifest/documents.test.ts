import { describe, expect, it } from 'vitest';
import { loadTexts } from '../../src/manifest/load.ts';
import { feishu, roster, today } from './support.ts';

function loadOne(text: string, named: boolean): { found: string[]; skipped: number; events: number } {
  const { desired, diagnostics, skipped } = loadTexts([{ file: 'a.yaml', text, named }], today);
  const found = diagnostics.map(({ code, source }) => `${code} ${source?.line}:${source?.column}`);
  return { found, skipped: skipped.length, events: desired.events.length };
}

const event = feishu('sync: exact');

describe('a file that was found in a folder', () => {
  it.each([
    ['another program’s document', 'apiVersion: v1\nkind: Event\n', [], 1],
    ['a list', '- a\n- b\n', [], 1],
    ['text', 'hello\n', [], 1],
    ['a document without apiVersion of another kind', 'kind: Deployment\n', [], 1],
    ['two of them', 'a: 1\n---\nb: 2\n', [], 2],
    ['a misspelt apiVersion', 'apiVersion: rolcall.dev/v1\nkind: Event\n', [], 1],
    ['a file that is no YAML', 'a: [\n', [], 1],
    ['nothing', '', [], 0],
    ['a comment', '# only\n', [], 0],
    ['empty documents', '---\n---\n', [], 0],
    ['no YAML that mentions rollcall.dev/', '# rollcall.dev/\na: [b\nc: d\n', ['yaml-syntax 2:4'], 0],
    ['another version', 'kind: Event\napiVersion: rollcall.dev/v2\n', ['unknown-api-version 2:1'], 0],
    ['one of our kinds without apiVersion', 'x: y\nkind: Roster\n', ['missing-key 2:1'], 0],
    ['one of our kinds with an empty apiVersion', 'apiVersion:\nkind: Event\n', ['missing-key 2:1'], 0],
    ['an unknown kind of ours', 'apiVersion: rollcall.dev/v1\nkind: Evnt\n', ['unknown-kind 2:1'], 0],
    ['no kind', 'apiVersion: rollcall.dev/v1\n', ['missing-key 1:1'], 0],
  ])('%s', (_, text, found, skipped) => {
    expect(loadOne(text, false)).toEqual({ found, skipped, events: 0 });
  });

  it('keeps our documents and counts the others', () => {
    expect(loadOne(`a: !Ref b\n---\n${event}`, false)).toEqual({ found: [], skipped: 1, events: 1 });
  });
});

describe('a file that was named', () => {
  it.each([
    [
      'another program’s document',
      'a: 1\n---\napiVersion: v1\nkind: Event\n',
      ['foreign-document 1:1', 'foreign-document 3:1'],
    ],
    ['text', 'hello\n', ['foreign-document 1:1']],
    ['a misspelt apiVersion', 'apiVersion: rolcall.dev/v1\nkind: Event\n', ['foreign-document 1:1']],
    ['a file that is no YAML', 'a: [b\nc: d\n', ['yaml-syntax 1:4']],
    ['an empty document', `---\n${event}`, []],
  ])('%s', (_, text, found) => {
    expect(loadOne(text, true)).toMatchObject({ found, skipped: 0 });
  });
});

it('gives all errors by file, line and column', () => {
  const files = [
    { file: 'b.yaml', text: roster('r', 'member: []\nmembers: [{ usr: a }]'), named: false },
    { file: 'a.yaml', text: feishu('sync: x\nnotify: 3'), named: false },
  ];
  const places = loadTexts(files, today).diagnostics.map(({ source }) => `${source?.file}:${source?.line}`);
  expect(places).toEqual(['a.yaml:8', 'a.yaml:9', 'b.yaml:5', 'b.yaml:6']);
});

it('refuses a day that does not exist', () => {
  expect(() => loadTexts([], '2026-02-30')).toThrow(RangeError);
});
