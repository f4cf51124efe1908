import { p, Type } from '@mikro-orm/core';

/** timestamptz as an ISO 8601 string in UTC, on entities as on the wire; MikroORM's own type makes Dates of it. */
class InstantType extends Type<string, string> {
  override getColumnType() {
    return 'timestamptz';
  }

  override get runtimeType() {
    return 'string';
  }

  override compareAsType() {
    return 'string';
  }

  override convertToJSValue(value: string) {
    return new Date(value).toISOString();
  }
}

export const instantColumn = () => p.type(InstantType);
