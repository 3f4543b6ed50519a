import type { Projection } from './projection.js';
import { Tables } from './tables.js';

/** Both ways in which a projection is asked to change its tables, of one. */
export function folding(fold: NonNullable<Projection['fold']>): Pick<Required<Projection>, 'apply' | 'fold'> {
  return {
    fold,
    async apply(tx, events) {
      const tables = new Tables(tx);
      await fold(tables, events);
      await tables.write(tx, tables.takeChanges());
    },
  };
}
