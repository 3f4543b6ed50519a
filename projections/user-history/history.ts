import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { keyChangedBy, type RowRules, rowAfter } from '../../src/projecting/row-rules.js';
import type { Rows } from '../../src/projecting/rows.js';
import type { Tables } from '../../src/projecting/tables.js';
import { instantOf, renamedBy } from '../domain-event.js';
import { NOBODY } from '../users-tab/queries.js';
import type { UserRow } from '../users-tab/row.js';
import { renamed, usersTabRules } from '../users-tab/rules.js';
import { CLOCKS, type Clock, COUNTS, type CountRow, MAILS, type Mail, SPANS, type Span, spanOf } from './rows.js';
import { isSameMail, isSameSpan, type Shown, shownBy, shownFrom } from './shown.js';

const RULES: RowRules<UserRow> = { ...usersTabRules, table: SPANS.table };

type Key = Pick<UserRow, 'workspace_id' | 'user_id'>;

/**
 * The history of some workspaces as events continue it.
 *
 * A change takes effect at the instant of its event, but never before one that precedes it in its workspace: so the history
 * of a workspace at an instant is what the first so many events of the log add up to (docs/decisions/0013). Changes that take
 * effect at the same instant are one; thereby nothing depends on where a batch ends.
 */
export class History {
  private constructor(
    private readonly spans: Rows<Span>,
    private readonly mails: Rows<Mail>,
    private readonly counts: Rows<CountRow>,
    private readonly clocks: Rows<Clock>,
  ) {}

  static async fold(tables: Tables, events: readonly RecordedEvent[]): Promise<void> {
    const keys = events.map((event) => keyChangedBy(usersTabRules, event) as Key | undefined);
    const changed = keys.filter((key) => key !== undefined);
    const accounts = events.flatMap((event) => renamedBy(event) ?? []);
    const spans = await tables.rows(SPANS, changed, accounts);
    const concerned: readonly Key[] = [...changed, ...accounts.flatMap((userId) => spans.find(userId))];
    const mails = await tables.rows(MAILS, concerned);
    const workspaces = [...new Set(concerned.map(({ workspace_id }) => workspace_id))].map((workspace_id) => ({
      workspace_id,
    }));
    const counts = await tables.rows(COUNTS, workspaces);
    const clocks = await tables.rows(CLOCKS, workspaces);
    const history = new History(spans, mails, counts, clocks);
    for (const [index, event] of events.entries()) {
      const userId = renamedBy(event);
      const key = keys[index];
      if (userId !== undefined) history.rename(userId, event);
      else if (key) history.change(key, event);
    }
  }

  private rename(userId: string, event: RecordedEvent): void {
    for (const key of this.spans.find(userId)) {
      const before = this.shown(key);
      if (before?.status === 'active') this.record(before, renamed(before, event), event);
    }
  }

  private change(key: Key, event: RecordedEvent): void {
    const before = this.shown(key);
    const after = rowAfter(RULES, key, before, event);
    if (after && after !== before) this.record(before, after, event);
  }

  private shown(key: Key): UserRow | undefined {
    const span = this.spans.get(key);
    // By the very texts that the span is kept by, which need not be compared.
    const mail = span && this.mails.get(span);
    return mail && shownBy(span, mail);
  }

  private record(before: UserRow | undefined, after: UserRow, event: RecordedEvent): void {
    const { workspace_id } = after;
    const latest = this.clocks.get({ workspace_id })?.latest ?? '';
    const at = instantOf(event);
    const valid_from = latest > at ? latest : at;
    const shown = shownFrom(after, valid_from);
    const goesOn = before !== undefined && isSameSpan(before, shown);
    if (!goesOn) this.begin(shown);
    if (goesOn || this.hasNewsOfMails(before, shown)) this.mails.put(shown);
    this.count(before, shown);
    if (valid_from !== latest) this.clocks.put({ workspace_id, latest: valid_from });
  }

  /** Begins a span, which ends the one before; of two of one instant the later counts. */
  private begin(shown: Shown): void {
    const span = this.spans.get(shown);
    if (span && span.valid_from < shown.valid_from) this.spans.put(spanOf(span, shown.valid_from));
    this.spans.put(shown);
  }

  /** Also where they have a row of this instant already: of the two of an instant, it is the mails' that says when something changed. */
  private hasNewsOfMails(before: UserRow | undefined, shown: Shown): boolean {
    return !before || !isSameMail(before, shown) || this.mails.get(shown)?.valid_from === shown.valid_from;
  }

  private count(before: UserRow | undefined, after: Shown): void {
    if (before?.status === after.status) return;
    const { workspace_id, valid_from } = after;
    const changed = { ...(this.counts.get({ workspace_id }) ?? NOBODY), workspace_id, valid_from };
    if (before) changed[before.status]--;
    changed[after.status]++;
    this.counts.put(changed);
  }
}
