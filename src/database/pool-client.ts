import pg from 'pg';

/**
 * A client as `pg` makes it, but for the promises that it returns: these let go of what was answered.
 *
 * Where `pg` makes the promise of a query, its callback and the query hold each other, and the garbage of one keeps that of the next
 * through every quick collection, until the whole heap is swept. See decision 40.
 */
export class PoolClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: the eight forms in which `pg` takes a query, of which only the promise is this one's
  override query(config: any, values?: any, callback?: any): any {
    const isPromised = typeof config.submit !== 'function' && typeof values !== 'function' && !callback;
    if (!isPromised) return super.query(config, values, callback);
    return new Promise((resolve, reject) => {
      super.query(config, values, (error: Error | null, result: unknown) => (error ? reject(error) : resolve(result)));
    }).catch((error: Error) => {
      // Errors come out of the socket: who asked is in the stack of whoever waits.
      Error.captureStackTrace(error);
      throw error;
    });
  }
}
