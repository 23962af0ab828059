import { Directive, TemplateRef, inject, input } from '@angular/core';
import type { WidgetContext } from './schema-field';

/** A widget of the page's own: `<ng-template spWidget="oauth-application" let-field let-change="change">`. */
@Directive({ selector: 'ng-template[spWidget]' })
export class WidgetTemplate {
  readonly spWidget = input.required<string>();
  readonly template = inject<TemplateRef<WidgetContext>>(TemplateRef);

  static ngTemplateContextGuard(_directive: WidgetTemplate, context: unknown): context is WidgetContext {
    return context !== null;
  }
}
