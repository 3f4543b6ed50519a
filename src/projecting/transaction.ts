import type { Transaction } from 'kysely';

/** Projections share one database, each in a Postgres schema of its own; what is in there only they know. */
// biome-ignore lint/suspicious/noExplicitAny: the tables differ from projection to projection
export type ProjectionTransaction = Transaction<any>;
