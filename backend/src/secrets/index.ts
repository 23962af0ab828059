export { checkSecretKeys } from './key-check.js';
export { rotateKeys, type Rotated, type SealedColumn } from './rotation.js';
export { SecretBox, SecretError, type SecretPlace } from './secret-box.js';
export { mapSecrets, type SecretMapper } from './secret-fields.js';
export { SecretsModule } from './secrets.module.js';
