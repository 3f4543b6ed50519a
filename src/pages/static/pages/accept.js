import { ApiProblem, ask } from '../app/api.js';
import { t } from '../app/i18n.js';
import { loadMe, me } from '../app/session.js';
import { html, useEffect, useState } from '../library.js';
import { ClosedInvitation } from '../parts/accept/closed-invitation.js';
import { OpenInvitation } from '../parts/accept/open-invitation.js';
import { OtherAccount } from '../parts/accept/other-account.js';
import { SignInFirst } from '../parts/accept/sign-in-first.js';
import { Frame } from '../parts/frame.js';
import { Heading } from '../parts/heading.js';

/**
 * @typedef {object} Invitation
 * @property {{ id: string, name: string }} workspace
 * @property {{ name: string | null }} inviter
 * @property {string} email
 * @property {string | null} name
 * @property {import('../app/session.js').Role} role
 * @property {string} expiresAt
 * @property {string} status
 * @property {boolean} accountExists
 */

/**
 * @typedef {{ kind: 'loading' | 'declined' } | { kind: 'accepted', workspace: Invitation['workspace'] }
 *   | { kind: 'invitation', invitation: Invitation } | { kind: 'problem', code: string }} View
 */

/** What the link in an invitation leads to. Looks, and does nothing before a person clicks. */
export function Page() {
  const [view, setView] = useState(/** @type {View} */ ({ kind: 'loading' }));
  const load = async () => setView(await lookUp(tokenInAddress()));
  useEffect(() => {
    void load();
    // Another invitation that is opened in this tab changes only what stands behind the #.
    addEventListener('hashchange', load);
    return () => removeEventListener('hashchange', load);
  }, []);
  return html`<${Frame} narrow><section class="card accept" aria-busy=${String(view.kind === 'loading')}>
    <${Content} view=${view} setView=${setView} load=${load} />
  </section><//>`;
}

/** @param {{ view: View, setView: (view: View) => void, load: () => Promise<void> }} props */
function Content({ view, setView, load }) {
  const who = me.use();
  switch (view.kind) {
    case 'loading':
      return html`<${Heading} title=${t('accept.loading')} quiet />`;
    case 'problem':
      return html`<${ClosedInvitation} code=${view.code} token=${tokenInAddress()} reload=${load} />`;
    case 'declined':
      return html`<${Heading} title=${t('accept.declinedTitle')} /><p class="quiet">${t('accept.declinedText')}</p>`;
    case 'accepted':
      return html`
        <${Heading} title=${t('accept.welcome', { workspace: view.workspace.name })} />
        <p class="quiet">${t('accept.welcomeText')}</p>
        <div class="actions"><a class="button primary" href=${`/workspaces/${view.workspace.id}/users`}>${t('accept.goOn')}</a></div>
      `;
    default:
      return html`<${Open} invitation=${view.invitation} who=${who} setView=${setView} load=${load} />`;
  }
}

/**
 * @param {{ invitation: Invitation, who: import('../app/session.js').Me | undefined, setView: (view: View) => void,
 *   load: () => Promise<void> }} props
 */
function Open({ invitation, who, setView, load }) {
  const { status, email, accountExists } = invitation;
  const token = tokenInAddress();
  if (status !== 'open') {
    return html`<${ClosedInvitation} code=${status} token=${token} invitation=${invitation} reload=${load} />`;
  }
  if (who && who.account.email.toLowerCase() !== email.toLowerCase()) {
    return html`<${OtherAccount} invitation=${invitation} account=${who.account} switched=${load} />`;
  }
  if (accountExists && !who) return html`<${SignInFirst} invitation=${invitation} />`;
  return html`<${OpenInvitation} invitation=${invitation} token=${token} reload=${load}
    accepted=${(/** @type {Invitation['workspace']} */ workspace) => setView({ kind: 'accepted', workspace })}
    declined=${() => setView({ kind: 'declined' })} />`;
}

function tokenInAddress() {
  return location.hash.slice(1);
}

/**
 * What a link is about, once it is known who looks at it.
 *
 * @param {string} token
 * @returns {Promise<View>}
 */
async function lookUp(token) {
  if (token === '') return { kind: 'problem', code: 'invalid-token' };
  try {
    const [invitation] = await Promise.all([
      ask('POST /invitations/lookup', { body: { token }, key: null }),
      loadMe({ mayBeNobody: true }),
    ]);
    return { kind: 'invitation', invitation };
  } catch (error) {
    return { kind: 'problem', code: error instanceof ApiProblem ? error.code : 'unknown' };
  }
}
