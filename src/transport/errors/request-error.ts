import { AppError, type FailingField } from '../../kernel/app-error.ts';

/** A request that HTTP itself refuses before any procedure has seen it; `status` overrules that of the error's kind. */
export class RequestError extends AppError {
  readonly status: number;

  constructor(status: number, code: string, message: string, fields: FailingField[] = []) {
    super(status === 404 ? 'not_found' : 'invalid', code, message, { fields });
    this.name = 'RequestError';
    this.status = status;
  }
}
