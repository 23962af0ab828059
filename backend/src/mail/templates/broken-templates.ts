import type { TemplateKey } from './template-store.js';

/** A stored text that could not be used. */
export interface BrokenTemplate extends TemplateKey {
  readonly reason: string;
}

/** Carries the news of broken texts from who writes mails to who tells people, which is by mail. */
export class BrokenTemplates {
  #tell: (broken: BrokenTemplate) => Promise<void> = () => Promise.resolve();

  tellBy(tell: (broken: BrokenTemplate) => Promise<void>): void {
    this.#tell = tell;
  }

  tell(broken: BrokenTemplate): Promise<void> {
    return this.#tell(broken);
  }
}
