import type { ApplicationInUse } from './application-in-use.js';
import type { GrantRow } from './grant-row.js';
import { isAppOnly } from './grants.js';
import { callbackUrl } from './redirects.js';

/** Where an administrator allows the application for the whole directory; null: the provider has no such page. */
export function adminConsentUrl(publicUrl: string, application: ApplicationInUse, row: GrantRow): string | null {
  const { endpoints, settings } = application;
  if (endpoints.adminConsentUrl === undefined || settings.clientId === undefined) return null;
  const url = new URL(endpoints.adminConsentUrl);
  url.searchParams.set('client_id', settings.clientId);
  url.searchParams.set('redirect_uri', callbackUrl(publicUrl));
  url.searchParams.set('scope', row.scopes.join(' '));
  return url.href;
}

/** For Exchange Online: what no page of ours can do. Text is quoted as PowerShell wants it. */
export function powerShellText(application: ApplicationInUse, row: GrantRow): string | null {
  if (application.template.library !== 'msal') return null;
  const mailbox = quoted(row.shared_mailbox ?? row.mailbox);
  const signIn = [
    'Connect-ExchangeOnline',
    `Set-CASMailbox -Identity ${mailbox} -SmtpClientAuthenticationDisabled $false`,
  ];
  if (row.shared_mailbox !== null)
    signIn.push(
      `Add-RecipientPermission -Identity ${mailbox} -Trustee ${quoted(row.mailbox)} -AccessRights SendAs -Confirm:$false`,
    );
  return [...signIn, ...(isAppOnly(row.flow) ? servicePrincipal(application, mailbox) : [])].join('\n');
}

/** The object id must be the enterprise application's; the registration's is the usual mistake. */
const servicePrincipal = ({ settings }: ApplicationInUse, mailbox: string): string[] => [
  '# Entra admin centre > Enterprise applications > this application > Object ID (not the one of "App registrations"):',
  `$objectId = Read-Host 'Object ID of the enterprise application'`,
  `New-ServicePrincipal -AppId ${quoted(settings.clientId ?? '')} -ObjectId $objectId`,
  `Add-MailboxPermission -Identity ${mailbox} -User $objectId -AccessRights FullAccess`,
];

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
