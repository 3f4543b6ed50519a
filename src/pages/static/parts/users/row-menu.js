import { t } from '../../app/i18n.js';
import { isOpen } from '../../app/user-actions.js';
import { noticeProblem } from '../notices.js';

/** @typedef {import('../../app/people.js').User} User */
/** @typedef {import('../menu.js').MenuItem} MenuItem */

/**
 * What can be done from a row. `actions` are absent where nothing can be changed, as in the past.
 *
 * @typedef {object} RowWays
 * @property {import('../../app/user-actions.js').UserActions | undefined} actions
 * @property {(user: User) => void} correct
 * @property {(id: string) => void} open shows the timeline
 */

/**
 * What somebody may do with a person of their workspace. Anybody in it may see the timelines.
 *
 * @param {User} user
 * @param {import('./table.js').Viewer} viewer
 * @param {RowWays} ways
 * @returns {MenuItem[]}
 */
export function itemsFor(user, viewer, { actions, correct, open }) {
  const timeline = { label: t('users.timeline'), action: () => open(user.id) };
  const changes = actions ? changesTo(user, viewer, actions, correct) : [];
  // What ends something stands last, away from the rest.
  return [...changes.filter(({ danger }) => !danger), timeline, ...changes.filter(({ danger }) => danger)];
}

/**
 * @param {User} user
 * @param {import('./table.js').Viewer} viewer
 * @param {import('../../app/user-actions.js').UserActions} actions
 * @param {(user: User) => void} correct
 * @returns {MenuItem[]}
 */
function changesTo(user, viewer, actions, correct) {
  /** @param {Promise<unknown>} work */
  const tell = (work) => void work.catch(noticeProblem);
  const isSelf = user.id === viewer.id;
  if (isSelf && user.role !== 'owner' && user.status === 'active') {
    return [{ label: t('users.leave'), danger: true, action: () => tell(actions.leave(user)) }];
  }
  const mayAct = viewer.role === 'owner' || viewer.role === 'administrator';
  if (!mayAct || isSelf || user.role === 'owner') return [];
  if (isOpen(user)) {
    return [
      { label: t('users.resend'), action: () => tell(actions.resend(user)) },
      ...(user.status === 'waiting'
        ? [{ label: t('users.copyLink'), action: () => tell(actions.copyLink(user)) }]
        : []),
      { label: t('users.correctAddress'), action: () => correct(user) },
      ...(['bounced', 'suppressed'].includes(user.delivery?.status ?? '')
        ? [{ label: t('users.lift'), action: () => tell(actions.liftSuppression(user)) }]
        : []),
      { label: t('users.delete'), danger: true, action: () => tell(actions.revoke(user)) },
    ];
  }
  if (user.status !== 'active') {
    return [{ label: t('users.inviteAgain'), action: () => tell(actions.inviteAgain(user)) }];
  }
  const other = user.role === 'developer' ? 'administrator' : 'developer';
  return [
    { label: t(`users.make.${other}`), action: () => tell(actions.changePermission(user, other)) },
    ...(viewer.role === 'owner' ? [{ label: t('users.makeOwner'), action: () => tell(actions.makeOwner(user)) }] : []),
    { label: t('users.remove'), danger: true, action: () => tell(actions.remove(user)) },
  ];
}
