import type { Sink } from './surroundings.ts';

/** Parts are gathered to pieces of about this many characters: fewer writes, and never more than this in hand. */
const pieceLength = 64 * 1024;

/**
 * Writes text in pieces, each once the one before it was taken, so that a slow reader slows the output down instead
 * of having it pile up here. A text is one part.
 */
export async function print(sink: Sink, parts: Iterable<string>): Promise<void> {
  let piece = '';
  for (const part of typeof parts === 'string' ? [parts] : parts) {
    piece += part;
    if (piece.length < pieceLength) continue;
    await write(sink, piece);
    piece = '';
  }
  if (piece !== '') await write(sink, piece);
}

function write(sink: Sink, text: string): Promise<void> {
  return new Promise((resolve) => {
    // Not `drain`: a stream whose reader has left never says that, and the command would end in the middle. Errors
    // reach the stream's own listener.
    if (sink.write(text, resolve) !== false) resolve();
  });
}
