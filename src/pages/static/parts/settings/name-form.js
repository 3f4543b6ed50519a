import { t } from '../../app/i18n.js';
import { loadMe } from '../../app/session.js';
import { useSaving } from '../../app/use-saving.js';
import { html, useState } from '../../library.js';
import { TextField } from '../text-field.js';
import { Section } from './section.js';

/**
 * @param {{ workspace: import('../../app/use-saving.js').Workspace, renamed: (name: string) => void }} props
 */
export function NameForm({ workspace, renamed }) {
  const [name, setName] = useState(workspace.name);
  const saving = useSaving(
    `/workspaces/${workspace.id}`,
    () => ({ name: name.trim() }),
    (saved) => {
      setName(saved.name);
      renamed(saved.name);
      // For the heading, and the menu of workspaces.
      return loadMe();
    },
  );
  return html`<${Section} id="name" title=${t('settings.name')} text=${t('settings.nameText')} saving=${saving}>
    <${TextField} label=${t('settings.nameLabel')} value=${name} change=${setName} name="workspace-name"
      autocomplete="organization" required maxlength="80" />
  <//>`;
}
