import { Pipe, type PipeTransform } from '@angular/core';
import { injectPlural } from './translations';

/** `3 | count: 'ruleChains.nodes'` → "3 nodes". */
@Pipe({ name: 'count' })
export class CountPipe implements PipeTransform {
  private readonly plural = injectPlural();

  transform(count: number, key: string): string {
    return this.plural(key, count);
  }
}
