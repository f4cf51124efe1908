/** How long what this feature hands out lasts, and how often it may be asked for. Times in milliseconds. */
export interface AccessSettings {
  accessTokenMs: number;
  /** A refresh token's life; each refresh starts it anew. */
  sessionMs: number;
  /** Failed sign-ins that one account and one source address may have within the window. */
  attemptsPerAccount: number;
  attemptsPerAddress: number;
  attemptWindowMs: number;
}
