import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

/** A way to a server on this machine that a test can cut. */
export interface TcpProxy {
  readonly port: number;
  /** Ends every connection at once, as a network does that fails. New ones are taken. */
  cut(): void;
  /** Takes connections from now on without passing anything on, as a peer does that never answers. */
  swallow(): void;
  /** Passes everything on again; connections that were swallowed meanwhile end. */
  pass(): void;
  close(): Promise<void>;
}

/** @param port of the server on the loopback */
export async function startTcpProxy(port: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let swallowing = false;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    keep(client);
    if (swallowing) return void client.resume();
    const upstream = keep(dial(port, '127.0.0.1'));
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    swallow() {
      swallowing = true;
      cut();
    },
    pass() {
      swallowing = false;
      cut();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
