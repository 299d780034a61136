import { ProxyError } from '../http/proxy.ts';
import type { Transport } from '../http/transport.ts';
import type { TransportOptions } from '../http/undici-transport.ts';
import { UsageError } from './usage-error.ts';

/**
 * The transport of a run. The HTTP client is the heaviest import of all: it waits until the settings are known to be good.
 *
 * @throws UsageError where `HTTPS_PROXY` cannot be used.
 */
export async function openTransport(options: TransportOptions): Promise<Transport> {
  const { createTransport } = await import('../http/undici-transport.ts');
  try {
    return createTransport(options);
  } catch (error) {
    if (!(error instanceof ProxyError)) throw error;
    throw new UsageError(error.message, 'Set it like http://proxy.example:3128, or unset it.');
  }
}
