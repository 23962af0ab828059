import account from './en/account.json';
import alarms from './en/alarms.json';
import attributeScope from './en/attribute-scope.json';
import audit from './en/audit.json';
import customers from './en/customers.json';
import deadLetters from './en/dead-letters.json';
import deliveryState from './en/delivery-state.json';
import devices from './en/devices.json';
import entrance from './en/entrance.json';
import fieldError from './en/field-error.json';
import home from './en/home.json';
import inbox from './en/inbox.json';
import invitationState from './en/invitation-state.json';
import links from './en/links.json';
import mailLog from './en/mail-log.json';
import mailServers from './en/mail-servers.json';
import mailSetup from './en/mail-setup.json';
import managed from './en/managed.json';
import nav from './en/nav.json';
import notFound from './en/not-found.json';
import password from './en/password.json';
import problem from './en/problem.json';
import role from './en/role.json';
import ruleChains from './en/rule-chains.json';
import secondFactor from './en/second-factor.json';
import setup from './en/setup.json';
import severity from './en/severity.json';
import shell from './en/shell.json';
import signIn from './en/sign-in.json';
import tenants from './en/tenants.json';
import tokens from './en/tokens.json';
import twoFactor from './en/two-factor.json';
import ui from './en/ui.json';
import users from './en/users.json';

export default {
  product: 'Signalpost',
  account,
  alarms,
  attributeScope,
  audit,
  customers,
  deadLetters,
  deliveryState,
  devices,
  entrance,
  fieldError,
  home,
  inbox,
  invitationState,
  links,
  mailLog,
  mailServers,
  mailSetup,
  managed,
  nav,
  notFound,
  password,
  problem,
  role,
  ruleChains,
  secondFactor,
  setup,
  severity,
  shell,
  signIn,
  tenants,
  tokens,
  twoFactor,
  ui,
  users,
};
