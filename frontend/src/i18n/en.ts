import account from './en/account.json';
import alarms from './en/alarms.json';
import attributeScope from './en/attribute-scope.json';
import deadLetters from './en/dead-letters.json';
import deliveryState from './en/delivery-state.json';
import devices from './en/devices.json';
import entrance from './en/entrance.json';
import fieldError from './en/field-error.json';
import home from './en/home.json';
import inbox from './en/inbox.json';
import mailLog from './en/mail-log.json';
import mailServers from './en/mail-servers.json';
import managed from './en/managed.json';
import nav from './en/nav.json';
import notFound from './en/not-found.json';
import password from './en/password.json';
import problem from './en/problem.json';
import role from './en/role.json';
import ruleChains from './en/rule-chains.json';
import setup from './en/setup.json';
import severity from './en/severity.json';
import shell from './en/shell.json';
import signIn from './en/sign-in.json';
import tenants from './en/tenants.json';
import tokens from './en/tokens.json';
import ui from './en/ui.json';
import users from './en/users.json';

export default {
  product: 'Signalpost',
  account,
  alarms,
  attributeScope,
  deadLetters,
  deliveryState,
  devices,
  entrance,
  fieldError,
  home,
  inbox,
  mailLog,
  mailServers,
  managed,
  nav,
  notFound,
  password,
  problem,
  role,
  ruleChains,
  setup,
  severity,
  shell,
  signIn,
  tenants,
  tokens,
  ui,
  users,
};
