import { callerOf } from '../authentication/caller.js';
import type { HttpDependencies } from '../dependencies.js';
import { sayingWhom } from '../problems/saying-whom.js';
import { readAddress } from '../recipients/recipients.js';
import { callerContext } from '../requests/command-context.js';
import { tellPosition } from '../requests/event-position.js';
import { MutationHeaders } from '../schemas/headers.js';
import { InvitationLink, InvitationParams } from '../schemas/invitation.js';
import { Email } from '../schemas/text.js';
import { Closed } from '../schemas/types.js';
import { User } from '../schemas/user.js';
import { tellAllowance } from '../security/allowance-headers.js';
import type { TypedApp } from '../typed-app.js';
import { viewOfInvited } from '../views/invited-view.js';

/** What helps when an invitation does not arrive. */
export function mendingRoutes(app: TypedApp, dependencies: HttpDependencies): void {
  const { corrections, invitations, invitationTokens, digest, now, config } = dependencies;

  app.post(
    '/workspaces/:workspaceId/invitations/:invitationId/correct-address',
    {
      schema: {
        tags: ['Invitations'],
        operationId: 'correctAddress',
        summary: 'Move an invitation to another address',
        description:
          'For one that waits or has expired. The old link is dead at once, and a mail goes to the new address: role, name, language, message and inviter stay, and the lifetime begins anew. The answer is the person at the new address; the timelines of both say what became of the invitation.',
        headers: MutationHeaders,
        params: InvitationParams,
        body: Closed({ email: Email }),
        response: { 201: User },
      },
      config: {
        problems: [
          'workspace-not-found',
          'not-allowed',
          'invitation-not-found',
          'invitation-not-open',
          'invitation-superseded',
          'invalid-address',
          'domain-not-allowed',
          'same-address',
          'already-invited',
          'already-member',
          'throttled',
        ],
        countsMails: true,
      },
    },
    async (request, reply) => {
      const { workspaceId, invitationId } = request.params;
      const caller = callerOf(request);
      const { email, address } = readAddress(request.body.email);
      const userId = digest(address);
      const context = callerContext(request, now());
      const { history, position, allowance } = await corrections
        .correct(workspaceId, caller.userId, invitationId, { userId, email }, context)
        .catch((error) => {
          throw sayingWhom(error, userId);
        });
      tellPosition(reply, position);
      tellAllowance(reply, allowance);
      reply.code(201).header('location', `/v1/workspaces/${workspaceId}/users/${userId}`);
      return viewOfInvited(history, workspaceId, caller, dependencies);
    },
  );

  app.post(
    '/workspaces/:workspaceId/invitations/:invitationId/link',
    {
      schema: {
        tags: ['Invitations'],
        operationId: 'copyLink',
        summary: 'Get the link of an invitation',
        description:
          'The very link of the newest mail, to be passed on by hand. Whoever has it can accept: pass it on to nobody but the person invited. That you asked for it is recorded in the audit history. An expired invitation has none: send it again.',
        headers: MutationHeaders,
        params: InvitationParams,
        response: { 200: InvitationLink },
      },
      config: {
        problems: [
          'workspace-not-found',
          'not-allowed',
          'invitation-not-found',
          'invitation-not-open',
          'invitation-superseded',
          'invitation-expired',
        ],
      },
    },
    async (request, reply) => {
      const { workspaceId, invitationId } = request.params;
      const context = callerContext(request, now());
      const { userId } = callerOf(request);
      const { link, expiresAt, position } = await invitations.copyLink(workspaceId, userId, invitationId, context);
      tellPosition(reply, position);
      const token = invitationTokens.sign(link, expiresAt);
      return { url: `${config.publicUrl}/accept#${token}`, issue: link.issue, expiresAt };
    },
  );
}
