import { errorCode, StartError } from '../config/index.js';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a part of the path is not a folder',
  ENOTEMPTY: 'its folder "postgres" holds something that is no database',
  ENOENT: 'a folder of the path does not exist and cannot be made',
};

/** Runs `work` on the data folder and turns what the file system says into a sentence. */
export function onDataDir<T>(dataDir: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(
      `DATA_DIR (${dataDir}) cannot be used: ${reasonOf(error)}. Set DATA_DIR to a folder that this user may write to.`,
    );
  }
}

export function reasonOf(error: unknown): string {
  return REASONS[errorCode(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));
}
