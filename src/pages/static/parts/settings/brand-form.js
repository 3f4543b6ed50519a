import { number, t } from '../../app/i18n.js';
import { useSaving } from '../../app/use-saving.js';
import { html, useState } from '../../library.js';
import { TextField } from '../text-field.js';
import { BrandPreview, isColour, USUAL_COLOUR } from './brand-preview.js';
import { Section } from './section.js';
import { SettingField, typed } from './setting-field.js';

/** @typedef {import('../../app/use-saving.js').Workspace} Workspace */

/** @param {Workspace['brand']} brand */
const fieldsOf = ({ name, logoUrl, accentColour }) => ({
  name: name ?? '',
  logoUrl: logoUrl ?? '',
  accentColour: accentColour ?? '',
});

/** Nothing typed takes it away. @param {string} text */
const orNull = (text) => text.trim() || null;

/** @param {{ workspace: Workspace, workspaceName: string }} props */
export function BrandForm({ workspace, workspaceName }) {
  const [fields, setFields] = useState(() => fieldsOf(workspace.brand));
  /** @param {Partial<typeof fields>} change */
  const put = (change) => setFields((before) => ({ ...before, ...change }));
  const { name, logoUrl, accentColour } = fields;
  const saving = useSaving(
    `/workspaces/${workspace.id}/brand`,
    () => ({ name: orNull(name), logoUrl: orNull(logoUrl), accentColour: orNull(accentColour) }),
    ({ brand }) => setFields(fieldsOf(brand)),
  );
  const wrongLogo = logoText(saving);
  const wrongColour = colourText(saving);
  const passing = saving.refusal?.facts.passingColour;

  return html`<${Section} id="brand" title=${t('settings.brand')} text=${t('settings.brandText')} saving=${saving}
    isTold=${wrongLogo !== '' || wrongColour !== ''}>
    <${TextField} label=${t('settings.brandName')} value=${name} change=${(/** @type {string} */ text) => put({ name: text })}
      hint=${t('settings.brandNameHint')} name="brand-name" maxlength="80" />
    <${SettingField} id="logo" label=${t('settings.logo')} hint=${t('settings.logoHint')} problem=${wrongLogo}
      control=${(
        /** @type {object} */ attributes,
      ) => html`<input ...${attributes} type="url" maxlength="500" spellcheck=${false}
        placeholder="https://" value=${logoUrl} onInput=${(/** @type {Event} */ event) => put({ logoUrl: typed(event) })} />`} />
    <${SettingField} id="colour" label=${t('settings.colour')} hint=${t('settings.colourHint')} problem=${wrongColour}
      control=${(/** @type {object} */ attributes) => html`<div class="colour">
        <input type="color" aria-label=${t('settings.pickColour')} value=${isColour(accentColour) ? accentColour : USUAL_COLOUR}
          onInput=${(/** @type {Event} */ event) => put({ accentColour: typed(event) })} />
        <input ...${attributes} maxlength="7" spellcheck=${false} autocapitalize="off" placeholder=${USUAL_COLOUR}
          value=${accentColour} onInput=${(/** @type {Event} */ event) => put({ accentColour: typed(event) })} />
      </div>`}>
      ${
        wrongColour !== '' &&
        passing &&
        html`<button type="button" onClick=${() => put({ accentColour: passing })}>${t('settings.takeColour', { passing })}</button>`
      }
    <//>
    <${BrandPreview} brandName=${name.trim() || (logoUrl.trim() && workspaceName)} workspaceName=${workspaceName} colour=${accentColour} />
  <//>`;
}

/** @param {import('../../app/use-saving.js').Saving} saving */
function logoText({ refusal }) {
  if (refusal?.code !== 'invalid-logo') return '';
  /** @type {readonly string[]} */
  const hosts = refusal.facts.logoHosts ?? [];
  return hosts.length === 0 ? t('settings.noLogoHosts') : t('settings.logoHosts', { hosts: hosts.join(', ') });
}

/** @param {import('../../app/use-saving.js').Saving} saving */
function colourText({ refusal, problem }) {
  if (refusal?.code !== 'invalid-colour') return '';
  const { contrast, leastContrast: least, passingColour: passing } = refusal.facts;
  // No contrast of what is no colour.
  if (!passing) return problem;
  return t('settings.lowContrast', { contrast: number(Number(contrast)), least: number(Number(least)), passing });
}
