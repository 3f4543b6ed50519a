/** @type {typeof import('../en/timeline.js').timeline} */
export const timeline = {
  'users.timeline': 'Linha do tempo',
  'timeline.title': 'Linha do tempo',
  'timeline.details': 'Detalhes',
  'timeline.earlier': 'Mostrar anteriores',
  'timeline.service': 'O serviço',
  'timeline.somebody': 'Alguém',
  'timeline.message': 'Mensagem',
  'timeline.reply': 'Resposta do servidor de e-mail',
  'timeline.code': 'Código',
  'timeline.attempt': 'Tentativa',
  'timeline.attemptOf': '{attempt}, do e-mail {mail}',
  'timeline.next': 'Nova tentativa',
};
