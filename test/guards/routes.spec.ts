import 'reflect-metadata';

import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer, NestFactory } from '@nestjs/core';
import { beforeAll, expect, it } from 'vitest';

import { ACCESS_RULES } from '../../backend/dist/access/index.js';
import { AppModule } from '../../backend/dist/app.module.js';

interface Route {
  readonly name: string;
  readonly rules: readonly string[];
}

/** Whoever comes along may call these; each says why it must be so. */
const PUBLIC: Readonly<Record<string, string>> = {
  'GET health/live': 'asked by whoever watches the process',
  'GET health/ready': 'asked by load balancers',
  'GET metrics': 'read by the monitoring; holds numbers, no names',
  'POST api/auth/sign-in': 'how a person gets a session',
  'POST api/auth/sign-out': 'ends the session of the cookie, if there is one',
  'GET api/auth/oidc/:tenantId': 'the name on the button of a tenant’s identity provider',
  'GET api/auth/oidc/:tenantId/start': 'sends a browser to that provider',
  'GET api/auth/oidc/:tenantId/callback':
    'where the provider sends it back; needs the state and the cookie of who began',
  'GET api/auth/second-factor': 'tells what is missing of a sign-in; needs the cookie of who knew the password',
  'POST api/auth/second-factor': 'ends a sign-in with the second factor; needs that cookie',
  'POST api/auth/second-factor/email': 'sends a code to the own address; needs that cookie',
  'POST api/auth/second-factor/enrol': 'begins with an authenticator app where the role needs one; needs that cookie',
  'POST api/auth/second-factor/enrol/confirm': 'ends that; needs that cookie and a code of the app',
  'GET api/auth/password-policy': 'rules of a new password, shown while a person types',
  'POST api/auth/links/look': 'tells whom a link is for; needs the link of a mail, and changes nothing',
  'POST api/auth/links/activate': 'sets the first password; needs the link of the invitation',
  'POST api/auth/links/renew': 'asks for a new invitation; always answers alike',
  'POST api/auth/password-reset': 'asks for a link to a new password; always answers alike',
  'POST api/auth/links/reset-password': 'sets a new password; needs the link of a mail',
  'POST api/auth/links/confirm-address': 'changes an address, or changes it back; needs the link of a mail',
  'POST api/auth/links/unlock': 'lifts a lock; needs the link of a mail',
  'GET api/setup': 'tells whether the first administrator is still to be made',
  'GET api/mail/oauth/callback': 'where a provider sends the browser back; needs the state and the cookie of who began',
  'GET api/mail/oauth/hand-over/:token': 'shows a colleague what is asked; needs the one-time link',
  'GET api/mail/oauth/hand-over/:token/start': 'sends that colleague to the provider; uses the link up',
  'GET api/mail/test-mails/arrived/:token':
    'asks whether a test mail arrived; needs the link of that mail, and changes nothing',
  'POST api/mail/test-mails/arrived/:token': 'tells that a test mail arrived; needs the link of that mail',
  'POST api/setup': 'makes the first administrator; needs the one-time link of the log',
};

let routes: readonly Route[];
beforeAll(async () => {
  const app = await NestFactory.createApplicationContext(AppModule.preview(), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  routes = controllers.flatMap(({ metatype }) => (metatype === null ? [] : routesOf(metatype as Class)));
});

interface Class {
  readonly prototype: object;
}

function routesOf(controller: Class): Route[] {
  return new MetadataScanner().getAllMethodNames(controller.prototype).flatMap((method) => {
    const handler = (controller.prototype as Readonly<Record<string, object>>)[method]!;
    const verb = metadata<RequestMethod>(METHOD_METADATA, handler);
    if (verb === undefined) return [];
    const path = [controller, handler].map((target) => metadata<string>(PATH_METADATA, target) ?? '').join('/');
    const name = `${RequestMethod[verb]} ${path.replaceAll(/\/+/g, '/').replace(/^\/|\/$/g, '')}`;
    return [
      { name, rules: metadata<string[]>(ACCESS_RULES, handler) ?? metadata<string[]>(ACCESS_RULES, controller) ?? [] },
    ];
  });
}

const metadata = <T>(key: string, target: object): T | undefined => Reflect.getMetadata(key, target) as T | undefined;

it('declares for every route who may call it', () => {
  expect(routes.length).toBeGreaterThan(20);
  expect(routes.filter(({ rules }) => rules.length === 0).map(({ name }) => name)).toEqual([]);
});

it('opens to everybody only what must be open', () => {
  const open = routes.filter(({ rules }) => rules.includes('public')).map(({ name }) => name);
  expect(open.sort()).toEqual(Object.keys(PUBLIC).sort());
});
