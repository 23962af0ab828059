import { parseMailbox } from '../../addresses.js';
import { textsOf, urlsOf, when, type LintRule } from './lint-rule.js';

const MARKDOWN = /\[[^\]]*\]\([^)]*\)|^<[^>]*>$|[[\]<>`]/;
const isLocal = (url: string): boolean => /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/i.test(url);

/** Slips of copying and pasting. */
export const TEXT_RULES: readonly LintRule[] = [
  {
    code: 'blanks-around',
    severity: 'error',
    find: (context) =>
      textsOf(context)
        .filter(([, text]) => text !== text.trim())
        .map(([field]) => ({
          field,
          message: 'There are blanks before or behind this text.',
          fix: 'Remove them; they come along when text is copied.',
        })),
    wrong: [{ host: 'smtp.example.org ' }, { auth: { tokenUrl: 'https://login.example.org/token ' } }],
    right: [{ host: 'smtp.example.org', from: 'Plant 3 <a@example.org>' }],
  },
  {
    code: 'password-blanks',
    severity: 'warning',
    find: ({ auth: { password = '' } }) =>
      when(password !== password.trim() || /^[a-z]{4}( [a-z]{4}){3}$/.test(password), () => ({
        field: '/auth/password',
        message: 'The password has blanks in it.',
        fix: 'Type it without blanks: app passwords are shown in groups of four letters for reading only.',
      })),
    wrong: [{ auth: { kind: 'basic', password: 'abcd efgh ijkl mnop' } }, { auth: { password: 'secret ' } }],
    right: [{ auth: { password: 'a long pass phrase' } }],
  },
  {
    code: 'markdown-link',
    severity: 'error',
    find: (context) =>
      [...urlsOf(context), ...textsOf(context).filter(([field]) => field === '/host')]
        .filter(([, url]) => MARKDOWN.test(url))
        .map(([field]) => ({
          field,
          message: 'This is a link as Markdown writes it, not an address.',
          fix: 'Keep the address alone, without brackets.',
        })),
    wrong: [
      { auth: { tokenUrl: '[https://login.example.org/token](https://login.example.org/token)' } },
      { auth: { issuer: '<https://login.example.org>' } },
    ],
    right: [{ auth: { tokenUrl: 'https://login.example.org/token' } }],
  },
  {
    code: 'blank-in-url',
    severity: 'error',
    find: (context) =>
      urlsOf(context)
        .filter(([, url]) => /\s/.test(url.trim()))
        .map(([field]) => ({ field, message: 'There is a blank in this address.', fix: 'Copy the address again.' })),
    wrong: [{ auth: { tokenUrl: 'https://login.example.org/ token' } }],
    right: [{ auth: { tokenUrl: 'https://login.example.org/token' } }],
  },
  {
    code: 'url-not-https',
    severity: 'error',
    find: (context) =>
      urlsOf(context)
        .filter(([, url]) => !MARKDOWN.test(url) && !/^https:\/\//i.test(url.trim()) && !isLocal(url.trim()))
        .map(([field]) => ({
          field,
          message: 'This address does not begin with https://, and what is sent there is secret.',
          fix: 'Use the https address of the provider.',
        })),
    wrong: [{ auth: { tokenUrl: 'http://login.example.org/token' } }, { auth: { issuer: 'login.example.org' } }],
    right: [{ auth: { tokenUrl: 'http://127.0.0.1:9999/token', issuer: 'https://login.example.org' } }],
  },
  {
    code: 'from-not-an-address',
    severity: 'error',
    find: ({ settings: { from } }) => {
      const parsed = from === undefined ? undefined : parseMailbox(from);
      return when(parsed?.ok === false, () => ({
        field: '/from',
        message: 'The From address is not an address.',
        fix: 'Write it like alarm@example.org or Plant 3 <alarm@example.org>.',
      }));
    },
    wrong: [{ from: 'alarm' }, { from: 'alarm@' }, { from: 'a@example.org, b@example.org' }],
    right: [{ from: 'alarm@example.org' }, { from: 'Plant 3 <alarm@example.org>' }],
  },
];
