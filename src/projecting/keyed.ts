import type { Table } from './table.js';

/** Values, or maps by the next column of the key. */
type Level<Value> = Map<unknown, Value | Level<Value>>;

/**
 * Values by the keys of rows: a map for each column of the key, inside that of the column before. A single map would need a text made
 * of all columns for each look-up, which costs more than the look-up.
 */
export class Keyed<Row extends object, Value> {
  private readonly first: Level<Value> = new Map();
  /** The level below the first that was last asked for: keys that follow each other are mostly of one workspace. */
  private recent: { readonly value: unknown; readonly level: Level<Value> } | undefined;
  /** What was found last: a row is mostly written right after it was looked at. */
  private found: Value | undefined;
  private foundIn: Level<Value> | undefined;
  private foundAt: unknown;
  private readonly above: readonly (keyof Row)[];
  private readonly lowest: keyof Row;
  private count = 0;

  constructor({ key, table }: Table<Row>) {
    const lowest = key.at(-1);
    if (lowest === undefined) throw new TypeError(`${table} has no key`);
    this.above = key.slice(0, -1);
    this.lowest = lowest;
  }

  get size(): number {
    return this.count;
  }

  get(key: Partial<Row>): Value | undefined {
    const { above } = this;
    let level = above[0] === undefined ? this.first : this.levelBelow(key[above[0]]);
    for (let at = 1; at < above.length; at++)
      level = level?.get(key[above[at] as keyof Row]) as Level<Value> | undefined;
    return level && this.valueIn(level, key[this.lowest]);
  }

  /** Keeps a value of a key that has none yet. */
  add(key: Partial<Row>, value: Value): void {
    let level = this.first;
    for (const column of this.above) {
      const next = (level.get(key[column]) as Level<Value> | undefined) ?? new Map();
      level.set(key[column], next);
      level = next;
    }
    level.set(key[this.lowest], value);
    this.count++;
  }

  private valueIn(level: Level<Value>, lowest: unknown): Value | undefined {
    if (this.foundIn === level && this.foundAt === lowest) return this.found;
    const value = level.get(lowest) as Value | undefined;
    if (value === undefined) return undefined;
    this.found = value;
    this.foundIn = level;
    this.foundAt = lowest;
    return value;
  }

  private levelBelow(value: unknown): Level<Value> | undefined {
    if (this.recent?.value === value) return this.recent?.level;
    const level = this.first.get(value) as Level<Value> | undefined;
    if (level) this.recent = { value, level };
    return level;
  }

  values(): Iterable<Value> {
    return valuesIn<Value>(this.first, this.above.length);
  }
}

function* valuesIn<Value>(level: Level<Value>, levelsBelow: number): Generator<Value> {
  for (const next of level.values()) {
    if (levelsBelow === 0) yield next as Value;
    else yield* valuesIn<Value>(next as Level<Value>, levelsBelow - 1);
  }
}
