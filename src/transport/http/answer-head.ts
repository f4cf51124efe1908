import { formatToken } from '../../kernel/consistency-token.ts';
import { rateLimitHeaders } from '../limits/rate-limit-headers.ts';
import type { LoggedResponse } from './request-log.ts';

const NO_STATISTICS = { count: 0, milliseconds: 0 };

/** Names and values in turn of what every answer says in its head: id, timing, consistency token and rate limit. */
export const answerHead = ({ locals }: LoggedResponse): string[] => {
  const { scope, quota } = locals;
  const database = scope?.statistics ?? NO_STATISTICS;
  const total = (performance.now() - locals.startedAt).toFixed(1);
  const inDatabase = database.count === 0 ? '0.0' : database.milliseconds.toFixed(1);
  const head = ['X-Request-Id', locals.requestId, 'X-Content-Type-Options', 'nosniff'];
  head.push('X-Response-Time', `${total}ms`, 'X-DB-Query-Count', String(database.count));
  head.push('X-DB-Query-Time', `${inDatabase}ms`, 'Server-Timing', `total;dur=${total}, db;dur=${inDatabase}`);
  if (scope?.versions.seen) head.push('X-Consistency-Token', formatToken(scope.versions.seen));
  if (scope?.versions.older) head.push('X-Older-Answer', 'true');
  if (quota) head.push(...rateLimitHeaders(quota));
  return head;
};

/** Sets what every answer says right before its head is sent, and the id at once. */
export const tellAtHead = (response: LoggedResponse): void => {
  const { writeHead } = response;
  response.setHeader('X-Request-Id', response.locals.requestId);
  response.writeHead = (...args: unknown[]): LoggedResponse => {
    const head = answerHead(response);
    for (let at = 0; at < head.length; at += 2) response.setHeader(head[at] ?? '', head[at + 1] ?? '');
    return Reflect.apply(writeHead, response, args);
  };
};
