import { type Command, InvalidArgumentError } from 'commander';
import { isTimeZone } from '../kernel/dates.ts';
import { isCurrency } from '../kernel/money.ts';

const actions = () => import('./import/actions.ts');

const checked =
  (accepts: (text: string) => boolean, message: string) =>
  (text: string): string => {
    if (accepts(text)) return text;
    throw new InvalidArgumentError(message);
  };

const currency = checked(isCurrency, 'Give a currency code of ISO 4217, like EUR.');
const timeZone = checked(isTimeZone, 'Give an IANA time zone, like Europe/Brussels.');
const country = checked((text) => /^[A-Z]{2,3}$/.test(text), 'Give a country code of ISO 3166-1, like BE.');
const city = checked(
  (text) => text.trim() === text && text !== '' && text.length <= 120,
  'Give a name of 1 to 120 characters.',
);

export const registerImport = (program: Command): void => {
  program
    .command('import')
    .description('Import properties, their prices and their nights.')
    .command('inside-airbnb')
    .description(
      "Make each listing of an Inside Airbnb city a property with one room, its calendar's prices, stay limits and blocks. " +
        'Listings that are there already are left as they are.',
    )
    .requiredOption('--listings <file>', 'listings.csv.gz of the city, packed or not')
    .requiredOption('--calendar <file>', 'calendar.csv.gz of the city, packed or not')
    .option('--no-shift', 'keep the dates; else they move by whole weeks, to start within the last seven days')
    .option('--currency <code>', 'what the prices are in, whatever sign they have', currency, 'USD')
    .option('--city <name>', 'where the listings are', city, 'Antwerp')
    .option('--country <code>', 'the country of the city', country, 'BE')
    .option('--time-zone <name>', 'the time zone of the city', timeZone, 'Europe/Brussels')
    .option('--tenant <slug>', 'whose properties they become; needed when there are several tenants')
    .option('--report <file>', 'write the counts and every refused row to this file, as JSON')
    .option('--data-dir <folder>', 'where the embedded database lives (INNKEEPER_DATA_DIR)')
    .action(async (options) => (await actions()).importInsideAirbnb(options));
};
