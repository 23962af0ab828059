/** The specs' PostgreSQL. */
export default function setup(): void {
  if (process.env['TEST_DATABASE_URL'] === undefined) throw new Error('TEST_DATABASE_URL is not set: run the tests with "npm test"');
}
