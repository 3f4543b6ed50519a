/** @type {typeof import('../en/preferences.js').preferences} */
export const preferences = {
  'preferences.title': 'Preferencias',
  'preferences.lead': 'Para los correos que se envían a {email}.',
  'preferences.mails': 'Correos que recibe',
  'preferences.digests': 'Resúmenes de sus invitaciones',
  'preferences.digestsHint': 'Quién aceptó, quién rechazó, a quién no llegó un correo.',
  'preferences.renewalRequests': 'Peticiones de un enlace nuevo',
  'preferences.renewalRequestsHint': 'Alguien cuyo enlace ha caducado le pide uno nuevo.',
  'preferences.language': 'Idioma de los correos',
  'preferences.languageHint': 'El idioma de las páginas se elige aparte, en el menú de su cuenta.',
  'preferences.noLanguage': 'Sin elegir',
  'preferences.save': 'Guardar',
  'preferences.saved': 'Sus preferencias se han guardado.',
  'preferences.turnOffTitle': '¿Desactivar estos correos?',
  'preferences.turnOffText':
    'No recibirá más correos del tipo en que venía este enlace. Puede volver a activarlos cuando quiera.',
  'preferences.turnOff': 'Desactivar',
  'preferences.chooseAll': 'Elegir qué correos recibe',
  'preferences.turnedOffTitle': 'Están desactivados',
  'preferences.turnedOffText': 'Ya no recibirá estos: {kind}.',
};
