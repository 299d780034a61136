import { createInterface } from 'node:readline/promises';
import { visible } from '../report/escape.ts';
import { broken } from '../report/text/terminal.ts';
import type { Surroundings } from './surroundings.ts';
import { widthFor } from './terminal.ts';

/** Asks on the terminal. Answers the line that was typed; nothing at the end of the input. Rejects for a signal. */
export async function ask({ stdin, stderr, signal }: Surroundings, text: string): Promise<string> {
  const question = visible(text);
  // Broken between words here: the line editor would break within them.
  const lines = broken(question, { columns: stderr.columns, width: await widthFor([question]) });
  // Not by the line reader, so that it goes the way of all that is said.
  stderr.write(`\n${lines.join('\n')}`);
  const terminal = createInterface({ input: stdin, terminal: false });
  // Without a line editor Ctrl-C is a signal like any other. A terminal that has gone answers nothing, also later.
  if (stdin.listenerCount('error') === 0) stdin.on('error', () => {});
  const gone = (): void => {
    terminal.close();
  };
  stdin.on('error', gone);
  const closed = new Promise<string>((resolve) => {
    // The end of the input is an answer too.
    terminal.on('close', () => {
      resolve('');
    });
  });
  try {
    return await Promise.race([terminal.question('', { signal }), closed]);
  } finally {
    terminal.close();
    stdin.off('error', gone);
  }
}
