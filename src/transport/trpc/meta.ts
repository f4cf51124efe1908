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

export interface ProcedureMeta {
  openapi?: RestRoute;
  /** `area:read` or `area:manage`; null where anyone may call. */
  permission: string | null;
}
