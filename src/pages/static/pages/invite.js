import { ask } from '../app/api.js';
import { shown, t } from '../app/i18n.js';
import { loadMe, me } from '../app/session.js';
import { useNewest } from '../app/use-newest.js';
import { useRequestKey } from '../app/use-request-key.js';
import { useTask } from '../app/use-task.js';
import { html, useEffect, useRef, useState } from '../library.js';
import { Frame } from '../parts/frame.js';
import { Heading } from '../parts/heading.js';
import { InviteResults } from '../parts/invite-results.js';
import { noticeProblem } from '../parts/notices.js';
import { PermissionChoice } from '../parts/permission-choice.js';
import { Problem } from '../parts/problem.js';
import { RecipientField } from '../parts/recipient-field.js';
import { LANGUAGES, NAMES } from '../words/words.js';

/** @typedef {import('../app/recipients.js').Recipient} Recipient */

/** These can be tried again, changed or not: they stay in the field. */
const STAY = new Set(['invalid-address', 'unavailable', 'not-allowed', 'throttled']);

/** Invites people into a workspace. Also what follows creating one. @param {{ params: Record<string, string> }} props */
export function Page({ params: { workspaceId = '' } }) {
  const who = me.use();
  const [people, newest, change] = useNewest(/** @type {readonly Recipient[]} */ ([]));
  const [isUnread, setUnread] = useState(false);
  const field = useRef(/** @type {import('../parts/recipient-field.js').RecipientControl | undefined} */ (undefined));
  const [role, setRole] = useState(/** @type {import('../parts/permission-choice.js').InvitableRole} */ ('developer'));
  const [locale, setLocale] = useState(/** @type {string} */ (shown.get().language));
  const [results, setResults] = useState(/** @type {readonly import('../parts/invite-results.js').Result[]} */ ([]));
  const { keyOf, answered } = useRequestKey();
  useEffect(() => {
    loadMe().catch(noticeProblem);
  }, []);

  const good = people.filter(({ email }) => email);
  const { busy, problem, run } = useTask(async () => {
    await field.current?.flush();
    const good = newest().filter(({ email }) => email);
    if (good.length === 0) return;
    const recipients = good.map(({ email, name }) => ({ email, ...(name ? { name } : {}) }));
    const body = { recipients, role, locale };
    const answer = await ask(`POST /workspaces/${workspaceId}/invitations/batch`, { body, key: keyOf(body) });
    answered();
    /** @type {readonly import('../parts/invite-results.js').Result[]} */
    const outcomes = answer.results;
    setResults(outcomes);
    const done = new Set(good.filter((_, index) => !STAY.has(outcomes[index]?.outcome ?? '')).map(({ key }) => key));
    // Only these: more may have been typed while the request was under way.
    change((now) => now.filter(({ key }) => !done.has(key)));
    field.current?.clear();
  });
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    void run();
  };

  const users = `/workspaces/${workspaceId}/users`;
  const workspace = who?.workspaces.find(({ id }) => id === workspaceId)?.name;
  const isNew = location.search === '?new' && results.length === 0;
  return html`<${Frame} narrow workspaceId=${workspaceId}>
    <section class="card">
      <${Heading} title=${workspace ? t('invite.titleInto', { workspace }) : t('invite.title')} quiet />
      <form onSubmit=${submit}>
        <${RecipientField} people=${people} change=${change} control=${field} unread=${setUnread} />
        <${PermissionChoice} value=${role} change=${setRole} />
        <label class="field">
          <span>${t('invite.language')}</span>
          <select value=${locale} onChange=${(/** @type {Event} */ event) =>
            setLocale(/** @type {HTMLSelectElement} */ (event.currentTarget).value)}>
            ${LANGUAGES.map((each) => html`<option value=${each} selected=${each === locale}>${NAMES[each]}</option>`)}
          </select>
        </label>
        <${Problem} text=${problem} />
        <div class="actions">
          <button type="submit" class="primary" disabled=${busy || (good.length === 0 && !isUnread)}
            onMouseDown=${keepFocus}>
            ${good.length === 0 ? t('invite.sendNone') : t('invite.send', { count: good.length })}
          </button>
          <a class="button" href=${users}>${isNew ? t('invite.skip') : t('invite.toUsers')}</a>
        </div>
      </form>
      ${results.length > 0 && html`<${InviteResults} results=${results} />`}
    </section>
  <//>`;
}

/**
 * Pressing the button takes the focus from nowhere: the field would turn its text into chips then, and grow, and the
 * button would no longer be under the pointer when it is let go.
 *
 * @param {MouseEvent} event
 */
function keepFocus(event) {
  event.preventDefault();
}
