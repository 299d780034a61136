import { expect, it } from 'vitest';
import { print, type Sink } from '../../src/cli/surroundings.ts';

/** A reader that takes one piece at a time, when told to. */
function slowReader(): Sink & { readonly pieces: string[]; take: () => Promise<void> } {
  const pieces: string[] = [];
  const waiting: (() => void)[] = [];
  return {
    pieces,
    write: (text, over) => {
      pieces.push(text);
      if (over !== undefined) waiting.push(over);
      return false;
    },
    take: async () => {
      waiting.shift()?.();
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    },
  };
}

it('makes no more text than a slow reader has taken', async () => {
  const reader = slowReader();
  let made = 0;
  function* parts(): Generator<string> {
    for (; made < 400; made += 1) yield 'x'.repeat(1000);
  }
  const printed = print(reader, parts());
  expect(made).toBeLessThan(70);
  await reader.take();
  expect(made).toBeLessThan(140);
  for (let round = 0; round < 10; round += 1) await reader.take();
  expect(made).toBe(400);
  await printed;
  expect(reader.pieces.join('')).toBe('x'.repeat(400_000));
  expect(reader.pieces.length).toBeLessThan(10);
});

it('prints a text as it is, and nothing for nothing', async () => {
  const reader: Sink & { text: string } = {
    text: '',
    write(text) {
      reader.text += text;
    },
  };
  await print(reader, 'a text');
  await print(reader, []);
  expect(reader.text).toBe('a text');
});
