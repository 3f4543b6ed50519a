export const timeline = {
  'users.timeline': 'Timeline',
  'timeline.title': 'Timeline',
  'timeline.details': 'Details',
  'timeline.earlier': 'Show earlier',
  'timeline.service': 'The service',
  'timeline.somebody': 'Somebody',
  'timeline.message': 'Message',
  'timeline.reply': 'Mail server’s reply',
  'timeline.code': 'Code',
  'timeline.attempt': 'Attempt',
  'timeline.attemptOf': '{attempt}, of e-mail {mail}',
  'timeline.next': 'Tried again',
};
