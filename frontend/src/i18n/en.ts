import account from './en/account.json';
import alarms from './en/alarms.json';
import applicationForm from './en/application-form.json';
import applications from './en/applications.json';
import attributeScope from './en/attribute-scope.json';
import audit from './en/audit.json';
import branding from './en/branding.json';
import connectorForm from './en/connector-form.json';
import connectors from './en/connectors.json';
import customers from './en/customers.json';
import deadLetters from './en/dead-letters.json';
import deliveryState from './en/delivery-state.json';
import devices from './en/devices.json';
import doctor from './en/doctor.json';
import entrance from './en/entrance.json';
import fieldError from './en/field-error.json';
import form from './en/form.json';
import grantState from './en/grant-state.json';
import home from './en/home.json';
import inbox from './en/inbox.json';
import invitationState from './en/invitation-state.json';
import links from './en/links.json';
import mailLog from './en/mail-log.json';
import mailServerForm from './en/mail-server-form.json';
import mailServers from './en/mail-servers.json';
import mailTemplates from './en/mail-templates.json';
import managed from './en/managed.json';
import nav from './en/nav.json';
import notFound from './en/not-found.json';
import notices from './en/notices.json';
import oauth from './en/oauth.json';
import password from './en/password.json';
import problem from './en/problem.json';
import role from './en/role.json';
import ruleChains from './en/rule-chains.json';
import secondFactor from './en/second-factor.json';
import secretForm from './en/secret-form.json';
import secret from './en/secret.json';
import secrets from './en/secrets.json';
import setup from './en/setup.json';
import severity from './en/severity.json';
import shell from './en/shell.json';
import signInSettings from './en/sign-in-settings.json';
import signIn from './en/sign-in.json';
import tenants from './en/tenants.json';
import testMail from './en/test-mail.json';
import tokens from './en/tokens.json';
import twoFactor from './en/two-factor.json';
import ui from './en/ui.json';
import usage from './en/usage.json';
import users from './en/users.json';

export default {
  product: 'Signalpost',
  account,
  alarms,
  applicationForm,
  applications,
  attributeScope,
  audit,
  branding,
  connectorForm,
  connectors,
  customers,
  deadLetters,
  deliveryState,
  devices,
  doctor,
  entrance,
  fieldError,
  form,
  grantState,
  home,
  inbox,
  invitationState,
  links,
  mailLog,
  mailServerForm,
  mailServers,
  mailTemplates,
  managed,
  nav,
  notFound,
  notices,
  oauth,
  password,
  problem,
  role,
  ruleChains,
  secondFactor,
  secret,
  secretForm,
  secrets,
  setup,
  severity,
  shell,
  signIn,
  signInSettings,
  tenants,
  testMail,
  tokens,
  twoFactor,
  ui,
  usage,
  users,
};
