/**
 * Why templates could not be compiled. The codes never change:
 *
 * - `layout-not-valid`: MJML refuses a layout or a part of it; the cause lists what is wrong
 * - `locale-not-valid`: the file of a language is no JSON
 * - `source-missing`: a layout, or a part that it includes, is not there
 * - `text-missing`: a layout asks for a text that a language does not have
 * - `placeholder-not-valid`: Handlebars refuses a placeholder, in a layout or in a text
 */
export type TemplateErrorCode =
  | 'layout-not-valid'
  | 'locale-not-valid'
  | 'source-missing'
  | 'text-missing'
  | 'placeholder-not-valid';

/** The sources of the e-mail templates are not valid. The message names the file. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(
    readonly code: TemplateErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
