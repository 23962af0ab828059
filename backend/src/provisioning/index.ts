export { accountsOf, curlLine, DEMO_FILE, refuseOpenDemo } from './demo.js';
export { ProvisioningError, type FileProblem } from './provisioning-error.js';
export { ProvisioningModule } from './provisioning.module.js';
export { Provisioning } from './provisioning.js';
export { readProvisioningFile, type LoadedFile } from './read-file.js';
export { summaryOf, type ProvisioningResult } from './result.js';
