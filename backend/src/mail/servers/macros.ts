import { MACRO } from '@signalpost/contracts';

/** The program's environment. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Whether a text asks for replacement, well-formed or not. */
export const hasMacro = (text: string): boolean => text.includes('${');

/** The names of variables in a text that are not set. */
export function unsetVariables(text: string, variables: Variables): string[] {
  return [...text.matchAll(MACRO)].flatMap(([, name = '']) => (variables[name] ? [] : [name]));
}

/** A variable that is not set leaves its macro as it is, which no host name can hold. */
export function replaceMacros(text: string, variables: Variables): string {
  return text.replaceAll(MACRO, (macro, name: string) => variables[name] ?? macro);
}

interface Replaceable {
  readonly host: string;
  readonly port?: number | string | undefined;
  readonly auth: { readonly kind: string; readonly username?: string | undefined };
}

/** Host, port and user name of basic authentication as they are when a mail is sent. Nothing else can hold a macro. */
export function withoutMacros<T extends Replaceable>(settings: T, variables: Variables): T {
  const { auth, port } = settings;
  const replacedPort = typeof port === 'string' ? toPort(replaceMacros(port, variables)) : port;
  return {
    ...settings,
    host: replaceMacros(settings.host, variables),
    ...(port === undefined ? {} : { port: replacedPort }),
    auth:
      auth.kind === 'basic' && auth.username !== undefined
        ? { ...auth, username: replaceMacros(auth.username, variables) }
        : auth,
  };
}

const toPort = (text: string): number | string => (/^\d{1,5}$/.test(text) ? Number(text) : text);
