import type { FastifyReply } from 'fastify';

import type { AllowanceStanding, Budget } from '../../commands/allowance.js';

type Named = readonly [name: string, budget: Budget];

/**
 * What is left to whoever invites, as draft-ietf-httpapi-ratelimit-headers has it: `RateLimit-Policy` and `RateLimit` for both limits,
 * and in three headers of older drafts, as on every other limit of this interface, for the one that leaves less. Of the recipients
 * nothing is told.
 */
export function allowanceHeaders({ inviter, workspace }: AllowanceStanding): Record<string, string> {
  const budgets: readonly Named[] = [
    ...(inviter ? [['inviter', inviter] as const] : []),
    ...(workspace ? [['workspace', workspace] as const] : []),
  ];
  const [tightest] = [...budgets].sort(([, one], [, other]) => one.remaining - other.remaining);
  if (!tightest) return {};
  const [, { limit, remaining, resetSeconds }] = tightest;
  const inList = (item: (budget: Budget) => string): string =>
    budgets.map(([name, budget]) => `"${name}";${item(budget)}`).join(', ');
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetSeconds),
    'ratelimit-policy': inList((budget) => `q=${budget.limit};w=${budget.windowSeconds}`),
    ratelimit: inList((budget) => `r=${budget.remaining};t=${budget.resetSeconds}`),
  };
}

/** @param standing undefined where nobody was to be mailed */
export function tellAllowance(reply: FastifyReply, standing: AllowanceStanding | undefined): void {
  if (standing) reply.headers(allowanceHeaders(standing));
}
