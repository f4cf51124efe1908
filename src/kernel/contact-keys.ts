/** Folds an e-mail address for comparison: trimmed, in lower case. */
export const foldEmail = (email: string): string => email.trim().toLowerCase();

/** The digits of a telephone number. */
export const foldPhone = (phone: string): string => phone.replace(/\D/g, '');
