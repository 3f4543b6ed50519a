import { problemText } from '../app/api.js';
import { t } from '../app/i18n.js';
import { go } from '../app/router.js';
import { loadMe } from '../app/session.js';
import { html, useEffect, useState } from '../library.js';
import { Frame } from '../parts/frame.js';
import { MessagePage } from '../parts/message-page.js';

/** The start leads on: into a workspace, or to making one; who is not signed in is led to that. */
export function Page() {
  const [problem, setProblem] = useState('');
  useEffect(() => {
    loadMe().then(
      ({ workspaces: [first] }) => go(first ? `/workspaces/${first.id}/users` : '/workspaces/new', { replace: true }),
      (error) => setProblem(problemText(error)),
    );
  }, []);
  if (problem === '') return html`<${Frame} narrow><p class="quiet" role="status">${t('loading')}</p><//>`;
  return html`<${MessagePage} title=${t('product')} text=${problem}>
    <button type="button" class="primary" onClick=${() => location.reload()}>${t('retry')}</button>
  <//>`;
}
