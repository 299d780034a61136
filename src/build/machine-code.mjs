// The last step of `npm run build`: runs the commands that are run most, against the embedded server, and writes the code
// that V8 made of the command line's files beside them, where `built.ts` looks for it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { builtFiles, codeOf } = createRequire(import.meta.url)('../../dist/cli/built.js');
const examples = join(root, 'examples');
const manifests = join(examples, 'manifests');

const loaded = [];
const { start } = builtFiles((file) => loaded.push(file))(join(root, 'dist/cli/start.js'));

// What the commands print is of no interest but for the server's address.
const ready = new Promise((resolve) => {
  const quiet = (text, over) => {
    const url = /^ready (\S+)/.exec(text)?.[1];
    if (url !== undefined) resolve(url);
    over?.();
    return true;
  };
  process.stdout.write = quiet;
  process.stderr.write = quiet;
});

const folder = mkdtempSync(join(tmpdir(), 'rollcall-build-'));
process.chdir(folder);
process.env = {};
const server = start(['emulator', '--tenant', join(examples, 'tenant.yaml'), '--port', '0']);
const url = await Promise.race([
  ready,
  server.then((code) => Promise.reject(new Error(`the embedded server ended with ${code}`))),
]);
process.env = {
  FEISHU_BASE_URL: url,
  FEISHU_APP_ID: 'cli_demo',
  FEISHU_APP_SECRET: 'demo-secret',
  DINGTALK_BASE_URL: url,
  DINGTALK_APP_KEY: 'cli_demo',
  DINGTALK_APP_SECRET: 'demo-secret',
  ROLLCALL_SETTLE: '0s',
};
for (const args of [
  ['--help'],
  ['validate', manifests],
  ['plan', manifests, '--out', 'plan.json'],
  ['apply', '--plan', 'plan.json', '--auto-approve'],
]) {
  const code = await start(args);
  if (code !== 0) throw new Error(`rollcall ${args.join(' ')} ended with ${code}`);
}
for (const { path, script } of loaded) writeFileSync(codeOf(path), script.createCachedData());

process.chdir(root);
rmSync(folder, { recursive: true });
// As Ctrl-C would: the server closes, and the process with it.
process.emit('SIGINT');
await server;
process.exitCode = 0;
