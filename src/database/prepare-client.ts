import type pg from 'pg';

/**
 * Connects a client and makes it ready, unless `signal` aborts first. The client is ended in either case but success.
 *
 * A client that is ended while it connects never settles its `connect`: whoever gives up must not wait for it.
 *
 * @returns whether the client is ready; false where `signal` aborted
 * @throws when connecting or `prepare` fails
 */
export async function prepareClient(
  client: pg.Client,
  signal: AbortSignal,
  prepare: (client: pg.Client) => Promise<unknown>,
): Promise<boolean> {
  if (signal.aborted) return false;
  let giveUp = (): void => {};
  const givenUp = new Promise<false>((resolve) => {
    giveUp = () => resolve(false);
  });
  signal.addEventListener('abort', giveUp, { once: true });
  const ready = client
    .connect()
    .then(() => prepare(client))
    .then(() => true);
  // Ended below, it fails when nobody listens any more.
  ready.catch(() => {});
  try {
    const isReady = (await Promise.race([ready, givenUp])) && !signal.aborted;
    if (!isReady) end(client);
    return isReady;
  } catch (error) {
    end(client);
    if (signal.aborted) return false;
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function end(client: pg.Client): void {
  client.end().catch(() => {});
}
