/** RFC 9110 §13.1.1: the write is refused when somebody else has saved meanwhile. */
export function ifMatch({ revision }: { readonly revision: number }): string {
  return `"${revision}"`;
}
