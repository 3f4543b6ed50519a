import type { FastifyInstance } from 'fastify';

import { until } from '../../support/until.js';
import type { Person } from './api.js';

export interface ServerEvent {
  readonly event: string;
  readonly id: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: what an event holds is what the tests are about
  readonly data: any;
}

export interface EventReader {
  readonly status: number;
  readonly headers: Headers;
  /** All that has come so far. */
  readonly events: readonly ServerEvent[];
  /** Signs of life that are no events. */
  readonly beats: number;
  /** The first event, from the so-manieth on, that is as asked for. */
  next(what: string, test: (event: ServerEvent) => boolean, from?: number): Promise<ServerEvent>;
  /** Ends the connection from this side. */
  leave(): void;
  /** Settles when the other side has ended it. */
  readonly ended: Promise<void>;
}

/** Listens where it can be reached. @returns its address */
export async function listen(app: FastifyInstance): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 });
}

/**
 * Reads with a token that lives for seconds, each time with another: on a busy machine one may be over before it is looked at.
 */
export async function untilLet(read: () => Promise<EventReader>): Promise<EventReader> {
  return until(async () => {
    const reader = await read();
    return reader.status === 200 && reader;
  }, 'it is let in');
}

/** Reads server-sent events as a browser does. */
export async function readEvents(
  url: string,
  { as, headers = {} }: { as?: Person; headers?: Record<string, string> } = {},
): Promise<EventReader> {
  const leaving = new AbortController();
  const response = await fetch(url, {
    headers: { ...(as ? { authorization: `Bearer ${as.token}` } : {}), ...headers },
    signal: leaving.signal,
  });
  const events: ServerEvent[] = [];
  let beats = 0;
  const read = async () => {
    let rest = '';
    for await (const text of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        const event = field('event');
        if (event) events.push({ event, id: field('id'), data: JSON.parse(field('data') ?? '') });
        else if (block.startsWith(':')) beats += 1;
      }
    }
  };
  const ended = read().catch(() => {});
  return {
    status: response.status,
    headers: response.headers,
    events,
    get beats() {
      return beats;
    },
    next: (what, test, from = 0) => until(() => events.slice(from).find(test), what),
    leave: () => leaving.abort(),
    ended,
  };
}
