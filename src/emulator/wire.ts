import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Outcome } from './intercept.ts';

/** The largest body that is read, in bytes. */
const largestBody = 4 * 1024 * 1024;

/** A body as far as it could be read. */
export interface ReadBody {
  readonly body: unknown;
  readonly malformed: boolean;
  readonly tooLarge: boolean;
}

/** Reads the body as JSON; it has to say so in `content-type`. */
export async function readBody(request: IncomingMessage): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  // A request without an encoding set yields buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
  }
  if (size > largestBody) return { body: undefined, malformed: true, tooLarge: true };
  if (size === 0) return { body: undefined, malformed: false, tooLarge: false };
  const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '');
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return { body, malformed: !isJson, tooLarge: false };
  } catch {
    return { body: undefined, malformed: true, tooLarge: false };
  }
}

/** The headers by their names in lower case, each as one text. */
export function headersOf(request: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** Sends what came out; `hang` leaves the connection open. */
export function send(response: ServerResponse, outcome: Outcome): void {
  if (outcome === 'hang') return;
  if (outcome === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(outcome.status, {
    ...outcome.headers,
    'content-length': Buffer.byteLength(outcome.body),
  });
  response.end(outcome.body);
}
