import { expect, test } from 'vitest';
import { scrub } from '../../src/http/secrets.ts';

test.each([
  ['token t-abc is bad, t-abc!', ['t-abc'], 'token *** is bad, ***!'],
  ['nothing here', ['t-abc', null], 'nothing here'],
  ['a cat', ['a'], 'a cat'],
  ['line\r\nbreak\u001B[31m ', [], 'line break [31m'],
  ['x'.repeat(301), [], `${'x'.repeat(300)}...`],
])('scrubs %j', (text, secrets, clean) => {
  expect(scrub(text, secrets)).toBe(clean);
});
