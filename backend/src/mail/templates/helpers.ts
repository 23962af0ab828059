import type Handlebars from 'handlebars';

/** Names and what they show; the editor offers them, the check allows no others. */
export const HELPERS = {
  button: 'button link "Label": a button that opens a link',
  digits: 'digits code: a code in large digits',
} as const;

/** Of Handlebars' own: variables are single values, so there is nothing to loop over. */
export const BUILT_IN_HELPERS = ['if', 'unless'] as const;

/**
 * Teaches an instance of Handlebars the helpers. The text of this function also runs inside the sandbox, so it names
 * nothing from outside itself.
 */
export function registerHelpers(handlebars: typeof Handlebars): void {
  const { escapeExpression, SafeString } = handlebars;
  interface Options {
    readonly data: { readonly root: { readonly brand: { readonly accent: string; readonly onAccent: string } } };
  }
  handlebars.registerHelper('button', (href: unknown, label: unknown, options: Options) => {
    const { accent, onAccent } = options.data.root.brand;
    const style = `display:inline-block;padding:12px 24px;border-radius:8px;background:${accent};color:${onAccent};font-weight:600;text-decoration:none`;
    return new SafeString(
      `<p><a class="sp-button" href="${escapeExpression(String(href))}" style="${style}">${escapeExpression(String(label))}</a></p>`,
    );
  });
  handlebars.registerHelper('digits', (value: unknown) => {
    const style =
      'display:inline-block;padding:12px 24px;border-radius:8px;background:#eef0f3;font:600 28px/36px Consolas,Menlo,monospace;letter-spacing:4px';
    return new SafeString(`<p><span class="sp-digits" style="${style}">${escapeExpression(String(value))}</span></p>`);
  });
}
