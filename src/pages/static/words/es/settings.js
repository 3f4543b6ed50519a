/** @type {typeof import('../en/settings.js').settings} */
export const settings = {
  'settings.title': 'Ajustes',
  'settings.save': 'Guardar',
  'settings.saving': 'Guardando…',
  'settings.saved': 'Guardado',
  'settings.refusedTitle': 'No tiene acceso a los ajustes',
  'settings.refusedText':
    'Solo el propietario y los administradores de un espacio de trabajo pueden ver y cambiar sus ajustes.',
  'settings.toUsers': 'Ir a los usuarios',
  'settings.name': 'Nombre',
  'settings.nameText': 'Lo ven quienes están en el espacio de trabajo y quienes reciben una invitación.',
  'settings.nameLabel': 'Nombre del espacio de trabajo',
  'settings.brand': 'Aspecto de los correos',
  'settings.brandText':
    'Cómo ven las invitaciones quienes las reciben. Lo que se deja vacío queda como lo tiene el servicio.',
  'settings.brandName': 'Nombre de la marca',
  'settings.brandNameHint': 'Está arriba, y en lugar del logotipo donde no se cargan las imágenes.',
  'settings.logo': 'Dirección del logotipo',
  'settings.logoHint': 'Empieza por https://. Se muestra con 40 píxeles de alto.',
  'settings.logoHosts': 'Los logotipos solo pueden venir de estos servidores, por https://: {hosts}.',
  'settings.noLogoHosts':
    'Este servicio aún no permite logotipos. Quien lo administra indica los servidores de los que pueden venir.',
  'settings.colour': 'Color de acento',
  'settings.colourHint': 'El del botón y los enlaces, por ejemplo #3346c9. El texto blanco debe poder leerse sobre él.',
  'settings.pickColour': 'Elegir el color de acento',
  'settings.lowContrast':
    'El texto blanco se lee mal sobre este color: su contraste es de {contrast}:1 y hace falta {least}:1. {passing} es parecido y se puede leer.',
  'settings.takeColour': 'Usar {passing}',
  'settings.preview': 'Vista previa del correo',
  'settings.previewHeading': 'Únase a {workspace}',
  'settings.previewButton': 'Aceptar la invitación',
  'settings.reminders': 'Recordatorios',
  'settings.remindersText':
    'Quien no ha respondido a una invitación recibe un recordatorio, salvo que quede menos de un día para responder.',
  'settings.remind': 'Recordar a las personas su invitación',
  'settings.remindAfter': 'Días después de la invitación',
  'settings.remindAfterHint': 'De 1 a 29. Vale para las invitaciones que se hagan a partir de ahora.',
  'settings.domains': 'Dominios',
  'settings.domainsText':
    'De quién son las direcciones que se pueden invitar. example.com es solo ese dominio; *.example.com es todo dominio por debajo, como mail.example.com.',
  'settings.allowed': 'Dominios permitidos',
  'settings.allowedHint': 'Uno en cada línea. Ninguno: todo dominio que no esté excluido.',
  'settings.denied': 'Dominios excluidos',
  'settings.deniedHint': 'Uno en cada línea. Cuentan aunque arriba estén permitidos.',
  'settings.noDomains': 'Escriba dominios enteros como example.com, o *.example.com. Estos no lo son: {entries}',
};
