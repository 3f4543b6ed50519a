import { askReason } from '../parts/ask-reason.js';
import { confirm } from '../parts/confirm.js';
import { copyLink } from '../parts/link-to-copy.js';
import { notice, noticeProblem } from '../parts/notices.js';
import { ask } from './api.js';
import { failureTexts } from './failures.js';
import { t } from './i18n.js';
import { go } from './router.js';
import { loadMe } from './session.js';

/** @typedef {import('./people.js').User} User */

/** Whether an invitation can be sent again, or taken back. @param {User} user */
export const isOpen = ({ status, invitation }) => invitation !== null && (status === 'waiting' || status === 'expired');

/** How many requests are under way at once when many people are acted upon. */
const AT_ONCE = 4;

/**
 * What can be done with the people of a workspace. Each tells how it went.
 *
 * @param {string} workspaceId
 * @param {(user: User) => void} put shows a person as they are now
 */
export function userActions(workspaceId, put) {
  const base = /** @type {const} */ (`/workspaces/${workspaceId}`);
  /** @param {User} user */
  const refresh = async ({ id }) => put(await ask(`GET ${base}/users/${id}`));
  /** @param {User} user */
  const invitationPath = ({ invitation }) =>
    /** @type {const} */ (`/workspaces/${workspaceId}/invitations/${invitation?.id}`);

  return {
    /** @param {User} user */
    async resend(user) {
      const { delivery } = user;
      put({ ...user, delivery: { status: 'queued', reply: null, at: null } });
      try {
        put(await ask(`POST ${invitationPath(user)}/resend`, { body: {} }));
        notice(t('users.resent', { email: user.email }));
      } catch (error) {
        put({ ...user, delivery });
        throw error;
      }
    },

    /** @param {User} user */
    async copyLink(user) {
      const { url } = await ask(`POST ${invitationPath(user)}/link`);
      const { email } = user;
      if (await copyLink(url, t('users.linkFor', { email }))) notice(t('users.linkCopied', { email }));
    },

    /**
     * @param {User} user
     * @param {string} email
     */
    async correctAddress(user, email) {
      put(await ask(`POST ${invitationPath(user)}/correct-address`, { body: { email } }));
      await refresh(user);
      notice(t('users.corrected', { email }));
    },

    /** @param {User} user whose address is sent no mails */
    async liftSuppression(user) {
      const { email } = user;
      const reason = await askReason({
        title: t('users.liftTitle'),
        text: t('users.liftText', { email }),
        label: t('users.liftReason'),
        action: t('users.lift'),
      });
      if (reason === '') return;
      put(await ask(`POST ${base}/users/${user.id}/lift-suppression`, { body: { reason } }));
      notice(t('users.lifted', { email }));
    },

    /** @param {User} user */
    async revoke(user) {
      const { email } = user;
      if (
        !(await confirm({
          title: t('users.deleteTitle'),
          text: t('users.deleteText', { email }),
          action: t('users.delete'),
        }))
      )
        return;
      await ask(`DELETE ${invitationPath(user)}`);
      await refresh(user);
      notice(t('users.deleted', { email }));
    },

    /** @param {User} user */
    async inviteAgain(user) {
      const role = user.role === 'owner' ? 'administrator' : user.role;
      put(await ask(`POST ${base}/invitations`, { body: { email: user.email, role } }));
      notice(t('users.resent', { email: user.email }));
    },

    /**
     * @param {User} user
     * @param {'administrator' | 'developer'} role
     */
    async changePermission(user, role) {
      put(await ask(`PATCH ${base}/users/${user.id}`, { body: { role } }));
      notice(t('users.permissionChanged', { who: user.name ?? user.email, role: t(role) }));
    },

    /** @param {User} user */
    async makeOwner(user) {
      const who = user.name ?? user.email;
      if (
        !(await confirm({
          title: t('users.ownerTitle', { who }),
          text: t('users.ownerText', { who }),
          action: t('users.makeOwner'),
        }))
      )
        return;
      await ask(`POST ${base}/ownership-transfer`, { body: { userId: user.id } });
      await Promise.all([refresh(user), loadMe()]);
    },

    /** @param {User} user */
    async remove(user) {
      const who = user.name ?? user.email;
      if (
        !(await confirm({
          title: t('users.removeTitle', { who }),
          text: t('users.removeText'),
          action: t('users.remove'),
        }))
      )
        return;
      await ask(`DELETE ${base}/users/${user.id}`);
      await refresh(user);
      notice(t('users.removed', { who }));
    },

    /** @param {User} user */
    async leave({ id }) {
      if (!(await confirm({ title: t('users.leaveTitle'), text: t('users.leaveText'), action: t('users.leave') })))
        return;
      await ask(`DELETE ${base}/users/${id}`);
      go('/', { replace: true });
    },

    /** @param {readonly User[]} users whose invitations are open */
    async resendAll(users) {
      const invitationIds = users.map(({ invitation }) => invitation?.id);
      const { results, summary } = await ask(`POST ${base}/invitations/resend`, { body: { invitationIds } });
      const failures = failureTexts(results);
      notice([t('users.resentAll', { count: summary.resent }), ...failures].join(' '), { bad: failures.length > 0 });
      void each(users, refresh).catch(noticeProblem);
    },

    /**
     * @param {readonly User[]} users whose invitations are open
     * @returns {Promise<boolean>} whether it was really meant
     */
    async revokeAll(users) {
      const count = users.length;
      if (
        !(await confirm({
          title: t('users.deleteAllTitle', { count }),
          text: t('users.deleteAllText'),
          action: t('users.delete'),
        }))
      )
        return false;
      let failed = 0;
      await each(users, async (user) => {
        await ask(`DELETE ${invitationPath(user)}`).catch(() => failed++);
        await refresh(user).catch(noticeProblem);
      });
      notice(
        t('users.deletedAll', { count: count - failed }) +
          (failed > 0 ? ` ${t('users.failedAll', { count: failed })}` : ''),
        {
          bad: failed > 0,
        },
      );
      return true;
    },
  };
}

/** @typedef {ReturnType<typeof userActions>} UserActions */

/**
 * @template T
 * @param {readonly T[]} all
 * @param {(one: T) => Promise<void>} work
 */
async function each(all, work) {
  const left = all.values();
  const worker = async () => {
    for (const one of left) await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
