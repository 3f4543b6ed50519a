import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * Asks a service over one connection, with as little work of its own as can be: `fetch` sweeps the whole heap after some eighty pages,
 * which is in what one of them takes, then.
 */
export class Asker {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(
    private readonly url: string,
    private readonly accessToken: string,
  ) {}

  /** @returns the body of the answer, which is to be a success */
  async ask(path: string): Promise<string> {
    const headers = { authorization: `Bearer ${this.accessToken}` };
    const [response] = (await once(get(this.url + path, { agent: this.agent, headers }), 'response')) as [
      IncomingMessage,
    ];
    const body = await text(response);
    if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}: ${body}`);
    return body;
  }

  close(): void {
    this.agent.destroy();
  }
}
