import { bestConnections, rateOfProcessor } from '../measured.ts';
import { normal, type Random } from './random.ts';

/** How much is asked, and how much of the database there is to answer. */
export interface Trace {
  name: string;
  title: string;
  about: string;
  minutes: number;
  /** Calls a second that reach the database, on average. */
  calls(minute: number): number;
  /** Processors' worth of database. */
  processors(minute: number): number;
  min: number;
  max: number;
  /** Pods where nothing scales. */
  fixed: number;
}

const DATABASE = 8;
const STEADY_CALLS = 1_200;
/** What does a little less than is asked, over as many connections as suit it. */
const WEAK_DATABASE = (0.97 * STEADY_CALLS) / rateOfProcessor(bestConnections);
const HOURS = 60;

/** The height of a bell around an hour. */
const bell = (hour: number, around: number, width: number): number =>
  Math.exp(-((hour - around) ** 2) / (2 * width ** 2));

const ramp = (minute: number, from: number, to: number): number =>
  Math.min(1, Math.max(0, (minute - from) / (to - from)));

const limits = { min: 3, max: 12, fixed: 4 };

export const traces: readonly Trace[] = [
  {
    ...limits,
    name: 'day',
    title: 'A day',
    about: 'Quiet nights, a morning and an evening of guests. The database keeps up.',
    minutes: 24 * HOURS,
    calls: (minute) => 300 + 2_600 * bell(minute / HOURS, 11, 2) + 4_200 * bell(minute / HOURS, 20, 1.6),
    processors: () => DATABASE,
  },
  {
    ...limits,
    name: 'flash-sale',
    title: 'A flash sale',
    about: 'Eight times as many calls within half a minute, for half an hour. The database keeps up.',
    minutes: 90,
    calls: (minute) => 600 + 4_200 * ramp(minute, 20, 20.5) * (1 - ramp(minute, 50, 52)),
    processors: () => DATABASE,
  },
  {
    ...limits,
    name: 'brown-out',
    title: 'A brown-out of the database',
    about: 'As many calls as ever; from minute 20 to 50 the database can do, at its best, a little less than is asked.',
    minutes: 90,
    calls: () => STEADY_CALLS,
    processors: (minute) => (minute >= 20 && minute < 50 ? WEAK_DATABASE : DATABASE),
  },
];

/** Calls come in bursts: twice the deviation that chance alone would have. */
const BURSTS = 2;

/** Calls that come in a second. */
export const arrivals = ({ calls }: Trace, second: number, random: Random): number => {
  const mean = calls(second / 60);
  return Math.max(0, Math.round(mean + BURSTS * Math.sqrt(mean) * normal(random)));
};
