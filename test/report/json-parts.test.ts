import { expect, it } from 'vitest';
import { visibleJson } from '../../src/report/escape.ts';
import { planJson, planJsonParts } from '../../src/report/json.ts';
import * as fixtures from '../support/plan-fixtures.ts';

const { removals, inSync, refused, unknown, hostile, badManifests } = fixtures;

it.each(Object.entries({ removals, inSync, refused, unknown, hostile, badManifests }))(
  'prints %s as JSON.stringify does',
  (_, plan) => {
    expect(planJson(plan)).toBe(`${visibleJson(JSON.stringify(plan, null, 2))}\n`);
  },
);

it('makes no part of more than one event', () => {
  const parts = [...planJsonParts(fixtures.removals)];
  const longest = Math.max(...fixtures.removals.events.map((event) => JSON.stringify(event, null, 6).length));
  expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(longest);
});
