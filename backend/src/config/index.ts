export { listenRefusal, type ListenAddress } from './listen-refusal.js';
export { configTable } from './config-table.js';
export { ConfigModule } from './config.module.js';
export { CONFIG, isLoopback, loadConfig, type Config } from './load-config.js';
export { prepareSecretKeys, type SecretKeys } from './secret-key-file.js';
export { SECRET_KEYS, type SecretKey } from './secret-keys.js';
export { errorCode, StartError } from './start-error.js';
