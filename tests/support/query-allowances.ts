interface Allowance {
  /** Part of the statement's text, on one line. */
  text: RegExp;
  reason: string;
}

/** Statements that one scope may run often. */
const REPEATED: Allowance[] = [
  { text: / from app\.reserve\(/, reason: 'once for each try of a transaction that lost a race or its connection' },
  {
    text: /^select wrapped_key from guest_key/,
    reason: 'answers that a batch replays are each opened with the key of their own guest',
  },
  { text: /^select set_config\(/, reason: 'a setting of each transaction of a job that works in bites' },
];

/** Statements that may read a big table from end to end. */
const SCANNED: Allowance[] = [
  {
    text: /\(select b\.id from booking b where b\.tenant_id = app\.tenant\(\) and true limit \$\d+\)/,
    reason: 'counts all bookings up to a cap, whichever come first',
  },
  {
    text: /^select t\.id as "tenantId", t\.slug, \(select count/,
    reason: 'innkeeper verify says how much it has looked at',
  },
  {
    text: /as found, to_jsonb\(o\) as row/,
    reason: 'innkeeper verify, and the check of the ledger, look at every row',
  },
];

const allows = (allowances: readonly Allowance[], statement: string): boolean => {
  const line = statement.replaceAll(/\s+/g, ' ').trim();
  return allowances.some(({ text }) => text.test(line));
};

export const isRepeatable = (statement: string): boolean => allows(REPEATED, statement);
export const mayScan = (statement: string): boolean => allows(SCANNED, statement);
