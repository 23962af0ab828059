/** Who may import whom, as the design says. Run by test/guards/imports.spec.ts. */

/** The floors of the backend, from the top to the ground. A room imports rooms of lower floors, through their index. */
const FLOORS = [
  ['cli', 'provisioning', 'start'],
  ['ingest', 'rule-engine', 'accounts'],
  ['rule-chains'],
  ['alarms', 'mail', 'timeseries', 'device-link'],
  ['devices', 'tenants', 'users'],
  ['config', 'db', 'http', 'net', 'access', 'secrets', 'queue', 'scripting', 'audit'],
];
const GROUND = FLOORS.length - 1;
const rooms = (floors) => `^backend/src/(${floors.flat().join('|')})/`;
const ENTRY = '^backend/src/[^/]+\\.ts$';

const upwards = FLOORS.slice(1).map((floor, index) => ({
  name: `no-way-up-from-${floor[0]}`,
  comment: 'Data and imports flow down; a lower room declares an interface that app.module binds.',
  severity: 'error',
  from: { path: rooms([floor]), pathNot: '\\.(spec|testing)\\.ts$' },
  to: { path: [rooms(FLOORS.slice(0, index + 1)), ENTRY] },
}));

const siblings = FLOORS.slice(1, GROUND).map((floor) => ({
  name: `no-siblings-${floor[0]}`,
  comment: 'Rooms of one floor do not know each other.',
  severity: 'error',
  from: { path: rooms([floor]), pathNot: '\\.(spec|testing)\\.ts$' },
  to: { path: rooms([floor]), pathNot: '^backend/src/$1/' },
}));

/** The steps of main.ts, in a folder of their own. */
const START = '^backend/src/start/';
const TEST_SUPPORT = '\\.testing\\.ts$';

module.exports = {
  forbidden: [
    ...upwards,
    ...siblings,
    {
      name: 'through-the-index',
      comment: 'Another room is used through its index.ts (app.module also takes its module).',
      severity: 'error',
      from: { path: '^backend/src/([^/]+)/' },
      to: {
        path: '^backend/src/[^/]+/',
        pathNot: ['^backend/src/$1/', '^backend/src/[^/]+/.*index\\.ts$', START, TEST_SUPPORT],
      },
    },
    {
      name: 'entry-through-the-index',
      severity: 'error',
      from: { path: ENTRY },
      to: { path: '^backend/src/[^/]+/', pathNot: ['^backend/src/[^/]+/.*(index|\\.module)\\.ts$', START] },
    },
    {
      name: 'unknown-room',
      comment: 'A new room needs its place in FLOORS, else no rule sees it.',
      severity: 'error',
      from: { path: '^backend/src/[^/]+/', pathNot: rooms(FLOORS) },
      to: {},
    },
    {
      name: 'framework-at-the-rim-of-mail',
      severity: 'error',
      from: { path: '^backend/src/mail/', pathNot: '(\\.module|\\.controller|\\.spec|\\.testing)\\.ts$' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'no-test-support-in-the-product',
      severity: 'error',
      from: { path: '^(backend|rule-nodes|migrations)/', pathNot: '\\.(spec|testing)\\.ts$' },
      to: { path: '\\.(spec|testing)\\.ts$|^test/|/vitest/' },
    },
    {
      name: 'rule-nodes-alone',
      comment: 'The rule language knows no framework, no database and no input or output.',
      severity: 'error',
      from: { path: '^rule-nodes/src/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^rule-nodes/src/', 'node_modules/(zod|uuid)/', 'node_modules/(jsonpath|acorn|re2)'] },
    },
    {
      name: 'rule-language-in-a-browser',
      comment: 'rule-nodes "." is loaded by the frontend: zod and uuid alone, no runner, no node behaviour.',
      severity: 'error',
      from: { path: '^rule-nodes/src/index\\.ts$' },
      to: { path: '^rule-nodes/src/(runner|thingsboard)/|\\.run\\.ts$|^node_modules/(?!zod/|uuid/)', reachable: true },
    },
    {
      name: 'contracts-know-the-rule-language-only',
      severity: 'error',
      from: { path: '^backend/contracts/src/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^backend/contracts/src/', '^rule-nodes/dist/index\\.', 'node_modules/zod/'] },
    },
    {
      name: 'migrations-are-frozen',
      comment: 'A migration must mean the same forever: it imports nothing that changes.',
      severity: 'error',
      from: { path: '^migrations/src/' },
      to: { pathNot: ['^migrations/src/', 'node_modules/typeorm/'] },
    },
    {
      name: 'frontend-knows-no-backend',
      comment: 'API types come from the generated client, the rule language from rule-nodes ".".',
      severity: 'error',
      from: { path: '^frontend/src/' },
      to: { path: '^(backend|migrations|test|rule-nodes)/', pathNot: '^rule-nodes/dist/index\\.' },
    },
    {
      name: 'frontend-ui-knows-no-feature',
      severity: 'error',
      from: { path: '^frontend/src/app/(ui|core)/' },
      to: { path: '^frontend/src/app/features/' },
    },
    {
      name: 'frontend-features-apart',
      severity: 'error',
      from: { path: '^frontend/src/app/features/([^/]+)/' },
      to: { path: '^frontend/src/app/features/([^/]+)/', pathNot: '^frontend/src/app/features/$1/' },
    },
    {
      name: 'tests-speak-to-the-product',
      comment: 'Journeys use what a person or a device can use; only what starts them may reach for the embedded PostgreSQL.',
      severity: 'error',
      from: { path: '^test/', pathNot: '^test/(stack|guards|bench)/|^test/run-all\\.mjs$' },
      to: { path: '^(backend/src|backend/dist|rule-nodes|migrations|frontend)/' },
    },
    {
      name: 'no-circle',
      severity: 'error',
      from: { pathNot: '^frontend/src/app/core/api/' },
      to: { circular: true },
    },
    {
      name: 'in-package-json',
      comment: 'What is imported is named by the package that imports it.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist/.*/dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    combinedDependencies: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
