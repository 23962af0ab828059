/** What a person typed as a value: JSON where it is JSON (`21.5`, `true`, `{"a": 1}`), else the text itself. */
export function attributeValueOf(typed: string): unknown {
  const text = typed.trim();
  try {
    const value: unknown = JSON.parse(text);
    return value === null ? text : value;
  } catch {
    return text;
  }
}

/** The other way round, so that what is not changed stays what it was: a text that looks like JSON is quoted. */
export function typedOf(value: unknown): string {
  return typeof value === 'string' && attributeValueOf(value) === value ? value : JSON.stringify(value);
}
