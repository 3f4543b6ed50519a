import { problemText } from '../../app/api.js';
import { failureTexts } from '../../app/failures.js';
import { t } from '../../app/i18n.js';
import { resendByFilter } from '../../app/resend-by-filter.js';
import { html, useEffect, useRef, useState } from '../../library.js';
import { confirm } from '../confirm.js';
import { Menu } from '../menu.js';
import { notice } from '../notices.js';

/** @typedef {import('../../app/resend-by-filter.js').Result} Result */
/** @typedef {import('../../app/resend-by-filter.js').FilterName} FilterName */

/**
 * Sends again all invitations of a kind, however many there are: tells how far it is, and can be stopped. Leaving the page stops it too,
 * after the page of invitations that is under way.
 *
 * @param {{ workspaceId: string, counts: Record<string, number> }} props
 */
export function ResendMany({ workspaceId, counts }) {
  const [dealtWith, setDealtWith] = useState(/** @type {number | undefined} */ (undefined));
  const isStopped = useRef(false);
  const stop = () => {
    isStopped.current = true;
  };
  useEffect(() => stop, []);

  /**
   * @param {FilterName} name
   * @param {number} count of those that it chooses from
   */
  const start = async (name, count) => {
    const text = t(`users.many.${name}Text`, { count });
    const question = { title: t(`users.many.${name}Title`), text, action: t('users.many.resend'), isHarmless: true };
    if (!(await confirm(question))) return;
    isStopped.current = false;
    setDealtWith(0);
    /** @type {readonly Result[]} */
    let known = [];
    let rest = '';
    try {
      const isDone = await resendByFilter(workspaceId, name, (results) => {
        known = results;
        setDealtWith(results.length);
        return !isStopped.current;
      });
      if (!isDone) rest = t('users.many.rest');
    } catch (error) {
      rest = problemText(error);
    }
    setDealtWith(undefined);
    tell(known, rest);
  };

  if (dealtWith !== undefined) {
    return html`<div class="many">
      <span role="status">${t('users.many.soFar', { count: dealtWith })}</span>
      <button type="button" onClick=${stop}>${t('users.many.stop')}</button>
    </div>`;
  }
  const { waiting = 0, expired = 0 } = counts;
  if (waiting + expired === 0) return null;
  return html`<${Menu} label=${t('users.many')} face=${html`${t('users.many')}<span class="chevron"></span>`} items=${[
    ...(waiting > 0 ? [{ label: t('users.many.old'), action: () => void start('old', waiting) }] : []),
    { label: t('users.many.undelivered'), action: () => void start('undelivered', waiting + expired) },
  ]} />`;
}

/**
 * @param {readonly Result[]} results
 * @param {string} rest why others were not tried
 */
function tell(results, rest) {
  const resent = results.filter(({ outcome }) => outcome === 'resent');
  const blocked = resent.filter(({ delivery }) => delivery === 'suppressed').length;
  const bad = [
    ...(blocked > 0 ? [t('users.many.blocked', { count: blocked })] : []),
    ...failureTexts(results),
    ...(rest === '' ? [] : [rest]),
  ];
  const isNone = results.length === 0 && rest === '';
  const good = isNone ? t('users.many.none') : t('users.resentAll', { count: resent.length - blocked });
  notice([good, ...bad].join(' '), { bad: bad.length > 0 });
}
