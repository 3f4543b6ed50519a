import { LRUCache } from 'lru-cache';

import { DomainError, TooSoon } from '../domain/domain-error.js';
import { StreamConflict, type StreamState } from '../event-store/event-store.js';
import type { AggregateStore } from './aggregate-store.js';
import { readStanding, type Standing } from './authority.js';

/** A standing, and the streams it was read from: an append that is given these proves that it still holds. */
export interface ProvableStanding extends Standing {
  readonly given: readonly StreamState[];
}

const MOST_REMEMBERED = 10_000;

/** How often a standing that moved before the append is read anew. */
const MAX_ATTEMPTS = 4;

/** Standings as last read: who invites hundreds of people is looked up once, and proved by every append. */
export class Standings {
  readonly #remembered = new LRUCache<string, ProvableStanding>({ max: MOST_REMEMBERED });

  constructor(private readonly aggregates: AggregateStore) {}

  /**
   * Runs `action` with somebody's standing, and again with the standing as it is now if the one it had may be outdated:
   * when a remembered one led to a refusal for good, or an append found that it has moved.
   *
   * @param action appends with `given`; may run several times
   * @throws DomainError `workspace-not-found`, and whatever the action throws
   */
  async decideWith<T>(
    workspaceId: string,
    userId: string,
    action: (standing: ProvableStanding) => Promise<T>,
  ): Promise<T> {
    const key = `${workspaceId}.${userId}`;
    for (let attempt = 1; ; attempt++) {
      const remembered = this.#remembered.get(key);
      const standing = remembered ?? (await this.#read(key, workspaceId, userId));
      try {
        return await action(standing);
      } catch (error) {
        this.#remembered.delete(key);
        const isOutdated =
          (remembered !== undefined && error instanceof DomainError && !(error instanceof TooSoon)) ||
          (error instanceof StreamConflict && standing.given.some(({ stream }) => stream === error.stream));
        if (!isOutdated || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  async #read(key: string, workspaceId: string, userId: string): Promise<ProvableStanding> {
    const { reads, further: _none, ...found } = await readStanding(this.aggregates, workspaceId, userId);
    const given = reads.map(({ stream, revision }) => ({ stream, revision }));
    const standing = { ...found, given };
    this.#remembered.set(key, standing);
    return standing;
  }
}
