/** What holds for every event and every command, in any order: also in orders that no decision would have written. */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc, { type Arbitrary } from 'fast-check';
import t from 'tap';
import { account } from '../../src/domain/account/account.js';
import { address } from '../../src/domain/address/address.js';
import { schemaVersion, upcast } from '../../src/domain/codec.js';
import { type Decider, fold } from '../../src/domain/decider.js';
import { DomainError } from '../../src/domain/domain-error.js';
import { membership } from '../../src/domain/membership/membership.js';
import type { MembershipState } from '../../src/domain/membership/state.js';
import { workspace } from '../../src/domain/workspace/workspace.js';
import { commands, events, unknownEvents } from './support/arbitraries.js';
import { deepFreeze } from './support/deep-freeze.js';
import { copyLink, recordBounce, recordDelivery, recordEmail } from './support/membership-commands.js';
import { attempted, invited, resent } from './support/membership-events.js';

/**
 * The events that can leave a state as it is and are worth recording all the same: what became of the mail of an issue
 * that has been followed by another, and who had a link given out.
 */
const PURE_RECORDS: ReadonlySet<string> = new Set([
  'InvitationEmailSent',
  'InvitationEmailFailed',
  'InvitationEmailDelivered',
  'InvitationEmailBounced',
  'InvitationLinkCopied',
]);

checkAggregate('a membership', membership, events.membership, commands.membership);
checkAggregate('a workspace', workspace, events.workspace, commands.workspace);
checkAggregate('an address', address, events.address, commands.address);
checkAggregate('an account', account, events.account, commands.account);

function checkAggregate<
  Command extends { readonly type: string },
  State,
  Event extends { readonly type: string; readonly data: unknown },
>(
  what: string,
  decider: Decider<Command, State, Event>,
  anyEvent: Arbitrary<Event>,
  anyCommand: Arbitrary<Command>,
): void {
  const anyHistory = fc.array(anyEvent, { maxLength: 30 });
  const withUnknown = fc.array(
    fc.oneof({ arbitrary: anyEvent, weight: 9 }, unknownEvents as unknown as typeof anyEvent),
  );

  t.test(`${what} is folded from any events in any order, and changes none of them`, async () => {
    fc.assert(
      fc.property(withUnknown, (history) => {
        let state = deepFreeze(decider.initialState);
        for (const event of deepFreeze(history)) state = deepFreeze(decider.evolve(state, event));
      }),
    );
  });

  t.test(`${what} is left as it is by events of types that nobody knows`, async () => {
    fc.assert(
      fc.property(anyHistory, unknownEvents, (history, unknown) => {
        const state = fold(decider, history);
        assert.equal(decider.evolve(state, unknown as unknown as Event), state);
      }),
    );
  });

  t.test(`${what} folded in two parts is what it is in one`, async () => {
    fc.assert(
      fc.property(anyHistory, fc.nat({ max: 30 }), (history, cut) => {
        const halfway = fold(decider, history.slice(0, cut));
        assert.deepEqual(fold(decider, history.slice(cut), halfway), fold(decider, history));
      }),
    );
  });

  t.test(`every event of ${what} comes back from the log as it was`, async () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        assert.deepEqual(throughLog(event), event);
      }),
    );
  });

  t.test(`deciding about ${what} changes nothing that it is given, and refuses in the one known way`, async () => {
    fc.assert(
      fc.property(anyHistory, anyCommand, (history, command) => {
        decideOrRefuse(decider, deepFreeze(command), deepFreeze(fold(decider, history)));
      }),
    );
  });

  t.test(`every event decided about ${what} changes it or is a pure record, and survives the log`, async () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 40, size: 'max' }), (sequence) => {
        let state = decider.initialState;
        for (const command of sequence) {
          for (const event of decideOrRefuse(decider, command, state)) {
            const next = decider.evolve(state, event);
            assert.deepEqual(throughLog(event), event);
            assert(!isDeepStrictEqual(next, state) || PURE_RECORDS.has(event.type), `${event.type} changes nothing`);
            state = next;
          }
        }
      }),
      { numRuns: 300 },
    );
  });
}

function decideOrRefuse<Command, State, Event>(
  decider: Decider<Command, State, Event>,
  command: Command,
  state: State,
): readonly Event[] {
  try {
    return decider.decide(command, state);
  } catch (error) {
    if (error instanceof DomainError) return [];
    throw error;
  }
}

/** Serialised, kept, read, parsed and lifted to its newest shape. */
function throughLog(event: { readonly type: string; readonly data: unknown }): unknown {
  const recorded = { ...event, metadata: { schemaVersion: schemaVersion(event.type) } };
  return upcast(JSON.parse(JSON.stringify(recorded)) as typeof recorded);
}

t.test(
  'the pure records tell of the mail of an older issue, or of a link, of which the state knows nothing',
  async (t) => {
    const state = fold(membership, [invited(), attempted(), resent()]);
    const recorded = [recordEmail('sent'), recordEmail('failed'), recordDelivery(), recordBounce(), copyLink()].flatMap(
      (command) => membership.decide(command, state),
    );
    t.strictSame(new Set(recorded.map(({ type }) => type)), PURE_RECORDS);
    for (const event of recorded) t.equal(membership.evolve(state, event), state, event.type);
  },
);

t.test('a membership is well formed whatever happened', async () => {
  fc.assert(
    fc.property(fc.array(events.membership, { maxLength: 40, size: 'max' }), (history) => {
      assert.deepEqual(flawsOf(fold(membership, history)), []);
    }),
  );
});

function flawsOf({ status, role, succession, invitation, timesInvited }: MembershipState): string[] {
  const flaws: string[] = [];
  if ((status === 'active') !== (role !== undefined)) flaws.push('a role is for active members, and all of them');
  if (succession && role !== 'owner') flaws.push('a succession is for owners');
  if (timesInvited > 0 !== (invitation !== undefined)) flaws.push('who was invited has an invitation');
  if (status !== 'none' && status !== 'active' && status !== 'removed' && !invitation) {
    flaws.push('only an invitation can wait, expire, be revoked or declined');
  }
  return flaws;
}
