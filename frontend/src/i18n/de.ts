import account from './de/account.json';
import alarms from './de/alarms.json';
import attributeScope from './de/attribute-scope.json';
import audit from './de/audit.json';
import customers from './de/customers.json';
import deadLetters from './de/dead-letters.json';
import deliveryState from './de/delivery-state.json';
import devices from './de/devices.json';
import entrance from './de/entrance.json';
import fieldError from './de/field-error.json';
import home from './de/home.json';
import inbox from './de/inbox.json';
import invitationState from './de/invitation-state.json';
import links from './de/links.json';
import mailLog from './de/mail-log.json';
import mailServers from './de/mail-servers.json';
import mailSetup from './de/mail-setup.json';
import managed from './de/managed.json';
import nav from './de/nav.json';
import notFound from './de/not-found.json';
import password from './de/password.json';
import problem from './de/problem.json';
import role from './de/role.json';
import ruleChains from './de/rule-chains.json';
import secondFactor from './de/second-factor.json';
import setup from './de/setup.json';
import severity from './de/severity.json';
import shell from './de/shell.json';
import signIn from './de/sign-in.json';
import tenants from './de/tenants.json';
import tokens from './de/tokens.json';
import twoFactor from './de/two-factor.json';
import ui from './de/ui.json';
import users from './de/users.json';

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
