import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Outcome } from './intercept.ts';
import type { Answer } from './route.ts';

/** The largest body that is read, in bytes. */
const largestBody = 4 * 1024 * 1024;

/** A body as far as it could be read. */
export interface ReadBody {
  readonly body: unknown;
  readonly malformed: boolean;
  readonly tooLarge: boolean;
  readonly bytes: number;
}

const unread: ReadBody = { body: undefined, malformed: true, tooLarge: false, bytes: 0 };

/**
 * Reads the body as JSON; it has to say so in `content-type`. A form is read as an object, and is not JSON. Bodies of
 * GET and DELETE, which clients may send, are dropped.
 */
export async function readBody(request: IncomingMessage): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  // A request without an encoding set yields buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
  }
  if (size > largestBody) return { ...unread, tooLarge: true };
  const { method = '' } = request;
  if (size === 0 || !['POST', 'PATCH', 'PUT'].includes(method)) return { ...unread, malformed: false };
  const { 'content-type': type = '' } = request.headers;
  const text = Buffer.concat(chunks).toString('utf8');
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
    return {
      body: Object.fromEntries(new URLSearchParams(text)),
      malformed: true,
      tooLarge: false,
      bytes: size,
    };
  }
  const isJson = /^application\/json\b/i.test(type);
  try {
    const body: unknown = JSON.parse(text);
    return { body, malformed: !isJson, tooLarge: false, bytes: size };
  } catch {
    return unread;
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
  if (outcome.drip === undefined) response.end(outcome.body);
  else void drip(response, outcome.body, outcome.drip);
}

/** Writes a body piece by piece, until it is out or the client has gone. */
async function drip(
  response: ServerResponse,
  body: string,
  { bytes, pauseMs }: NonNullable<Answer['drip']>,
): Promise<void> {
  const whole = Buffer.from(body);
  response.flushHeaders();
  for (let sent = 0; sent < whole.length && !response.destroyed; sent += bytes) {
    await sleep(pauseMs);
    response.write(whole.subarray(sent, sent + bytes));
  }
  response.end();
}
