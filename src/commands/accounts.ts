import { type AccountState, account, type ChangeAccount } from '../domain/account/account.js';
import { accountStream } from '../domain/streams.js';
import type { StreamRead } from '../event-store/event-store.js';
import { type AggregateStore, type Outcome, stateOf } from './aggregate-store.js';
import type { CommandContext } from './command-context.js';

/** People who can sign in. */
export class Accounts {
  constructor(private readonly aggregates: AggregateStore) {}

  async read(userId: string): Promise<AccountState> {
    const [read] = (await this.aggregates.read(accountStream(userId))) as [StreamRead];
    return stateOf(account, read);
  }

  /** Registers whoever has proved to own the address; somebody registered already stays as they are. */
  async register(
    userId: string,
    person: { readonly email: string; readonly name: string; readonly locale?: string },
    context: CommandContext,
  ): Promise<Outcome<AccountState>> {
    return this.aggregates.execute(account, accountStream(userId), { type: 'RegisterAccount', ...person }, context);
  }

  /** @throws DomainError `invalid-name`, `user-not-found` */
  async change(
    userId: string,
    changes: Omit<ChangeAccount, 'type'>,
    context: CommandContext,
  ): Promise<Outcome<AccountState>> {
    return this.aggregates.execute(account, accountStream(userId), { type: 'ChangeAccount', ...changes }, context);
  }
}
