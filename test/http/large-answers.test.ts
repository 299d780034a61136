import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { feishuEvent, onFeishu, signal } from '../providers/bench.ts';

describe('an answer that is far too large', () => {
  it('is dropped while it streams in, and the read fails with that reason', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(1024 * 1024, ' ');
    await onFeishu(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const more = (): void => {
          while (sent < 64 && !response.destroyed) {
            sent += 1;
            if (!response.write(chunk)) {
              response.once('drain', more);
              return;
            }
          }
          response.end();
        };
        more();
        return 'handled';
      },
      async ({ reader, calls }) => {
        const observed = await reader.read(feishuEvent, 'attendees', signal);
        expect(observed).toMatchObject({
          complete: false,
          problem: { message: expect.stringContaining('sent more than 33554432 bytes') },
        });
        expect(calls()).toHaveLength(1);
        expect(sent).toBeLessThan(64);
      },
    );
  });

  it('is not even begun where it says its size', async () => {
    await onFeishu(
      (_request, response) => {
        response.writeHead(200, { 'content-length': String(64 * 1024 * 1024) }).write('{');
        return 'handled';
      },
      async ({ reader, clock }) => {
        const began = clock.now();
        const observed = await reader.read(feishuEvent, 'attendees', signal);
        expect(observed).toMatchObject({
          complete: false,
          problem: { message: expect.stringContaining('sent more than 33554432 bytes') },
        });
        expect(clock.now()).toBe(began);
      },
    );
  });

  it('is not unpacked: compression was not asked for', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
    const { rss } = process.memoryUsage();
    await onFeishu(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
        return 'handled';
      },
      async ({ reader }) => {
        const observed = await reader.read(feishuEvent, 'attendees', signal);
        expect(observed).toMatchObject({
          complete: false,
          problem: {
            message: expect.stringContaining('HTTP 200 with a body that does not come from this API'),
          },
        });
      },
    );
    expect(process.memoryUsage().rss - rss).toBeLessThan(48 * 1024 * 1024);
  });
});
