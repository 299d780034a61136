import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findingStatuses, type FindingStatus } from '../src/model/finding.ts';
import type { Change, EventStatus, Kept } from '../src/model/plan.ts';
import type { ChangeOutcome, EventOutcome } from '../src/model/result.ts';
import { root } from './support/cli.ts';
import { partOf, rowsOf } from './support/pages.ts';

/** Each list with all that its type has: one more or less is an error of the compiler here. */
const lists = {
  'Of an event in a plan': { 'in-sync': 0, changed: 0, refused: 0, unknown: 0 } satisfies Record<
    EventStatus,
    0
  >,
  'Of an event after an apply': {
    converged: 0,
    applied: 0,
    unchanged: 0,
    partial: 0,
    failed: 0,
    refused: 0,
    unknown: 0,
    'not-converged': 0,
    'not-attempted': 0,
    interrupted: 0,
  } satisfies Record<EventOutcome, 0>,
  'Of a single change': {
    done: 0,
    already: 0,
    failed: 0,
    unknown: 0,
    'not-attempted': 0,
  } satisfies Record<ChangeOutcome, 0>,
  'Why somebody is removed or added': {
    'not-in-manifest': 0,
    expired: 0,
    excluded: 0,
    left: 0,
    'optional-drift': 0,
    'in-manifest': 0,
    reverted: 0,
    'state-absent': 0,
    'chat-absent': 0,
  } satisfies Record<Change['reason'], 0>,
  'Why somebody is kept': { organizer: 0, ignored: 0, external: 0, 'add-only': 0 } satisfies Record<
    Kept['reason'],
    0
  >,
  'Of a line of `doctor`': { ok: 0, missing: 0, wrong: 0, unknown: 0 } satisfies Record<FindingStatus, 0>,
};

it.each(Object.entries(lists))('docs/glossary.md has every word of "%s"', (heading, words) => {
  const page = readFileSync(join(root, 'docs/glossary.md'), 'utf8');
  const rows = rowsOf(partOf(page, heading));
  expect(rows.map(([word]) => word)).toEqual(Object.keys(words).map((word) => `\`${word}\``));
  for (const [word, means] of rows) expect(means?.length, word).toBeGreaterThan(10);
});

it('has a list of its own for what doctor says', () => {
  expect(Object.keys(lists['Of a line of `doctor`'])).toEqual([...findingStatuses]);
});
