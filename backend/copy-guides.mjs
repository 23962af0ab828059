// Part of the build: the guides (Markdown) that lie beside the sources go beside what is built of them.
import { copyFileSync, globSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

for (const path of globSync('**/guide.md', { cwd: join(import.meta.dirname, 'src') })) {
  const target = join(import.meta.dirname, 'dist', path);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join(import.meta.dirname, 'src', path), target);
}
