import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { until } from './until.js';

/**
 * Why tests of EventStoreDB cannot run here, or `false` where they can: the `skip` of a tap test. Says it aloud too.
 *
 * @param controlled whether the test has to stop and start the server, and so needs one of its own
 */
export function skipWithoutEventStoreDB({ controlled = false } = {}): string | false {
  if (isOnPath('eventstored') || (!controlled && process.env['EVENTSTOREDB_URL'])) return false;
  const remedy = 'put eventstored (EventStoreDB 23.10 or later) on PATH';
  const reason = `EventStoreDB is NOT TESTED: ${controlled ? '' : 'set EVENTSTOREDB_URL to a server for tests, or '}${remedy}`;
  process.stderr.write(`\n*** ${reason} ***\n\n`);
  return reason;
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What `Eventstored.start` may be told. */
export interface EventstoredOptions {
  /** Further settings for the command line. */
  readonly settings?: readonly string[];
  /** Of the node and of its replication; free ones by default. */
  readonly ports?: readonly [number, number];
}

/** An EventStoreDB server of a test's own: on the loopback, insecure, telemetry off, its data in a temporary folder. */
export class Eventstored {
  #process: ChildProcess | undefined;
  #guard: ChildProcess | undefined;
  #output = '';

  private constructor(
    private readonly folder: string,
    private readonly ports: readonly [number, number],
    private readonly settings: readonly string[],
  ) {}

  static async start({ settings = [], ports }: EventstoredOptions = {}): Promise<Eventstored> {
    const folder = await mkdtemp(join(tmpdir(), 'eventstored-'));
    const server = new Eventstored(folder, ports ?? ((await freePorts(2)) as [number, number]), settings);
    await server.start();
    return server;
  }

  get port(): number {
    return this.ports[0];
  }

  get connectionString(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** Starts it, on the same ports and data as before, and waits until it answers. */
  async start(): Promise<void> {
    const [port, replicationPort] = this.ports;
    const settings = [
      '--insecure',
      '--node-ip=127.0.0.1',
      `--node-port=${port}`,
      '--replication-ip=127.0.0.1',
      `--replication-port=${replicationPort}`,
      `--db=${join(this.folder, 'data')}`,
      `--log=${join(this.folder, 'log')}`,
      ...this.settings,
    ];
    // In a group of its own: a program of this name may be a script around the real one.
    const child = spawn('eventstored', settings, {
      detached: true,
      // Threads: see docs/event-stores.md. A server with fewer stands still for seconds at a time on a busy machine.
      env: { ...process.env, EVENTSTORE_TELEMETRY_OPTOUT: 'true', DOTNET_ThreadPool_ForceMinWorkerThreads: '20' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    this.#guard = guard(child);
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (text) => {
        this.#output = `${this.#output}${text}`.slice(-4_000);
      });
    }
    await until(() => this.#answers(child), `eventstored answers on port ${port}`, 60_000);
  }

  /** Asks it to stop and waits until it has. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Ends it without letting it finish anything. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** From now on it says nothing more, while its connections stay open. */
  freeze(): void {
    this.#signal('SIGSTOP');
  }

  thaw(): void {
    this.#signal('SIGCONT');
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** `Leader`, `Follower` and the like of every node of its cluster that it knows to be alive. */
  async gossip(): Promise<{ readonly port: number; readonly state: string }[]> {
    const response = await fetch(`http://127.0.0.1:${this.port}/gossip`);
    const { members } = (await response.json()) as { members: Record<string, unknown>[] };
    return members
      .filter((member) => member['isAlive'])
      .map((member) => ({ port: Number(member['httpEndPointPort']), state: String(member['state']) }));
  }

  async #answers(child: ChildProcess): Promise<boolean> {
    if (child.exitCode !== null) throw new Error(`eventstored ended with code ${child.exitCode}:\n${this.#output}`);
    return fetch(`http://127.0.0.1:${this.port}/health/live`).then(
      ({ status }) => status === 204,
      () => false,
    );
  }

  async #end(how: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      this.#signal(how);
      await ended;
    }
    this.#guard?.kill('SIGKILL');
    this.#process = undefined;
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#process?.pid === undefined || this.#process.exitCode !== null) return;
    process.kill(-this.#process.pid, signal);
  }
}

/** Ends a server when this process ends, however that comes about: then its end of the pipe is closed. */
function guard({ pid }: ChildProcess): ChildProcess {
  const watcher = spawn('sh', ['-c', `cat; kill -s KILL -- -${pid}`], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  return watcher;
}

/** Three servers that keep one database between them, once they have a leader and the others follow it. */
export async function startEventstoredCluster(): Promise<Eventstored[]> {
  const ports = await freePorts(6);
  const nodes = ports.slice(0, 3);
  const servers = await Promise.all(
    nodes.map((port, index) => {
      const seeds = nodes.filter((other) => other !== port).map((other) => `127.0.0.1:${other}`);
      const settings = ['--cluster-size=3', '--discover-via-dns=false', `--gossip-seed=${seeds.join(',')}`];
      return Eventstored.start({ settings, ports: [port, Number(ports[index + 3])] });
    }),
  );
  await until(
    async () => {
      const members = (await servers[0]?.gossip()) ?? [];
      return (
        members
          .map(({ state }) => state)
          .sort()
          .join() === 'Follower,Follower,Leader'
      );
    },
    'there is a leader with two followers',
    60_000,
  );
  return servers;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const { port } = server.address() as AddressInfo;
      const closed = once(server, 'close');
      server.close();
      await closed;
      return port;
    }),
  );
}
