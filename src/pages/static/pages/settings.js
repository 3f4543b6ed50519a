import { ask } from '../app/api.js';
import { t } from '../app/i18n.js';
import { loadMe } from '../app/session.js';
import { useTask } from '../app/use-task.js';
import { html, useEffect, useState } from '../library.js';
import { MessagePage } from '../parts/message-page.js';
import { noticeProblem } from '../parts/notices.js';
import { Problem } from '../parts/problem.js';
import { BrandForm } from '../parts/settings/brand-form.js';
import { DomainsForm } from '../parts/settings/domains-form.js';
import { NameForm } from '../parts/settings/name-form.js';
import { RemindersForm } from '../parts/settings/reminders-form.js';
import { WorkspaceFrame } from '../parts/workspace-frame.js';

/** @typedef {import('../app/use-saving.js').Workspace} Workspace */

/** What a workspace is called, how its mails look, whom it reminds and whom it may invite. @param {{ params: Record<string, string> }} props */
export function Page({ params: { workspaceId = '' } }) {
  const [workspace, setWorkspace] = useState(/** @type {Workspace | undefined} */ (undefined));
  const { busy, problem, run } = useTask(async () => setWorkspace(await ask(`GET /workspaces/${workspaceId}`)));
  useEffect(() => {
    loadMe().catch(noticeProblem);
    void run();
  }, [workspaceId]);

  if (workspace?.role === 'developer') {
    return html`<${MessagePage} title=${t('settings.refusedTitle')} text=${t('settings.refusedText')}>
      <a class="button primary" href=${`/workspaces/${workspaceId}/users`}>${t('settings.toUsers')}</a>
    <//>`;
  }
  return html`<${WorkspaceFrame} workspaceId=${workspaceId}>
    <${Problem} text=${problem} />
    ${problem && html`<button type="button" onClick=${() => void run()}>${t('retry')}</button>`}
    ${busy && html`<p class="quiet" role="status">${t('loading')}</p>`}
    ${workspace && html`<${Sections} key=${workspace.id} workspace=${workspace} />`}
  <//>`;
}

/** @param {{ workspace: Workspace }} props */
function Sections({ workspace }) {
  const [name, setName] = useState(workspace.name);
  return html`<div class="settings">
    <${NameForm} workspace=${workspace} renamed=${setName} />
    <${BrandForm} workspace=${workspace} workspaceName=${name} />
    <${RemindersForm} workspace=${workspace} />
    <${DomainsForm} workspace=${workspace} />
  </div>`;
}
