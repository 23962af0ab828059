/**
 * Where to go after sign-in. Only a path of this application is followed, never another site: `//evil.example`, `/\evil.example` and
 * `https:…` would leave it.
 */
export function safeReturnUrl(candidate: string | null | undefined): string {
  if (!candidate?.startsWith('/') || /^\/[/\\]/.test(candidate) || /\p{Cc}/u.test(candidate)) return '/';
  return candidate.startsWith('/sign-in') ? '/' : candidate;
}
