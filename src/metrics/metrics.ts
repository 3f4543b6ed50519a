import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

import type { CommandObserver } from '../commands/aggregate-store.js';
import type { DeliveryReport, ReportOutcome } from '../commands/delivery-reports.js';
import type { MessageKind } from '../inbound/mailbox/mailbox.js';
import type { MailboxStanding } from '../inbound/mailbox/mailbox-reader.js';
import type { FollowerObserver } from '../projecting/follower.js';
import type { FollowerFigures } from '../projecting/follower-figures.js';
import { readInTime } from './read-in-time.js';

/** Everything that is counted and timed, in the text format of Prometheus. One per process part that is composed. */
export class Metrics implements CommandObserver, FollowerObserver {
  private readonly registry = new Registry();

  private readonly conflicts = this.counter(
    'command_conflicts_total',
    'Appends that lost a race and were decided anew.',
  );
  private readonly appends = this.histogram('event_append_seconds', 'Time to append to the event store.', ['outcome']);
  private readonly requests = this.histogram('http_request_seconds', 'Time to answer a request.', [
    'method',
    'route',
    'status',
  ]);
  private readonly handled = this.counter('follower_events_total', 'Events dealt with.', ['follower']);
  private readonly failures = this.counter('follower_failures_total', 'Times that following started over.', [
    'follower',
  ]);
  private readonly mailAttempts = this.counter(
    'mail_attempts_total',
    'Times that a mail was handed to the mail server.',
    ['kind'],
  );
  private readonly mailsPutOff = this.counter(
    'mails_put_off_total',
    'Times that a mail had to wait without an attempt: for the mail server (circuit), or for the rate.',
    ['kind', 'reason'],
  );
  private readonly mails = this.counter(
    'mails_total',
    'Attempts by what came of them; a deferral that was the last one counts as failed.',
    ['kind', 'outcome'],
  );
  private readonly reports = this.counter(
    'delivery_reports_total',
    'Reports of deliveries, bounces, delays and complaints; unmatched are those of mails that are not ours.',
    ['source', 'kind', 'outcome'],
  );
  private readonly throttledMails = this.counter(
    'invitations_throttled_total',
    'Recipients whom no mail of an invitation was made to, by the limit that kept it from them.',
    ['limit'],
  );
  private readonly mailboxMessages = this.counter(
    'mailbox_messages_total',
    'Messages in the mailbox of reports by what they were.',
    ['outcome'],
  );
  private readonly commands = this.counter('commands_total', 'Commands by what came of them.', ['command', 'outcome']);

  readonly contentType = this.registry.contentType;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  conflict(): void {
    this.conflicts.inc();
  }

  /** @param outcome `done`, or the code of the error it was refused with */
  command(command: string, outcome: string): void {
    this.commands.inc({ command, outcome });
  }

  appended(outcome: string, seconds: number): void {
    this.appends.observe({ outcome }, seconds);
  }

