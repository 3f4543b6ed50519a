import type { Core } from './core.js';
import { type Position, START } from './event-store/event-store.js';
import type { MailboxStanding } from './inbound/mailbox/mailbox-reader.js';
import type { CircuitStanding } from './mail/circuit.js';
import { type Checkpoint, readCheckpoints } from './projecting/checkpoint.js';
import type { FollowerStatus } from './projecting/follower.js';
import { type ParkedCount, parkedCounts } from './projecting/parking.js';
import { asItIsNow, whyNotThisLog } from './projecting/same-log.js';
import { PROJECTIONS } from './projections.js';
import { REACTOR } from './reactor/reactor.js';

export interface Check {
  readonly ok: boolean;
  /** In words, where something is not as it should be. */
  readonly detail?: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Record<string, Check>;
}

/** Whether this process can serve: its stores answer, and the read models have got to where the log was when it started. */
export class Health {
  private target: Position | undefined;
  private looking: Promise<Readiness> | undefined;

  constructor(
    private readonly core: Pick<Core, 'db' | 'pool' | 'store' | 'positions'>,
    private readonly followers: () => readonly FollowerStatus[],
    /** Undefined where this process sends no mail. */
    private readonly circuit: () => CircuitStanding | undefined = () => undefined,
    /** Undefined where this process reads no mailbox. */
    private readonly mailboxStanding: () => MailboxStanding | undefined = () => undefined,
    /** Why this process could not bring a projection to its release, as a code, where it could not. */
    private readonly upgradeFailure: (projection: string) => string | undefined = () => undefined,
  ) {}

  /** Anybody may ask, as often as they like: whoever asks while it is being looked into gets that answer. */
  ready(): Promise<Readiness> {
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async look(): Promise<Readiness> {
    const checks: Record<string, Check> = {
      database: await attempt(async () => void (await this.core.pool.query('select 1'))),
      eventStore: await attempt(async () => {
        this.target ??= await this.core.store.head();
      }),
    };
    if (checks['database']?.ok && checks['eventStore']?.ok) {
      Object.assign(checks, await this.readModels());
    }
    for (const { name, state, error } of this.followers()) {
      if (state === 'failing') checks[name] = { ok: false, detail: error ?? 'it starts over again and again' };
    }
    const circuit = this.circuit();
    if (circuit) checks['mail'] = mail(circuit);
    const standing = this.mailboxStanding();
    if (standing) checks['mailbox'] = mailbox(standing);
    return { ready: Object.values(checks).every(({ ok }) => ok), checks };
  }

  /** Whether the log still holds what they tell of is for every process to know, whoever follows it. */
  private async readModels(): Promise<Record<string, Check>> {
    const { db, store } = this.core;
    const checks: Record<string, Check> = {};
    const checkpoints = await readCheckpoints(db);
    const parked = await parkedCounts(db);
    for (const projection of PROJECTIONS) {
      const { name } = projection;
      checks[name] = await this.projection(projection, checkpoints.get(name), parked.get(name));
    }
    const log = asItIsNow(store);
    checks['eventStore'] = await attempt(async () => {
      for (const name of [...PROJECTIONS.map((projection) => projection.name), REACTOR]) {
        const checkpoint = checkpoints.get(name);
        const reason = checkpoint && (await whyNotThisLog(log, checkpoint));
        if (reason !== undefined) checks[name] = { ok: false, detail: `${reason}: see backup and restore` };
      }
    });
    return checks;
  }

  /** What is parked takes nothing from the rest: it is shown, and the process serves. */
  private async projection(
    { name, version }: { readonly name: string; readonly version: number },
    checkpoint: Checkpoint | undefined,
    parked: ParkedCount | undefined,
  ): Promise<Check> {
    const live = checkpoint?.version ?? 0;
    if (live < version) {
      const failure = this.upgradeFailure(name);
      const how = failure === undefined ? '' : `; the last try failed (${failure}), the log says why`;
      return { ok: false, detail: `its tables are of version ${live}, those of ${version} are being built${how}` };
    }
    const caughtUp = await this.core.positions.wait(name, this.target ?? START, 0);
    if (!caughtUp) return { ok: false, detail: 'it has not caught up with the log yet' };
    if (live > version)
      return { ok: true, detail: `its tables are of version ${live}, newer than this program's ${version}` };
    if (!parked) return { ok: true };
    return {
      ok: true,
      detail: `${parked.events} events of ${parked.streams} streams are parked: see projections list`,
    };
  }
}

/** Mails wait, and nobody who asks something of this process has to: it is shown, and the process serves. */
function mail({ isOpen, since }: CircuitStanding): Check {
  if (!isOpen) return { ok: true };
  return { ok: true, detail: `the mail server cannot be used since ${since?.toISOString()}: mails wait` };
}

/** Reports wait in the mailbox meanwhile. */
function mailbox({ state, since }: MailboxStanding): Check {
  if (state !== 'failing') return { ok: true };
  return { ok: true, detail: `the mailbox of reports cannot be read since ${since?.toISOString()}: bounces show late` };
}

async function attempt(check: () => Promise<void>): Promise<Check> {
  try {
    await check();
    return { ok: true };
  } catch {
    // What exactly went wrong stands in the log; a health check is read by anybody.
    return { ok: false, detail: 'it does not answer' };
  }
}
