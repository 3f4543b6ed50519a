import type { Test } from 'tap';
import { type Decider, fold } from '../../../src/domain/decider.js';
import { DomainError, type DomainErrorCode } from '../../../src/domain/domain-error.js';
import { deepFreeze } from './deep-freeze.js';

/** A whole spec, to be handed to `t.test` behind the sentence that it proves. */
export type Spec = (t: Test) => Promise<void>;

/**
 * The way in to the specs of a decider:
 *
 * ```ts
 * const given = specsOf(workspace);
 * t.test('a stranger renames nothing', given(created()).when(rename('New', undefined)).thenRefused('not-allowed'));
 * ```
 *
 * Histories, states and commands are frozen, so a decider that changes what it was given fails its spec.
 */
export function specsOf<Command, State, Event>(decider: Decider<Command, State, Event>) {
  return (...history: readonly Event[]) => {
    const state = deepFreeze(fold(decider, deepFreeze(history)));
    return {
      when(command: Command) {
        const decide = () => decider.decide(deepFreeze(command), state);
        return {
          /** Exactly these events, in this order. */
          // biome-ignore lint/suspicious/noThenProperty: given/when/then is what specs are made of, and nobody awaits this one
          then(...expected: readonly [Event, ...Event[]]): Spec {
            return async (t) => void t.strictSame(decide(), expected);
          },

          /** What was asked for is so already, or is not worth a word. */
          thenNothing(): Spec {
            return async (t) => void t.strictSame(decide(), []);
          },

          thenRefused(code: DomainErrorCode): Spec {
            return async (t) => void t.equal(refusalOf(decide), code);
          },
        };
      },

      /** What the history adds up to, in full. */
      thenIs(expected: State): Spec {
        return async (t) => void t.strictSame(state, expected);
      },
    };
  };
}

/** What a decision comes to: the types of its events in order, or the code of its refusal. */
export type Verdict<EventType extends string> = readonly EventType[] | DomainErrorCode;

export function verdictOf<Event extends { readonly type: string }>(
  decide: () => readonly Event[],
): Verdict<Event['type']> {
  try {
    return decide().map(({ type }) => type);
  } catch (error) {
    return codeOf(error);
  }
}

function refusalOf(decide: () => readonly unknown[]): DomainErrorCode | string {
  try {
    return `not refused, but decided ${JSON.stringify(decide())}`;
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): DomainErrorCode {
  if (error instanceof DomainError) return error.code;
  throw error;
}
