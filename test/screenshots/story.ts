import type { Site } from '../pages/support/site.js';
import { contextOf, linkOf } from '../support/core.js';
import { anyMail } from '../support/mail-content.js';

/** When all pictures are taken. */
export const NOW = new Date('2030-03-12T15:20:00.000Z');

export const OWNER = { email: 'olivia.reis@example.com', name: 'Olivia Reis' };
export const WORKSPACE = 'Example';

interface Told {
  readonly workspaceId: string;
  /** Where the mail to somebody leads who has not answered it. */
  readonly acceptPath: string;
  /** A person to whom much has happened. */
  readonly userId: string;
}

/** A workspace with people in every state, the same each time: what happened when is fixed. */
export async function playStory({ core, invitee, person, caughtUp }: Site): Promise<Told> {
  const at = (daysAgo: number) => new Date(NOW.getTime() - daysAgo * 86_400_000).toISOString();
  const ownerId = person(OWNER.email);
  const as = (daysAgo: number, actor = ownerId) => contextOf(actor, at(daysAgo));
  const byWorker = (daysAgo: number) => ({ ...as(daysAgo), actor: { type: 'service', id: 'worker' } as const });
  const workspaceId = core.newId();
  await core.accounts.register(ownerId, OWNER, as(41));
  await core.workspaces.create(workspaceId, WORKSPACE, { userId: ownerId, ...OWNER }, as(40));

  async function invite(name: string, daysAgo: number, role: 'developer' | 'administrator' = 'developer') {
    const email = `${name.toLowerCase().replace(' ', '.')}@example.com`;
    const outcome = await core.invitations.invite(workspaceId, ownerId, { ...invitee(email, role), name }, as(daysAgo));
    const link = linkOf(outcome);
    return {
      link,
      userId: person(email),
      expiresAt: outcome.state.invitation?.expiresAt ?? '',
      accept: (when: number) => core.links.accept(link, name, as(when, person(email))),
      async mailed(
        outcome: 'sent' | 'failed' | 'deferred',
        reply: { reply: string; code: number; enhancedCode: string },
        when = daysAgo,
      ) {
        await core.emails.begin(link, `<${link.invitationId}@example.com>`, anyMail, byWorker(when));
        const again = outcome === 'deferred' ? { nextAttemptAt: at(-0.02) } : {};
        await core.emails.record({ ...link, attempt: 1, outcome, ...reply, ...again }, byWorker(when - 0.0001));
      },
    };
  }
  const taken = { reply: '250 2.0.0 Ok: queued', code: 250, enhancedCode: '2.0.0' };

  const ana = await invite('Ana Souza', 33, 'administrator');
  await ana.mailed('sent', taken);
  await ana.accept(32.9);
  const ben = await invite('Ben Carter', 21);
  await ben.mailed('sent', taken);
  await ben.accept(20.2);
  const carla = await invite('Carla Mendes', 19);
  await carla.mailed('sent', taken);
  await core.links.decline(carla.link, as(18, carla.userId));
  const daniel = await invite('Daniel Ortiz', 14);
  await daniel.mailed('sent', taken);
  await core.emails.expire(daniel.link, byWorker(0.4));
  const elena = await invite('Elena Ruiz', 6);
  await elena.mailed('sent', taken);
  await elena.accept(5.1);
  const felipe = await invite('Felipe Rocha', 3);
  await felipe.mailed('failed', { reply: '550 5.1.1 No such user here', code: 550, enhancedCode: '5.1.1' });
  const grace = await invite('Grace Lin', 2, 'administrator');
  await grace.mailed('sent', taken);
  const hugo = await invite('Hugo Silva', 0.03);
  await hugo.mailed('deferred', { reply: '451 4.7.1 Greylisted, try again later', code: 451, enhancedCode: '4.7.1' });
  await invite('Ines Costa', 0.001);
  await caughtUp();
  const token = core.invitationTokens.sign(grace.link, grace.expiresAt);
  return { workspaceId, acceptPath: `/accept#${token}`, userId: ana.userId };
}
