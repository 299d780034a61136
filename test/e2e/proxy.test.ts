import { readFileSync } from 'node:fs';
import { request, createServer as createProxy } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, type Server, connect } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderWith, root, spawnRollcall } from '../support/cli.ts';
import { appEnv, calendar, manifest, serve } from '../support/served.ts';

const tls = join(root, 'test/fixtures/tls');

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      // A TCP server has an address of this shape while it listens.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

it('plans over TLS through a proxy', async () => {
  const platform = await serve({ feishu: { weekly_0: [{ user: 'ou_a' }, { user: 'ou_b' }] } });
  const host = createServer(
    { key: readFileSync(join(tls, 'key.pem')), cert: readFileSync(join(tls, 'cert.pem')) },
    (asked, answer) => {
      const { method, headers } = asked;
      const passed = request(`${platform.url}${asked.url ?? ''}`, {
        ...(method === undefined ? {} : { method }),
        // The embedded server answers to loopback names alone.
        headers: { ...headers, host: new URL(platform.url).host },
      });
      passed.on('response', (got) => {
        answer.writeHead(got.statusCode ?? 500, got.headers);
        got.pipe(answer);
      });
      asked.pipe(passed);
    },
  );
  const hostPort = await listening(host);
  const tunnels: (string | undefined)[] = [];
  const proxy = createProxy().on('connect', ({ url, headers }, client) => {
    tunnels.push(`${url} ${headers['proxy-authorization']}`);
    const onward = connect(hostPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(client).pipe(onward);
    });
    onward.on('error', () => client.destroy());
    client.on('error', () => onward.destroy());
  });
  const proxyPort = await listening(proxy);

  const wanted = {
    provider: 'feishu',
    calendarId: calendar,
    eventId: 'weekly_0',
    attendees: [{ user: 'ou_a' }],
  };
  const folder = folderWith({ 'weekly.yaml': manifest('Event', 'weekly', wanted) });
  const { code, stdout, stderr } = await spawnRollcall(['plan', folder], {
    env: {
      ...appEnv(platform.url),
      FEISHU_BASE_URL: 'https://open.example',
      HTTPS_PROXY: `http://user:pass@127.0.0.1:${proxyPort}`,
      NODE_EXTRA_CA_CERTS: join(tls, 'cert.pem'),
    },
  });
  proxy.close();
  host.close();
  host.closeAllConnections();
  await platform.close();
  expect(stderr).toBe('');
  expect(stdout).toContain('- ou_b');
  expect(code).toBe(0);
  expect(new Set(tunnels)).toEqual(new Set([`open.example:443 Basic ${btoa('user:pass')}`]));
});
