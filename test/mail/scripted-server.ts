import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What to do when a line comes: answer, or anything with the socket. Inside a mail, lines come to `inData`. */
export interface Script {
  readonly greeting?: string | ((socket: Socket) => void);
  readonly answers?: Readonly<Record<string, string | ((socket: Socket) => void)>>;
  readonly inData?: (line: string, socket: Socket) => void;
}

export interface ScriptedServer {
  readonly port: number;
  readonly url: string;
  /** The commands that came, over all connections. */
  readonly commands: string[];
  close(): Promise<void>;
}

const POLITE: Readonly<Record<string, string>> = {
  EHLO: '250-localhost\r\n250 8BITMIME',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go ahead',
  RSET: '250 2.0.0 ok',
  QUIT: '221 2.0.0 bye',
};

/** A server that speaks SMTP well but for what the script says: for faults that no well-behaved server has. */
export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    const say = (answer: string | ((socket: Socket) => void)) =>
      typeof answer === 'string' ? socket.write(`${answer}\r\n`) : answer(socket);
    say(script.greeting ?? '220 localhost ESMTP');
    let isInData = false;
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (isInData) {
          script.inData?.(line, socket);
          if (line === '.') {
            isInData = false;
            if (!script.inData) say('250 2.0.0 taken');
          }
          continue;
        }
        const command = line.slice(0, 4).toUpperCase();
        commands.push(line);
        const answer = script.answers?.[command] ?? POLITE[command] ?? '502 5.5.1 no such command';
        isInData = command === 'DATA' && typeof answer === 'string' && answer.startsWith('354');
        say(answer);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    commands,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
