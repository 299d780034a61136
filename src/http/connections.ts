import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { connectorOf } from './undici.ts';

/** What undici ends a connection with whose request was aborted. */
const isAborted = (error: Error | undefined): boolean => error?.message === 'aborted';

/**
 * Connects so that a connection is reset when the exchange on it is given up: if it is only closed, the system goes on
 * delivering what was written to it, for minutes, when nobody counts on it any more. TLS has no connection that can be
 * reset but the one below it, so that one is made first.
 *
 * @param when which ends are resets
 */
export function resetting(
  options: buildConnector.BuildOptions,
  when: (error: Error | undefined) => boolean = isAborted,
): buildConnector.connector {
  const connect = connectorOf(options);
  return (way, callback) => {
    const secure = way.protocol === 'https:';
    const port = way.port || (secure ? '443' : '80');
    connect({ ...way, protocol: 'http:', port }, (...[error, below]) => {
      if (error !== null) callback(error, null);
      else if (!secure) callback(null, withReset(below, below, when));
      else {
        connect({ ...way, httpSocket: below }, (...[failure, socket]) => {
          if (failure !== null) callback(failure, null);
          else callback(null, withReset(socket, below, when));
        });
      }
    });
  };
}

/**
 * The connection below is reset when TLS ends it, and never before: Node crashes where the ground of a handshake that is
 * just done goes away.
 */
function withReset(socket: Socket, below: Socket, when: (error: Error | undefined) => boolean): Socket {
  const end = below.destroy.bind(below);
  let givenUp = false;
  below.destroy = (error) => {
    // A reset ends in the same call.
    below.destroy = end;
    return givenUp || when(error) ? below.resetAndDestroy() : end(error);
  };
  if (socket === below) return socket;
  const destroy = socket.destroy.bind(socket);
  socket.destroy = (error) => {
    givenUp = when(error);
    return destroy(error);
  };
  return socket;
}
