import { type AllowanceStanding, type Sender, type SendingAllowance, type Taken, Throttled } from './allowance.js';

/** What one command takes for many recipients: for each of them once, however often it is decided. */
export class SharedAllowance {
  private readonly takings = new Map<string, Taken>();
  private told: AllowanceStanding | undefined;

  constructor(
    private readonly allowance: SendingAllowance,
    private readonly sender: Sender,
  ) {}

  /** What is left; undefined where nothing was taken. */
  get standing(): AllowanceStanding | undefined {
    return this.told;
  }

  /** Takes for those for whom nothing was taken yet, nor refused. */
  async take(recipientIds: readonly string[]): Promise<void> {
    const fresh = recipientIds.filter((id) => !this.takings.has(id));
    if (fresh.length === 0) return;
    const taken = await this.allowance.take(this.sender, fresh);
    for (const id of fresh) this.takings.set(id, taken);
    this.told = taken.standing;
  }

  /** Why no mail may be made to somebody for whom it was asked; undefined: it may. */
  refusalOf(recipientId: string): Throttled | undefined {
    const taken = this.takings.get(recipientId);
    const refusal = taken?.refused.get(recipientId);
    return taken && refusal && new Throttled(refusal, taken.standing);
  }

  /** Gives back what was taken for those who are not mailed after all, if anything was. */
  async release(recipientIds: readonly string[]): Promise<void> {
    const byTaking = new Map<Taken, string[]>();
    for (const id of recipientIds) {
      const taken = this.takings.get(id);
      if (!taken || taken.refused.has(id)) continue;
      const ids = byTaking.get(taken);
      if (ids) ids.push(id);
      else byTaking.set(taken, [id]);
    }
    for (const [taken, ids] of byTaking) this.told = await taken.release(ids);
  }
}
