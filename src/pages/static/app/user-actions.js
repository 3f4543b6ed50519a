import { askReason } from '../parts/ask-reason.js';
import { confirm } from '../parts/confirm.js';
import { copyLink } from '../parts/link-to-copy.js';
import { notice } from '../parts/notices.js';
import { ApiProblem, ask } from './api.js';
import { failureTexts } from './failures.js';
import { t } from './i18n.js';
import { go } from './router.js';
import { loadMe } from './session.js';

/** @typedef {import('./people.js').User} User */
/** @typedef {import('./failures.js').Result & { outcome: string, delivery?: string }} Result */

/** Whether an invitation can be sent again, or taken back. @param {User} user */
export const isOpen = ({ status, invitation }) => invitation !== null && (status === 'waiting' || status === 'expired');

/** The most invitations that one request acts upon. */
const MOST = 1_000;

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

  /**
   * Does something to the invitations of many. Where a request fails after others went well, it is told of those that are
   * left like any other failure.
   *
   * @param {readonly User[]} users
   * @param {'resend' | 'revoke'} action
   * @param {(user: User, result: Result) => void} show what came of one; the rest of their row follows as it changes
   * @returns {Promise<Result[]>}
   */
  async function toAll(users, action, show) {
    /** @type {Result[]} */
    const all = [];
    while (all.length < users.length) {
      const left = users.slice(all.length);
      const some = left.slice(0, MOST);
      const body = { invitationIds: some.map(({ invitation }) => invitation?.id) };
      try {
        const { results } = await ask(`POST ${base}/invitations/${action}`, { body });
        for (const [index, user] of some.entries()) show(user, results[index]);
        all.push(...results);
      } catch (error) {
        if (all.length === 0 || !(error instanceof ApiProblem)) throw error;
        const { code, seconds = 0 } = error;
        const possibleAt = seconds > 0 ? { possibleAt: new Date(Date.now() + seconds * 1000).toISOString() } : {};
        all.push(...left.map(() => ({ outcome: 'unavailable', problem: { code, ...possibleAt } })));
      }
    }
    return all;
  }

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
      const results = await toAll(users, 'resend', (user, { outcome, delivery }) => {
        // What keeps a mail from going out is shown already.
        if (outcome !== 'resent' || delivery) return;
        put({ ...user, delivery: { status: 'queued', reply: null, at: null } });
      });
      const count = results.filter(({ outcome }) => outcome === 'resent').length;
      tell(t('users.resentAll', { count }), results);
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
      const results = await toAll(users, 'revoke', (user, { outcome }) => {
        if (outcome === 'revoked') put({ ...user, status: 'revoked' });
      });
      const deleted = results.filter(({ outcome }) => outcome === 'revoked').length;
      tell(t('users.deletedAll', { count: deleted }), results);
      return true;
    },
  };
}

/** @typedef {ReturnType<typeof userActions>} UserActions */

/**
 * How many it was done to, and why not to the others.
 *
 * @param {string} done
 * @param {readonly Result[]} results
 */
function tell(done, results) {
  const failures = failureTexts(results);
  notice([done, ...failures].join(' '), { bad: failures.length > 0 });
}
