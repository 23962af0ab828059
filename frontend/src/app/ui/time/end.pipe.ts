import { Pipe, type PipeTransform, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { endTime } from '../../core/time/relative-time';

/** Epoch milliseconds → until when something holds: the time, and the day unless it is today. */
@Pipe({ name: 'end' })
export class EndPipe implements PipeTransform {
  private readonly locale = inject(TranslocoService).getActiveLang();

  transform(time: number): string {
    return endTime(time, Date.now(), this.locale);
  }
}
