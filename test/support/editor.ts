import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRecord } from '../../src/manifest/manifest.ts';
import { root } from './cli.ts';

/** What somebody sees in an editor that has the YAML language server, as VS Code and many others do. */
export interface Editor extends AsyncDisposable {
  /** What is marked in a text, as `line: message`. */
  readonly marks: (text: string) => Promise<readonly string[]>;
  /** What is offered at the `|` in the text: the label, and what would be put there. */
  readonly offers: (text: string) => Promise<ReadonlyMap<string, string>>;
  /** What is told of the word with the `|` in it. */
  readonly tells: (text: string) => Promise<string>;
}

type Json = Readonly<Record<string, unknown>>;

const settings = { schemaStore: { enable: false }, validate: true, hover: true, completion: true };

/**
 * Starts the server, and talks to it as an editor does. It loads schemas from files alone.
 *
 * @param folder of the files that are opened; none of them is there, since an editor has their texts
 */
export async function openEditor(folder: string): Promise<Editor> {
  const server = join(root, 'node_modules/yaml-language-server/bin/yaml-language-server');
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = new Map<number, (result: unknown) => void>();
  const found = new Map<string, (diagnostics: unknown) => void>();
  let asked = 0;
  let opened = 0;
  const send = (message: Json): void => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  const request = (method: string, params: Json): Promise<unknown> =>
    new Promise((resolve) => {
      asked += 1;
      answers.set(asked, resolve);
      send({ id: asked, method, params });
    });
  const take = ({ id, method, params, result }: Json): void => {
    if (method === 'textDocument/publishDiagnostics' && isRecord(params)) {
      found.get(String(params['uri']))?.(params['diagnostics']);
    } else if (method === 'workspace/configuration' && isRecord(params)) {
      const sections = listOf(params['items']).map((item) => item['section']);
      send({ id, result: sections.map((section) => (section === 'yaml' ? settings : null)) });
    } else if (method !== undefined) {
      if (id !== undefined) send({ id, result: null });
    } else if (typeof id === 'number') {
      answers.get(id)?.(result);
    }
  };
  child.stdout.on('data', framesTo(take));
  const capabilities = {
    textDocument: { completion: { completionItem: { snippetSupport: true } }, publishDiagnostics: {} },
    workspace: { configuration: true },
  };
  await request('initialize', { processId: process.pid, rootUri: null, capabilities });
  send({ method: 'initialized', params: {} });

  const open = async (text: string): Promise<{ uri: string; diagnostics: readonly Json[] }> => {
    opened += 1;
    const uri = pathToFileURL(join(folder, `new-${opened}.yaml`)).href;
    const diagnostics = new Promise<unknown>((resolve) => found.set(uri, resolve));
    send({
      method: 'textDocument/didOpen',
      params: { textDocument: { uri, languageId: 'yaml', version: 1, text } },
    });
    return { uri, diagnostics: listOf(await diagnostics) };
  };
  const ask = async (method: string, marked: string): Promise<Json> => {
    const before = marked.slice(0, marked.indexOf('|')).split('\n');
    const { uri } = await open(marked.replace('|', ''));
    const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    const answer = await request(method, { textDocument: { uri }, position });
    return isRecord(answer) ? answer : {};
  };
  return {
    marks: async (text) => {
      const { diagnostics } = await open(text);
      return diagnostics.map(({ range, message }) => `${lineOf(range)}: ${String(message)}`);
    },
    offers: async (marked) => {
      const { items } = await ask('textDocument/completion', marked);
      return new Map(listOf(items).map((item) => [String(item['label']), String(item['insertText'])]));
    },
    tells: async (marked) => {
      const { contents } = await ask('textDocument/hover', marked);
      return isRecord(contents) ? String(contents['value']) : '';
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(child, 'close');
      child.kill();
      await closed;
    },
  };
}

/** Messages as the protocol frames them, in chunks that may end anywhere. */
function framesTo(take: (message: Json) => void): (chunk: Buffer) => void {
  let buffer = Buffer.alloc(0);
  return (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const [head = '', length = ''] =
        /^Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(buffer.toString('latin1')) ?? [];
      if (head === '' || buffer.length < head.length + Number(length)) return;
      const message: unknown = JSON.parse(buffer.toString('utf8', head.length, head.length + Number(length)));
      buffer = buffer.subarray(head.length + Number(length));
      if (isRecord(message)) take(message);
    }
  };
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function lineOf(range: unknown): number {
  const start = isRecord(range) && isRecord(range['start']) ? range['start'] : {};
  return Number(start['line']) + 1;
}
