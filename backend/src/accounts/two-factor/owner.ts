/** Whose second factor it is. */
export interface Owner {
  readonly tenantId: string;
  readonly userId: string;
}
