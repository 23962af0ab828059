import { Injectable, inject } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { TranslocoService } from '@jsverse/transloco';
import { asProblem } from '../../core/http/api-problem';

const SHORT = 4_000;
const LONG = 12_000;

/** Tells in the corner what became of a deed. */
@Injectable({ providedIn: 'root' })
export class Toasts {
  private readonly bar = inject(MatSnackBar);
  private readonly transloco = inject(TranslocoService);

  done(text: string): void {
    this.bar.open(text, undefined, { duration: SHORT });
  }

  failed(error: unknown): void {
    const { title, detail, advice, errors } = asProblem(error).facts;
    const words = [title, detail, ...errors.map(({ message }) => message), advice].filter(Boolean).join(' ');
    this.bar.open(words, this.transloco.translate('ui.dismiss'), { duration: LONG, politeness: 'assertive' });
  }

  /** Does it, tells how it went. @returns whether it worked. */
  async attempt(deed: () => Promise<unknown>, done: string): Promise<boolean> {
    try {
      await deed();
      this.done(done);
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }
}