  /** @param route the pattern, never the address as asked for: that may hold ids without end */
  request(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status }, seconds);
  }

  advanced(follower: string, events: number): void {
    this.handled.inc({ follower }, events);
  }

  failed(follower: string): void {
    this.failures.inc({ follower });
  }

  mailAttempted(kind: string): void {
    this.mailAttempts.inc({ kind });
  }

  mailPutOff(kind: string, reason: string): void {
    this.mailsPutOff.inc({ kind, reason });
  }

  watchMailCircuit(standing: () => { readonly isOpen: boolean; readonly failuresInARow: number }): void {
    new Gauge({
      name: 'mail_circuit_open',
      help: '1 while this process tries no mail, because the mail server cannot be used; 0 otherwise.',
      registers: [this.registry],
      collect() {
        this.set(standing().isOpen ? 1 : 0);
      },
    });
    new Gauge({
      name: 'mail_server_failures_in_a_row',
      help: 'Mails in a row that this process could not use the mail server for; 0 once it has answered one.',
      registers: [this.registry],
      collect() {
        this.set(standing().failuresInARow);
      },
    });
  }

  mail(kind: string, outcome: string): void {
    this.mails.inc({ kind, outcome });
  }

  throttled(limit: string): void {
    this.throttledMails.inc({ limit });
  }

  watchMailbox(standing: () => MailboxStanding): void {
    new Gauge({
      name: 'mailbox_reader_connected',
      help: '1 while this process reads the mailbox of reports; of all processes, one does.',
      registers: [this.registry],
      collect() {
        this.set(standing().state === 'reading' ? 1 : 0);
      },
    });
  }

  mailboxMessage(kind: MessageKind): void {
    this.mailboxMessages.inc({ outcome: kind });
  }

  report({ reportedBy, kind, stillTrying }: DeliveryReport, outcome: ReportOutcome): void {
    this.reports.inc({ source: reportedBy, kind: stillTrying ? 'late' : kind, outcome });
  }

  /**
   * What is parked is in the database, the same for every instance: it is looked up whenever somebody wants to know.
   *
   * @param read the counts by projection; where it fails, or takes too long, nothing is said of it
   */
  watchParked(
    projections: readonly string[],
    read: () => Promise<ReadonlyMap<string, { readonly streams: number; readonly events: number }>>,
  ): void {
    const counted = readInTime(read);
    for (const what of ['streams', 'events'] as const) {
      new Gauge({
        name: `projection_parked_${what}`,
        help: `${what === 'streams' ? 'Streams' : 'Events'} that wait because an event could not be projected.`,
        labelNames: ['projection'],
        registers: [this.registry],
        async collect() {
          const counts = await counted();
          this.reset();
          if (!counts) return;
          for (const projection of projections) this.set({ projection }, counts.get(projection)?.[what] ?? 0);
        },
      });
    }
  }

  /**
   * How followers stand is in the database and the log, the same for every process: it is looked up whenever somebody wants to
   * know, once for all the figures.
   *
   * @param projections which of the followers are projections
   * @param read where it fails, or takes too long, nothing is said of it
   */
  watchFollowers(projections: readonly string[], read: () => Promise<readonly FollowerFigures[]>): void {
    const figured = readInTime(read);
    const gauge = (name: string, help: string, label: string, figure: (figures: FollowerFigures) => number) =>
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers: [this.registry],
        async collect() {
          const followers = await figured();
          this.reset();
          for (const figures of followers ?? []) {
            if (label === 'projection' && !projections.includes(figures.name)) continue;
            this.set({ [label]: figures.name }, figure(figures));
          }
        },
      });
    gauge(
      'follower_lag_seconds',
      'Age of the oldest event not dealt with; 0 where there is none.',
      'follower',
      (figures) => figures.lagSeconds,
    );
    gauge('projection_paused', '1 while an operator has paused it.', 'projection', (figures) =>
      Number(figures.isPaused),
    );
    gauge(
      'projection_newer_than_log',
      '1 where it tells of what the log does not hold, as after a restore of an older copy.',
      'projection',
      (figures) => Number(figures.isNewerThanLog),
    );
    gauge('projection_build_failed', '1 where a rebuild or an upgrade stopped at an event.', 'projection', (figures) =>
      Number(figures.hasBuildFailed),
    );
  }

  /** @param hasFailed whether the last try of this process to bring a projection to its release failed */
  watchUpgrades(projections: readonly string[], hasFailed: (projection: string) => boolean): void {
    new Gauge({
      name: 'projection_upgrade_failed',
      help: '1 while this process fails to build the tables of its release; it tries again by itself.',
      labelNames: ['projection'],
      registers: [this.registry],
      collect() {
        for (const projection of projections) this.set({ projection }, Number(hasFailed(projection)));
      },
    });
  }

  private counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram(name: string, help: string, labelNames: string[]): Histogram {
    const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}
