import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseJson } from '../../src/http/json.ts';

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  /** The path as it stood on the wire, still encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON, `undefined` where it is none. */
  readonly json: unknown;
}

/** An answer; a text is sent as it is, anything else as JSON. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What happens to a request: an answer, `hang` (none ever), `reset` (the connection is cut), or
 * `handled` (the script writes for itself). */
export type Script = (
  request: SeenRequest,
  response: ServerResponse,
) => ScriptedAnswer | 'hang' | 'reset' | 'handled';

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  // A request without an encoding yields buffers.
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** An HTTP server on loopback that answers as the test says. Close it with `await using`. */
export async function scriptedServer(script: Script): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await bodyOf(incoming);
    const [path = '', query = ''] = (incoming.url ?? '').split('?', 2);
    const seen: SeenRequest = {
      method: incoming.method ?? '',
      path,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: incoming.headers,
      text,
      json: parseJson(text),
    };
    requests.push(seen);
    const answer = script(seen, response);
    if (answer === 'reset') incoming.socket.destroy();
    if (typeof answer === 'string') return;
    const { status = 200, headers = {}, body = '' } = answer;
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const server = createServer((incoming, response) => {
    void serve(incoming, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A TCP server has an address of this shape while it listens.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
