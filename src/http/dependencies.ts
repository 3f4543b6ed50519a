import type { FastifyBaseLogger } from 'fastify';

import type { AuditHistoryQueries } from '../../projections/audit-history/queries.js';
import type { UserHistoryQueries } from '../../projections/user-history/queries.js';
import type { UsersTabQueries } from '../../projections/users-tab/queries.js';
import type { WorkspaceQueries } from '../../projections/workspaces/queries.js';
import type { NormalisedAddress } from '../addresses/normalise.js';
import type { Accounts } from '../commands/accounts.js';
import type { AggregateStore } from '../commands/aggregate-store.js';
import type { Corrections } from '../commands/corrections.js';
import type { DeliveryReport, DeliveryReports, ReportOutcome } from '../commands/delivery-reports.js';
import type { InvitationLinks } from '../commands/invitation-links.js';
import type { Invitations } from '../commands/invitations.js';
import type { InviteMany } from '../commands/invite-many.js';
import type { Members } from '../commands/members.js';
import type { Refusals } from '../commands/refusals.js';
import type { Suppressions } from '../commands/suppressions.js';
import type { Workspaces } from '../commands/workspaces.js';
import type { IdempotencyKeys } from '../database/idempotency-keys.js';
import type { RedeemedTokens } from '../database/redeemed-tokens.js';
import type { Throttles } from '../database/throttles.js';
import type { EventStore } from '../event-store/event-store.js';
import type { ReportChannels } from '../inbound/inbound.js';
import type { ReactorOperations } from '../reactor/operations.js';
import type { BackgroundWork } from '../rebuilding/background-work.js';
import type { Building, ProjectionOperations } from '../rebuilding/operations.js';
import type { InvitationTokens } from '../tokens/invitation-token.js';
import type { TokenKeys } from '../tokens/keys.js';
import type { SignInTokens } from '../tokens/sign-in-token.js';
import type { UnsubscribeTokens } from '../tokens/unsubscribe-token.js';
import type { IdentityProviderConfig } from './authentication/identity-provider.js';
import type { RateLimits } from './security/rate-limits.js';

/** All that the REST interface is built on. Whoever composes the service makes these, and ends them after the server. */
export interface HttpDependencies {
  readonly config: HttpConfig;
  /** A pino logger, or one like it. What stands in its lines is seen to here. */
  readonly logger: FastifyBaseLogger;
  readonly now: () => Date;

  readonly store: EventStore;
  readonly aggregates: AggregateStore;
  readonly accounts: Accounts;
  readonly workspaces: Workspaces;
  readonly invitations: Invitations;
  readonly links: InvitationLinks;
  readonly corrections: Corrections;
  readonly inviteMany: InviteMany;
  readonly members: Members;
  readonly refusals: Refusals;
  readonly deliveryReports: DeliveryReports;
  readonly suppressions: Suppressions;

  /** The ways that are set up for reports of bounces to come in. */
  readonly channels: ReportChannels;

  readonly tokenKeys: TokenKeys;
  readonly invitationTokens: InvitationTokens;
  readonly signInTokens: SignInTokens;
  readonly unsubscribeTokens: UnsubscribeTokens;
  /** The user id of an address. */
  readonly digest: (address: NormalisedAddress) => string;

  readonly idempotencyKeys: IdempotencyKeys;
  readonly redeemedTokens: RedeemedTokens;
  readonly throttles: Pick<Throttles, 'countSignIn'>;
  readonly usersTab: Pick<
    UsersTabQueries,
    'list' | 'openInvitations' | 'get' | 'some' | 'figures' | 'names' | 'people' | 'fold' | 'suppressed'
  >;
  readonly auditHistory: Pick<AuditHistoryQueries, 'list' | 'head' | 'records' | 'people'>;
  readonly userHistory: Pick<UserHistoryQueries, 'list' | 'names' | 'changes'>;
  readonly workspacesOf: Pick<WorkspaceQueries, 'ofAccount' | 'invitationsOf'>;
  readonly positions: Positions;

  readonly jobs: SignInMail;
  readonly operations: ProjectionOperations;
  /** What of it takes its time. */
  readonly building: Building;
  readonly work: BackgroundWork;
  readonly reactor: ReactorOperations;
  readonly health: Health;
  readonly metrics: HttpMetrics;
}

export interface HttpConfig {
  /** Where people reach the service, without a slash at the end. */
  readonly publicUrl: string;
  /** Of the service, for the document. */
  readonly version: string;
  /** Whether to believe what proxies say of the client: all of them, none, or those at the given addresses. */
  readonly trustProxy: boolean | string | string[];
  /** Bytes that the body of a request for many people may have; others may have 64 KiB. */
  readonly bodyLimit: number;
  /** Hosts that the logos of workspaces may come from. */
  readonly logoHosts: readonly string[];
  readonly accessTokenSeconds: number;
  /** Milliseconds that a query waits for a position. */
  readonly positionTimeout: number;
  /** Milliseconds between two signs of life on a connection that follows changes. */
  readonly heartbeat: number;
  readonly rateLimits: RateLimits;
  /** Other origins whose pages may call `/v1`, such as `https://app.example.com`. */
  readonly corsOrigins: readonly string[];
  readonly identityProvider?: IdentityProviderConfig;
}

/** What suits most installations. */
export const HTTP_DEFAULTS = {
  trustProxy: false,
  bodyLimit: 2 * 1024 * 1024,
  logoHosts: [],
  accessTokenSeconds: 15 * 60,
  positionTimeout: 2_000,
  corsOrigins: [],
  heartbeat: 15_000,
  rateLimits: {
    anonymous: { max: 60, seconds: 60 },
    failedAuthentication: { max: 30, seconds: 60 },
    pages: { max: 300, seconds: 60 },
    signInLinks: { max: 5, seconds: 60 * 60 },
  },
} as const satisfies Partial<HttpConfig>;

export interface Positions {
  /** @returns whether the projection reached the position within so many milliseconds */
  wait(projection: string, position: string, timeout: number): Promise<boolean>;
}

export interface SignInMail {
  /** Puts the mail into a durable queue; two with the same token id are one. */
  sendSignInLink(link: {
    readonly email: string;
    readonly userId: string;
    readonly locale: string;
    readonly tokenId: string;
    readonly issuedAt: string;
  }): Promise<void>;
}

export interface Health {
  /** Whether requests can be served, and what each part says. Details hold nothing secret: anybody may ask. */
  ready(): Promise<{
    readonly ready: boolean;
    readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail?: string }>>;
  }>;
}

export interface HttpMetrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** @param route the pattern of the route */
  request(method: string, route: string, status: number, seconds: number): void;
  report(report: DeliveryReport, outcome: ReportOutcome): void;
}
