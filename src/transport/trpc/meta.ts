import type { ZodType } from 'zod';

export type RestMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** Where a procedure is found over REST, and what the reference says about it. */
export interface RestRoute {
  method: RestMethod;
  /** Below the API's root, input fields in braces: `/properties/{propertyId}/room-types`. */
  path: `/${string}`;
  /** One line, no full stop. */
  summary: string;
  description?: string;
  /** Headings in the reference; the router's name unless given. */
  tags?: string[];
  /** 200 unless given. */
  successStatus?: 200 | 201;
}

/** What the reference says about a subscription, which has no REST form. */
export interface StreamDescription {
  /** One line, no full stop. */
  summary: string;
  description?: string;
  /** Of the data that comes with each id. */
  item: ZodType;
}

export interface ProcedureMeta {
  openapi?: RestRoute;
  stream?: StreamDescription;
  /** `area:read` or `area:manage`; null where anyone may call. */
  permission: string | null;
  /** Its answers may be kept. */
  cached?: boolean;
  /** Set for what reads much and long: few of them run at a time. */
  report?: boolean;
}
