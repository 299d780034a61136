import { mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rollcall } from './cli.ts';

/** Runs in this process what scripts call: command lines with the folder and the environment of the script. */
export interface RollcallServer {
  /** A Bash script that is `rollcall` to others; a subshell will do. */
  readonly client: string;
  readonly close: () => Promise<void>;
}

/**
 * Starts one. What a command line says goes through files: Bash can take no bytes from a connection as they are. It starts
 * no program: that would take longer than all else.
 */
export async function startRollcallServer(): Promise<RollcallServer> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-said-'));
  let runs = 0;
  const server = createServer((socket) => {
    runs += 1;
    void answer(socket, join(folder, String(runs)));
  });
  const port = await listening(server);
  return {
    client: `
exec 3<>/dev/tcp/127.0.0.1/${port}
pairs=()
while read -r name; do pairs+=("$name=\${!name}"); done < <(compgen -e)
printf '%s\\0' "$PWD" "$#" "$@" "\${pairs[@]}" end >&3
read -r code said <&3
IFS= read -r -d '' text <"$said.stdout"
printf %s "$text"
IFS= read -r -d '' text <"$said.stderr"
printf %s "$text" >&2
exit "$code"
`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function answer(socket: Socket, said: string): Promise<void> {
  const [cwd = '', count, ...words] = await asked(socket);
  const pairs = words.slice(Number(count)).map((pair): [string, string] => {
    const end = pair.indexOf('=');
    return [pair.slice(0, end), pair.slice(end + 1)];
  });
  const args = words.slice(0, Number(count));
  const { code, stdout, stderr } = await rollcall(args, { cwd, env: Object.fromEntries(pairs) });
  writeFileSync(`${said}.stdout`, stdout);
  writeFileSync(`${said}.stderr`, stderr);
  socket.end(`${code} ${said}\n`);
}

const end = '\0end\0';

/** The folder, how many arguments there are, these, and the environment. */
function asked(socket: Socket): Promise<string[]> {
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (part) => {
      text += String(part);
      if (text.endsWith(end)) resolve(text.slice(0, -end.length).split('\0'));
    });
  });
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      // A TCP server has an address of this shape while it listens.
      resolve((server.address() as AddressInfo).port);
    });
  });
}
