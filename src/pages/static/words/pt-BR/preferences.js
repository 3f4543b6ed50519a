/** @type {typeof import('../en/preferences.js').preferences} */
export const preferences = {
  'preferences.title': 'Preferências',
  'preferences.lead': 'Para os e-mails enviados a {email}.',
  'preferences.mails': 'E-mails que você recebe',
  'preferences.digests': 'Resumos dos seus convites',
  'preferences.digestsHint': 'Quem aceitou, quem recusou, a quem um e-mail não chegou.',
  'preferences.renewalRequests': 'Pedidos de novo link',
  'preferences.renewalRequestsHint': 'Alguém cujo link expirou pede um novo a você.',
  'preferences.language': 'Idioma dos e-mails',
  'preferences.languageHint': 'O idioma das páginas é escolhido à parte, no menu da sua conta.',
  'preferences.noLanguage': 'Não escolhido',
  'preferences.save': 'Salvar',
  'preferences.saved': 'Suas preferências foram salvas.',
  'preferences.turnOffTitle': 'Desativar estes e-mails?',
  'preferences.turnOffText':
    'Você não receberá mais e-mails do tipo em que este link veio. Pode ativá-los de novo quando quiser.',
  'preferences.turnOff': 'Desativar',
  'preferences.chooseAll': 'Escolher quais e-mails você recebe',
  'preferences.turnedOffTitle': 'Estão desativados',
  'preferences.turnedOffText': 'Você não receberá mais estes: {kind}.',
};
