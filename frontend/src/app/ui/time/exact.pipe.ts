import { Pipe, type PipeTransform, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { exactTime } from '../../core/time/relative-time';

/** Epoch milliseconds → date, time and zone in the page's language. */
@Pipe({ name: 'exact' })
export class ExactPipe implements PipeTransform {
  private readonly locale = inject(TranslocoService).getActiveLang();

  transform(time: number): string {
    return exactTime(time, this.locale);
  }
}
