import type { MailOfIssue } from '../../../domain/membership/events.js';
import type { Role } from '../../../domain/role.js';
import { attempt, type Words } from './catalogue.js';

const roles: Readonly<Record<Role, string>> = {
  owner: 'propietario',
  administrator: 'administrador',
  developer: 'desarrollador',
};

export const es: Words = {
  service: 'El servicio',
  somebody: 'Alguien',
  roles,
  refusals: {
    expired: 'la invitación había caducado',
    superseded: 'se había enviado un enlace más reciente',
    revoked: 'la invitación se había revocado',
    declined: 'la invitación se había rechazado',
    'already-accepted': 'la invitación ya se había aceptado',
    removed: 'la persona había sido eliminada del espacio de trabajo',
    'inviter-not-allowed': 'quien invitó ya no puede invitar',
    'wrong-account': 'la sesión era de otra cuenta',
  },
  bounces: {
    permanent: 'fue devuelto',
    transient: 'no pudo entregarse',
    complaint: 'fue denunciado como correo no deseado',
    late: 'se retrasa',
  },
  unproven: '(nada prueba este aviso)',
  reasons: {
    'not-allowed': 'solo pueden el propietario y los administradores',
    'owner-required': 'solo puede el propietario',
  },
  operations: {
    invite: () => 'invitar a alguien',
    inviteMany: () => 'invitar a personas',
    resendInvitation: (whom) => `reenviar la invitación a ${whom}`,
    resendInvitations: () => 'reenviar invitaciones',
    revokeInvitation: (whom) => `revocar la invitación de ${whom}`,
    revokeInvitations: () => 'revocar invitaciones',
    copyLink: (whom) => `copiar el enlace de la invitación de ${whom}`,
    correctAddress: (whom) => `corregir la dirección de la invitación de ${whom}`,
    changePermission: (whom) => `cambiar el permiso de ${whom}`,
    removeUser: (whom) => `eliminar a ${whom}`,
    transferOwnership: () => 'transferir la propiedad del espacio de trabajo',
    changeWorkspace: () => 'cambiar los ajustes del espacio de trabajo',
    changeBrand: () => 'cambiar el aspecto del espacio de trabajo',
    liftSuppression: (whom) => `permitir de nuevo los correos a ${whom}`,
    listAuditEvents: () => 'leer el historial de auditoría',
    getAuditHead: () => 'leer el historial de auditoría',
    followAuditEvents: () => 'leer el historial de auditoría',
    exportAuditEvents: () => 'exportar el historial de auditoría',
  },
  sentences: {
    WorkspaceCreated: ({ who, data }) => `${who} creó el espacio de trabajo “${data.name}”.`,
    WorkspaceRenamed: ({ who, data }) =>
      `${who} cambió el nombre del espacio de trabajo de “${data.previousName}” a “${data.name}”.`,
    WorkspaceBrandChanged: ({ who }) => `${who} cambió el aspecto del espacio de trabajo para quienes son invitados.`,
    InvitationLifetimeChanged: ({ who, data }) =>
      `${who} cambió la validez de las invitaciones a ${hours(data.seconds)}.`,
    InvitationRemindersChanged: ({ who, data }) =>
      data.isOn
        ? `${who} hizo que las invitaciones se recuerden después de ${hours(data.afterSeconds)}.`
        : `${who} desactivó los recordatorios de invitaciones.`,
    InvitationDomainsChanged: ({ who, data }) => {
      const { allowed, denied } = data;
      const invited = allowed.length === 0 ? 'todos' : allowed.join(', ');
      return `${who} cambió los dominios a los que se puede invitar: ${invited}${denied.length === 0 ? '' : `, menos ${denied.join(', ')}`}.`;
    },
    OwnershipTransferred: ({ who, whom }) => `${who} transfirió la propiedad del espacio de trabajo a ${whom}.`,
    FounderJoined: ({ whom }) => `${whom} entró como propietario.`,
    UserInvited: ({ who, whom, data, when }) =>
      `${who} invitó a ${whom} como ${roles[data.role]}, hasta el ${when(data.expiresAt)}.`,
    InvitationResent: ({ who, whom, data, when }) =>
      `${who} reenvió la invitación a ${whom} (correo ${data.issue}), hasta el ${when(data.expiresAt)}.`,
    InvitationRevoked: ({ who, whom }) => `${who} revocó la invitación de ${whom}.`,
    InvitationDeclined: ({ whom }) => `${whom} rechazó la invitación.`,
    InvitationExpired: ({ whom }) => `La invitación de ${whom} caducó.`,
    InvitationAccepted: ({ whom, data }) => `${whom} aceptó la invitación y entró como ${roles[data.role]}.`,
    InvitationAcceptanceRefused: ({ whom, data }) =>
      `${whom} intentó aceptar una invitación y no pudo: ${es.refusals[data.reason]}.`,
    PermissionChanged: ({ who, whom, data }) =>
      `${who} cambió el permiso de ${whom} de ${roles[data.previousRole]} a ${roles[data.role]}.`,
    UserRemoved: ({ who, whom }) => `${who} eliminó a ${whom} del espacio de trabajo.`,
    UserLeft: ({ whom }) => `${whom} salió del espacio de trabajo.`,
    InvitationAddressCorrected: ({ who, whom, data }) =>
      `${who} corrigió la dirección de la invitación de ${whom}: ahora es ${data.to.email}.`,
    InvitationLinkCopied: ({ who, whom, data }) =>
      `${who} copió el enlace de la invitación de ${whom} (correo ${data.issue}).`,
    InvitationRenewalRequested: ({ whom }) => `${whom} pidió un enlace nuevo.`,
    InvitationEmailAttempted: ({ whom, data }) =>
      `Empezó el envío del ${mail(data)} a ${whom} (intento ${data.attempt}).`,
    InvitationEmailSent: ({ whom, data }) => `El servidor aceptó el ${mail(data)} a ${whom}: ${data.reply}`,
    InvitationEmailDeferred: ({ whom, data, when }) =>
      `El ${mail(data)} a ${whom} se aplazó${data.nextAttemptAt === undefined ? ', y no se intenta de nuevo porque ya había llegado' : ` hasta el ${when(data.nextAttemptAt)}`}: ${data.reply}`,
    InvitationEmailFailed: ({ whom, data }) => `El ${mail(data)} a ${whom} no se pudo entregar: ${data.reply}`,
    InvitationEmailDelivered: ({ whom, data }) =>
      `El servidor del destinatario aceptó el ${mail(data)} a ${whom}${data.sparedAttempt ? ', que no se intenta de nuevo' : ''}: ${data.reply}`,
    InvitationEmailBounced: ({ whom, data }) =>
      `El ${mail(data)} a ${whom} ${es.bounces[data.stillTrying ? 'late' : data.kind]}: ${data.reply}${data.unproven ? ` ${es.unproven}` : ''}`,
    InvitationEmailSuppressed: ({ whom, data }) => `El ${mail(data)} a ${whom} no se envió: ${data.reply}`,
    SuppressionLifted: ({ who, whom, data }) => `${who} permitió de nuevo los correos a ${whom}: ${data.reason}`,
    RequestRefused: ({ who, whom, data }) =>
      `${who} intentó ${attempt(es, data.operation, whom)} y no pudo: ${es.reasons[data.reason]}.`,
  },
  otherOperation: (operation) => `hacer “${operation}”`,
  other: (type) => `Ocurrió ${type}.`,
};

function mail({ issue, mail }: MailOfIssue): string {
  return mail === 'reminder' ? `recordatorio del correo ${issue}` : `correo ${issue}`;
}

function hours(seconds: number): string {
  const count = Math.round(seconds / 360) / 10;
  return count === 1 ? '1 hora' : `${count.toLocaleString('es')} horas`;
}
