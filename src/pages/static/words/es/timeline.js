/** @type {typeof import('../en/timeline.js').timeline} */
export const timeline = {
  'users.timeline': 'Cronología',
  'timeline.title': 'Cronología',
  'timeline.details': 'Detalles',
  'timeline.earlier': 'Mostrar anteriores',
  'timeline.service': 'El servicio',
  'timeline.somebody': 'Alguien',
  'timeline.message': 'Mensaje',
  'timeline.reply': 'Respuesta del servidor de correo',
  'timeline.code': 'Código',
  'timeline.attempt': 'Intento',
  'timeline.attemptOf': '{attempt}, del correo {mail}',
  'timeline.next': 'Nuevo intento',
};
