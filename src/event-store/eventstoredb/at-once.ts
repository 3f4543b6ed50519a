/**
 * Maps each item, at most `limit` at a time, in their order. Once one is rejected, no further ones begin.
 *
 * @returns the results in the order of the items
 */
export async function mapAtOnce<Item, Result>(
  items: readonly Item[],
  limit: number,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  let rejected = false;
  const worker = async () => {
    for (const [index, item] of queue) {
      if (rejected) return;
      results[index] = await map(item);
    }
  };
  const workers = Array.from({ length: Math.min(limit, items.length) }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    rejected = true;
    throw error;
  }
  return results;
}
