import { expect, test } from 'vitest';

import { diagnosticsText } from '../../src/report/text/diagnostics.ts';
import { diagnostics } from '../support/plan-fixtures.ts';
import { plain, tagged } from '../support/terminals.ts';

test('shows place, rule and way out as the golden file has it', async () => {
  await expect(diagnosticsText(diagnostics, plain)).toMatchFileSnapshot('golden/diagnostics.txt');
});

test('says nothing where there is nothing to say', () => {
  expect(diagnosticsText([], plain)).toBe('');
});

test('tells errors from warnings by colour too', () => {
  const text = diagnosticsText(diagnostics, tagged);
  expect(text).toContain('<red>error:</red>');
  expect(text).toContain('<yellow>warning:</yellow>');
});
