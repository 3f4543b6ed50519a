export const preferences = {
  'preferences.title': 'Preferences',
  'preferences.lead': 'For the e-mails to {email}.',
  'preferences.mails': 'E-mails that you get',
  'preferences.digests': 'Summaries of your invitations',
  'preferences.digestsHint': 'Who accepted, who declined, whom an e-mail did not reach.',
  'preferences.renewalRequests': 'Requests for a new link',
  'preferences.renewalRequestsHint': 'Somebody whose link has expired asks you for a new one.',
  'preferences.language': 'Language of the e-mails',
  'preferences.languageHint': 'The pages have their own choice of language, in the menu of your account.',
  'preferences.noLanguage': 'Not chosen',
  'preferences.save': 'Save',
  'preferences.saved': 'Your preferences are saved.',
};
