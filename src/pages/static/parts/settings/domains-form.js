import { t } from '../../app/i18n.js';
import { useSaving } from '../../app/use-saving.js';
import { html, useState } from '../../library.js';
import { Section } from './section.js';
import { SettingField, typed } from './setting-field.js';

/** @typedef {import('../../app/use-saving.js').Workspace} Workspace */

const LISTS = /** @type {const} */ (['allowed', 'denied']);

/** @param {string} text one domain a line; a list that was pasted may have commas */
const entriesIn = (text) => text.split(/[\s,;]+/).filter((entry) => entry !== '');

/** @param {Workspace} workspace */
const textsOf = ({ invitationDomains: { allowed, denied } }) => ({
  allowed: allowed.join('\n'),
  denied: denied.join('\n'),
});

/** @param {{ workspace: Workspace }} props */
export function DomainsForm({ workspace }) {
  const [texts, setTexts] = useState(() => textsOf(workspace));
  /** What was sent last: its faults are told by their places in it, and the fields may have changed since. */
  const [sent, setSent] = useState(/** @type {Workspace['invitationDomains']} */ ({ allowed: [], denied: [] }));
  const saving = useSaving(
    `/workspaces/${workspace.id}`,
    () => {
      const invitationDomains = { allowed: entriesIn(texts.allowed), denied: entriesIn(texts.denied) };
      setSent(invitationDomains);
      return { invitationDomains };
    },
    (saved) => setTexts(textsOf(saved)),
  );
  const problems = faultsIn(sent, saving.refusal?.facts.errors);
  return html`<${Section} id="domains" title=${t('settings.domains')} text=${t('settings.domainsText')} saving=${saving}
    isTold=${problems.allowed !== '' || problems.denied !== ''}>
    ${LISTS.map(
      (
        list,
      ) => html`<${SettingField} id=${list} label=${t(`settings.${list}`)} hint=${t(`settings.${list}Hint`)} problem=${problems[list]}
        control=${(/** @type {object} */ attributes) => html`<textarea ...${attributes} rows="3" spellcheck=${false}
          autocapitalize="off" value=${texts[list]}
          onInput=${(/** @type {Event} */ event) => setTexts({ ...texts, [list]: typed(event) })} />`} />`,
    )}
  <//>`;
}

/**
 * What is wrong with each list: the entries that the service found to be none.
 *
 * @param {Workspace['invitationDomains']} sent
 * @param {readonly { pointer?: string }[]} [errors]
 */
function faultsIn(sent, errors = []) {
  /** @param {(typeof LISTS)[number]} list */
  const text = (list) => {
    const places = errors.flatMap(
      ({ pointer = '' }) => pointer.match(new RegExp(`^#/invitationDomains/${list}/(\\d+)$`))?.[1] ?? [],
    );
    const entries = places.map((place) => sent[list][Number(place)]).join(', ');
    return entries && t('settings.noDomains', { entries });
  };
  return { allowed: text('allowed'), denied: text('denied') };
}
