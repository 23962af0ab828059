import { Injectable, Injector, computed, inject, signal } from '@angular/core';
import { Api } from '../api/api';
import { getSession, signIn, signOut } from '../api/functions';
import type { Role, Session, SignInAnswer } from '../api/models';
import { asProblem } from '../http/api-problem';
import { Language } from '../i18n/language';

/** Who is signed in. `current()` is null when nobody is. */
@Injectable({ providedIn: 'root' })
export class SessionStore {
  private readonly injector = inject(Injector);
  private readonly language = inject(Language);
  private readonly state = signal<Session | null>(null);
  private known: Promise<Session | null> | undefined;

  readonly current = this.state.asReadonly();
  readonly role = computed(() => this.state()?.user.role ?? null);
  /** In a demo, the line for a shell that makes a device raise an alarm; null elsewhere. */
  readonly tryIt = computed(() => this.state()?.demo?.tryIt ?? null);

  /** Asks the server once; later calls get the same answer until somebody signs in or out. Throws ApiProblem, but not on 401. */
  read(): Promise<Session | null> {
    this.known ??= this.ask();
    return this.known;
  }

  /** @returns whether the person is in; otherwise a second factor is asked for. */
  async signIn(email: string, password: string): Promise<boolean> {
    return this.enter(await this.api.invoke(signIn, { body: { email, password } }));
  }

  /** @returns whether the answer lets the person in. */
  async enter(answer: SignInAnswer): Promise<boolean> {
    if ('secondFactor' in answer) return false;
    this.keep(await this.show(answer));
    return true;
  }

  async signOut(): Promise<void> {
    await this.api.invoke(signOut);
    this.forget();
  }

  /** Asks whether the session still lives; if not, the interceptor leads to sign-in. */
  async verify(): Promise<void> {
    await this.api.invoke(getSession).catch(() => undefined); // An unreachable server says nothing about the session.
  }

  keep(session: Session | null): void {
    this.state.set(session);
    this.known = Promise.resolve(session);
  }

  /** After the person changed something that the session shows. */
  async reread(): Promise<void> {
    this.keep(await this.show(await this.api.invoke(getSession)));
  }

  forget(): void {
    this.keep(null);
  }

  is(...roles: readonly Role[]): boolean {
    const role = this.role();
    return role !== null && roles.includes(role);
  }

  /** In the person's own language from the first page on. */
  private async show(session: Session): Promise<Session> {
    await this.language.choose(session.user.language);
    this.state.set(session);
    return session;
  }

  /** Got late: the interceptors that `Api` runs through need this very store. */
  private get api(): Api {
    return this.injector.get(Api);
  }

  private async ask(): Promise<Session | null> {
    try {
      return await this.show(await this.api.invoke(getSession));
    } catch (error) {
      const problem = asProblem(error);
      if (problem.facts.status === 401) return null;
      this.known = undefined; // An unreachable server is asked again at the next navigation.
      throw problem;
    }
  }
}
