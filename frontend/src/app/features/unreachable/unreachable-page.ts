import { Component, DOCUMENT, inject } from '@angular/core';
import { Router } from '@angular/router';
import { asProblem } from '../../core/http/api-problem';
import { Logo } from '../../ui/brand/logo';
import { ProblemState } from '../../ui/state/problem-state';

/** Shown in place of a page that could not even begin: the server, or a part of the application, did not come. */
@Component({
  selector: 'sp-unreachable-page',
  imports: [Logo, ProblemState],
  template: `
    <main>
      <sp-logo />
      <sp-problem [problem]="problem" (retry)="again()" />
    </main>
  `,
  styles: `
    main {
      display: flex;
      flex-direction: column;
      gap: 24px;
      max-width: 560px;
      margin: 18vh auto 0;
      padding: 0 24px;
    }
  `,
})
export class UnreachablePage {
  private readonly location = inject(DOCUMENT).location;
  protected readonly problem = asProblem(inject(Router).currentNavigation()?.extras.info);

  /** The address is still that of the page; loading it anew begins from scratch. */
  protected again(): void {
    this.location.reload();
  }
}
