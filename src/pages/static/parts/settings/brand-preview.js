import { t } from '../../app/i18n.js';
import { html } from '../../library.js';

/** What the service itself looks like. */
export const USUAL_COLOUR = '#3346c9';

/** @param {string} text */
export const isColour = (text) => /^#[0-9a-f]{6}$/i.test(text);

/**
 * The top of an invitation as it will look. The logo is not loaded from elsewhere: its name stands for it, as where mail programs
 * load no images.
 *
 * @param {{ brandName: string, workspaceName: string, colour: string }} props
 */
export function BrandPreview({ brandName, workspaceName, colour }) {
  const background = isColour(colour) ? colour : USUAL_COLOUR;
  return html`<div class="mail-preview" role="img" aria-label=${t('settings.preview')}>
    ${brandName && html`<p class="mail-brand">${brandName}</p>`}
    <p class="mail-heading">${t('settings.previewHeading', { workspace: workspaceName })}</p>
    <span class="mail-button" style=${{ background }}>${t('settings.previewButton')}</span>
  </div>`;
}
