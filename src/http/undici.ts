// Undici part by part. Its index loads fetch, WebSockets, caches and mocks as well, which takes longer than everything
// else that a command loads; nothing of them is used here.
import connectorOf from 'undici/lib/core/connect.js';
import connect from 'undici/lib/api/api-connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';

// As the index does: a client asks a proxy for a tunnel with this method.
Object.assign(Dispatcher.prototype, { connect });

export { Agent, EnvHttpProxyAgent, Pool, connectorOf };
