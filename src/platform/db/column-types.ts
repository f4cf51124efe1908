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

const arrayElement = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** text[] of any text; MikroORM's own type stores the word NULL as a null and changes some characters. */
class TextArrayType extends Type<string[], string> {
  override getColumnType() {
    return 'text[]';
  }

  override compareAsType() {
    return 'string[]';
  }

  override convertToDatabaseValue(texts: string[]) {
    return `{${texts.map(arrayElement).join()}}`;
  }

  override convertToJSValue(value: string | string[]) {
    if (typeof value === 'string') throw new Error('the driver reads arrays');
    return value;
  }
}

export const textArrayColumn = () => p.type(TextArrayType);
