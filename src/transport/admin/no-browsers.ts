import type { RequestHandler } from 'express';
import { AppError } from '../../kernel/app-error.ts';

/** Refuses what a web page sends: the port asks for no credentials, and browsers on the same machine reach it. */
export const noBrowsers: RequestHandler = ({ method, headers }, _response, next) => {
  if (method !== 'GET' && (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)) {
    throw new AppError('forbidden', 'NOT_FOR_BROWSERS', 'Send this with curl or another program, not from a web page.');
  }
  next();
};
