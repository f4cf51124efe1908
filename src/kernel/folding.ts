/** Text as searches compare it: lower case, without accents, single spaces. */
export const foldText = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();

/** An e-mail address as look-ups compare it. */
export const foldEmail = (email: string): string => email.trim().toLowerCase();

/** The digits of a telephone number. */
export const foldPhone = (phone: string): string => phone.replace(/\D/g, '');
