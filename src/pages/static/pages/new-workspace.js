import { ask } from '../app/api.js';
import { t } from '../app/i18n.js';
import { go } from '../app/router.js';
import { loadMe, me } from '../app/session.js';
import { useRequestKey } from '../app/use-request-key.js';
import { useTask } from '../app/use-task.js';
import { html, useEffect, useState } from '../library.js';
import { Frame } from '../parts/frame.js';
import { Heading } from '../parts/heading.js';
import { noticeProblem } from '../parts/notices.js';
import { Problem } from '../parts/problem.js';
import { TextField } from '../parts/text-field.js';

/** Creates a workspace, and leads to inviting people into it. Who is new says what they are called, too. */
export function Page() {
  const who = me.use();
  const [name, setName] = useState('');
  const [ownName, setOwnName] = useState(/** @type {string | undefined} */ (undefined));
  useEffect(() => {
    loadMe().catch(noticeProblem);
  }, []);

  const { keyOf } = useRequestKey();
  const { busy, problem, run } = useTask(async () => {
    const called = ownName?.trim();
    if (called && called !== who?.account.name) await ask('PATCH /me', { body: { name: called } });
    const body = { name: name.trim() };
    const { workspace } = await ask('POST /workspaces', { body, key: keyOf(body) });
    // The next page asks who one is by itself; what keeps that up must not have a second workspace made.
    go(`/workspaces/${workspace.id}/invite?new`, { replace: true });
  });
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    void run();
  };

  const isNew = who?.workspaces.length === 0;
  return html`<${Frame} narrow>
    <section class="card">
      <${Heading} title=${t('newWorkspace.title')} quiet />
      <p class="quiet">${t('newWorkspace.lead')}</p>
      <form onSubmit=${submit}>
        ${
          isNew &&
          html`<${TextField} label=${t('newWorkspace.yourName')} value=${ownName ?? who.account.name} change=${setOwnName}
            name="name" autocomplete="name" required maxlength="100" />`
        }
        <${TextField} label=${t('newWorkspace.name')} value=${name} change=${setName} hint=${t('newWorkspace.hint')}
          name="workspace" autocomplete="organization" required maxlength="80" autofocus />
        <${Problem} text=${problem} />
        <button type="submit" class="primary block" disabled=${busy || !who}>${t('newWorkspace.create')}</button>
      </form>
    </section>
  <//>`;
}
