import { resolve } from 'node:path';

import { z } from 'zod';

import { secretKeys } from './secret-keys.js';

const text = (rule: RegExp, message: string) => z.string().regex(rule, message);

const wholeNumber = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return text(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
};

const port = () => wholeNumber(0, 65_535);
const path = () => z.string().transform((value) => resolve(value));
const list = (entry: RegExp, message: string) =>
  z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .refine((parts) => parts.every((part) => entry.test(part)), message);

const webAddress = text(
  /^https?:\/\/[^/?#\s]+\/?$/,
  'must be like https://signalpost.example.org, without a path',
).transform((value) => value.replace(/\/$/, ''));

const databaseUrl = text(
  /^postgres(ql)?:\/\/[^/\s]+\/[^/\s]+$/,
  'must be like postgres://user:password@host:5432/database (special characters in the password percent-encoded)',
);

/**
 * Every environment variable of the product. `doc` is its line in the help and in the README; the default shown there is
 * the one that is parsed here. A new variable needs an entry here and nothing else.
 */
export const environmentSchema = z.object({
  PORT: port().prefault('8080').meta({ doc: 'TCP port of the user interface and the HTTP API.' }),
  HOST: z.string().prefault('127.0.0.1').meta({ doc: 'Address to listen on; `0.0.0.0` lets other machines in.' }),
  MQTT_PORT: port()
    .optional()
    .meta({ doc: 'TCP port of the MQTT device API on `HOST`, usually 1883; not set: no MQTT.' }),
  PUBLIC_URL: webAddress.optional().meta({
    doc: 'Address that people type, used in links; cookies are `Secure` when it is https. Without it: `http://localhost:PORT`.',
  }),
  TRUSTED_PROXIES: list(
    /^[\da-fA-F:.]+(\/\d{1,3})?$/,
    'must be IP addresses or networks like 10.0.0.0/8, separated by commas',
  )
    .prefault('')
    .meta({ doc: 'Reverse proxies whose `X-Forwarded-For` is believed: addresses or networks, separated by commas.' }),
  DATABASE_URL: databaseUrl
    .optional()
    .meta({ doc: 'An outside PostgreSQL. Without it an embedded PostgreSQL 18 keeps its data in `DATA_DIR`.' }),
  // Three connections listen for good, and two of five are for statements that are planned once.
  DATABASE_POOL_SIZE: wholeNumber(8, 500).prefault('20').meta({ doc: 'Database connections of this process.' }),
  DATA_DIR: path()
    .prefault('./data')
    .meta({ doc: 'Folder of the embedded database and of the secret key made at the first start.' }),
  SECRET_KEYS: secretKeys.optional().meta({
    doc: 'Keys that seal stored secrets, `kid:base64 of 32 bytes`, separated by commas; the first one seals, all open. Needed with `DATABASE_URL`; otherwise made in `DATA_DIR/secret.key`.',
  }),
  PROVISIONING_FILE: path().optional().meta({ doc: 'YAML file applied at each start (see "Provisioning").' }),
  DEMO: z
    .stringbool({ error: 'must be true or false' })
    .prefault('false')
    .meta({ doc: 'Fills an empty database with the demo; refused when `HOST` is not a loopback address.' }),
  QUEUE_LIMIT: wholeNumber(1, 100_000_000)
    .prefault('1000000')
    .meta({ doc: 'Messages that may wait for the rule engine; more are refused with 503 until there is room.' }),
  TELEMETRY_DAYS: wholeNumber(0, 36_500)
    .prefault('365')
    .meta({ doc: 'Days that telemetry is kept; `0` keeps it for ever.' }),
  MAIL_LOG_DAYS: wholeNumber(1, 36_500)
    .prefault('90')
    .meta({ doc: 'Days that settled mails stay in the mail log, in whole months.' }),
  AUDIT_RETENTION_DAYS: wholeNumber(0, 36_500)
    .prefault('365')
    .meta({ doc: 'Days that the audit log goes back, in whole months; `0` keeps it for ever.' }),
  EGRESS_ALLOW: list(/^[\w.*:/[\]-]+$/, 'must be host names, addresses or networks, separated by commas')
    .prefault('')
    .meta({ doc: 'Private addresses that mail may go to: host names, addresses or networks, separated by commas.' }),
  SANDBOX_SMTP_PORT: port()
    .prefault('2525')
    .meta({ doc: 'TCP port of the sandbox mail server, on the loopback address.' }),
  METRICS_TOKEN: text(/^[\w.~+/=-]{16,200}$/, 'must have 16 to 200 letters, digits or "-._~+/="')
    .optional()
    .meta({
      doc: 'Whoever sends it as `Authorization: Bearer …` may read `/metrics`; without it only this machine may.',
    }),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], {
      error: 'must be fatal, error, warn, info, debug or trace',
    })
    .prefault('info')
    .meta({ doc: 'What is worth a log line: `fatal`, `error`, `warn`, `info`, `debug` or `trace`.' }),
});

export type Environment = z.infer<typeof environmentSchema>;
export type VariableName = keyof Environment;

export const VARIABLE_NAMES = Object.keys(environmentSchema.shape) as VariableName[]; // keys of the literal above
