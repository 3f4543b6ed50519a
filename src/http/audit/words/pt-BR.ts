import type { MailOfIssue } from '../../../domain/membership/events.js';
import type { Role } from '../../../domain/role.js';
import { attempt, type Words } from './catalogue.js';

const roles: Readonly<Record<Role, string>> = {
  owner: 'proprietário',
  administrator: 'administrador',
  developer: 'desenvolvedor',
};

export const ptBR: Words = {
  service: 'O serviço',
  somebody: 'Alguém',
  roles,
  refusals: {
    expired: 'o convite tinha expirado',
    superseded: 'um link mais novo tinha sido enviado',
    revoked: 'o convite tinha sido revogado',
    declined: 'o convite tinha sido recusado',
    'already-accepted': 'o convite já tinha sido aceito',
    removed: 'a pessoa tinha sido removida do espaço de trabalho',
    'inviter-not-allowed': 'quem convidou não pode mais convidar',
    'wrong-account': 'outra conta estava conectada',
  },
  bounces: {
    permanent: 'voltou',
    transient: 'não chegou',
    complaint: 'foi denunciado como spam',
    late: 'está atrasado',
  },
  unproven: '(nada comprova este aviso)',
  reasons: {
    'not-allowed': 'só o proprietário e os administradores podem',
    'owner-required': 'só o proprietário pode',
  },
  operations: {
    invite: () => 'convidar alguém',
    inviteMany: () => 'convidar pessoas',
    resendInvitation: (whom) => `reenviar o convite para ${whom}`,
    resendInvitations: () => 'reenviar convites',
    revokeInvitation: (whom) => `revogar o convite de ${whom}`,
    revokeInvitations: () => 'revogar convites',
    copyLink: (whom) => `copiar o link do convite de ${whom}`,
    correctAddress: (whom) => `corrigir o endereço do convite de ${whom}`,
    changePermission: (whom) => `mudar a permissão de ${whom}`,
    removeUser: (whom) => `remover ${whom}`,
    transferOwnership: () => 'transferir a propriedade do espaço de trabalho',
    changeWorkspace: () => 'mudar as configurações do espaço de trabalho',
    changeBrand: () => 'mudar a aparência do espaço de trabalho',
    liftSuppression: (whom) => `voltar a permitir e-mails para ${whom}`,
    listAuditEvents: () => 'ler o histórico de auditoria',
    getAuditHead: () => 'ler o histórico de auditoria',
    followAuditEvents: () => 'ler o histórico de auditoria',
    exportAuditEvents: () => 'exportar o histórico de auditoria',
  },
  sentences: {
    WorkspaceCreated: ({ who, data }) => `${who} criou o espaço de trabalho “${data.name}”.`,
    WorkspaceRenamed: ({ who, data }) =>
      `${who} mudou o nome do espaço de trabalho de “${data.previousName}” para “${data.name}”.`,
    WorkspaceBrandChanged: ({ who }) => `${who} mudou a aparência do espaço de trabalho para quem é convidado.`,
    InvitationLifetimeChanged: ({ who, data }) => `${who} mudou a validade dos convites para ${hours(data.seconds)}.`,
    InvitationRemindersChanged: ({ who, data }) =>
      data.isOn
        ? `${who} fez com que os convites sejam lembrados depois de ${hours(data.afterSeconds)}.`
        : `${who} desativou os lembretes de convites.`,
    InvitationDomainsChanged: ({ who, data }) => {
      const { allowed, denied } = data;
      const invited = allowed.length === 0 ? 'todos' : allowed.join(', ');
      return `${who} mudou os domínios que podem ser convidados: ${invited}${denied.length === 0 ? '' : `, menos ${denied.join(', ')}`}.`;
    },
    OwnershipTransferred: ({ who, whom }) => `${who} transferiu a propriedade do espaço de trabalho para ${whom}.`,
    FounderJoined: ({ whom }) => `${whom} entrou como proprietário.`,
    UserInvited: ({ who, whom, data, when }) =>
      `${who} convidou ${whom} como ${roles[data.role]}, até ${when(data.expiresAt)}.`,
    InvitationResent: ({ who, whom, data, when }) =>
      `${who} reenviou o convite para ${whom} (e-mail ${data.issue}), até ${when(data.expiresAt)}.`,
    InvitationRevoked: ({ who, whom }) => `${who} revogou o convite de ${whom}.`,
    InvitationDeclined: ({ whom }) => `${whom} recusou o convite.`,
    InvitationExpired: ({ whom }) => `O convite de ${whom} expirou.`,
    InvitationAccepted: ({ whom, data }) => `${whom} aceitou o convite e entrou como ${roles[data.role]}.`,
    InvitationAcceptanceRefused: ({ whom, data }) =>
      `${whom} tentou aceitar um convite e não pôde: ${ptBR.refusals[data.reason]}.`,
    PermissionChanged: ({ who, whom, data }) =>
      `${who} mudou a permissão de ${whom} de ${roles[data.previousRole]} para ${roles[data.role]}.`,
    UserRemoved: ({ who, whom }) => `${who} removeu ${whom} do espaço de trabalho.`,
    UserLeft: ({ whom }) => `${whom} saiu do espaço de trabalho.`,
    InvitationAddressCorrected: ({ who, whom, data }) =>
      `${who} corrigiu o endereço do convite de ${whom} para ${data.to.email}.`,
    InvitationLinkCopied: ({ who, whom, data }) => `${who} copiou o link do convite de ${whom} (e-mail ${data.issue}).`,
    InvitationRenewalRequested: ({ whom }) => `${whom} pediu um novo link.`,
    InvitationEmailAttempted: ({ whom, data }) =>
      `Começou o envio do ${mail(data)} para ${whom} (tentativa ${data.attempt}).`,
    InvitationEmailSent: ({ whom, data }) => `O servidor aceitou o ${mail(data)} para ${whom}: ${data.reply}`,
    InvitationEmailDeferred: ({ whom, data, when }) =>
      `O ${mail(data)} para ${whom} foi adiado${data.nextAttemptAt === undefined ? ', e não é tentado de novo porque já tinha chegado' : ` até ${when(data.nextAttemptAt)}`}: ${data.reply}`,
    InvitationEmailFailed: ({ whom, data }) => `O ${mail(data)} para ${whom} não pôde ser entregue: ${data.reply}`,
    InvitationEmailDelivered: ({ whom, data }) =>
      `O servidor do destinatário aceitou o ${mail(data)} para ${whom}${data.sparedAttempt ? ', que não é tentado de novo' : ''}: ${data.reply}`,
    InvitationEmailBounced: ({ whom, data }) =>
      `O ${mail(data)} para ${whom} ${ptBR.bounces[data.stillTrying ? 'late' : data.kind]}: ${data.reply}${data.unproven ? ` ${ptBR.unproven}` : ''}`,
    InvitationEmailSuppressed: ({ whom, data }) => `O ${mail(data)} para ${whom} não foi enviado: ${data.reply}`,
    SuppressionLifted: ({ who, whom, data }) => `${who} voltou a permitir e-mails para ${whom}: ${data.reason}`,
    RequestRefused: ({ who, whom, data }) =>
      `${who} tentou ${attempt(ptBR, data.operation, whom)} e não pôde: ${ptBR.reasons[data.reason]}.`,
  },
  otherOperation: (operation) => `fazer “${operation}”`,
  other: (type) => `Aconteceu ${type}.`,
};

function mail({ issue, mail }: MailOfIssue): string {
  return mail === 'reminder' ? `lembrete do e-mail ${issue}` : `e-mail ${issue}`;
}

function hours(seconds: number): string {
  const count = Math.round(seconds / 360) / 10;
  return count === 1 ? '1 hora' : `${count.toLocaleString('pt-BR')} horas`;
}
