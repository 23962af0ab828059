import account from './de/account.json';
import alarms from './de/alarms.json';
import applicationForm from './de/application-form.json';
import applications from './de/applications.json';
import attributeScope from './de/attribute-scope.json';
import audit from './de/audit.json';
import branding from './de/branding.json';
import connectorForm from './de/connector-form.json';
import connectors from './de/connectors.json';
import customers from './de/customers.json';
import deadLetters from './de/dead-letters.json';
import deliveryState from './de/delivery-state.json';
import devices from './de/devices.json';
import doctor from './de/doctor.json';
import entrance from './de/entrance.json';
import fieldError from './de/field-error.json';
import form from './de/form.json';
import grantState from './de/grant-state.json';
import home from './de/home.json';
import inbox from './de/inbox.json';
import invitationState from './de/invitation-state.json';
import links from './de/links.json';
import mailLog from './de/mail-log.json';
import mailServerForm from './de/mail-server-form.json';
import mailServers from './de/mail-servers.json';
import mailTemplates from './de/mail-templates.json';
import managed from './de/managed.json';
import nav from './de/nav.json';
import notFound from './de/not-found.json';
import notices from './de/notices.json';
import oauth from './de/oauth.json';
import password from './de/password.json';
import problem from './de/problem.json';
import role from './de/role.json';
import ruleChains from './de/rule-chains.json';
import secondFactor from './de/second-factor.json';
import secretForm from './de/secret-form.json';
import secret from './de/secret.json';
import secrets from './de/secrets.json';
import setup from './de/setup.json';
import severity from './de/severity.json';
import shell from './de/shell.json';
import signInSettings from './de/sign-in-settings.json';
import signIn from './de/sign-in.json';
import tenants from './de/tenants.json';
import testMail from './de/test-mail.json';
import tokens from './de/tokens.json';
import twoFactor from './de/two-factor.json';
import ui from './de/ui.json';
import usage from './de/usage.json';
import users from './de/users.json';

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
