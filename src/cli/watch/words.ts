/** Figures as short text for people. */
export const NOTHING = '–';

export const timeText = (ms: number | null): string => {
  if (ms === null) return NOTHING;
  if (ms < 1_000) return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
};

export const rateText = (perSecond: number): string =>
  `${perSecond.toFixed(perSecond < 100 ? 1 : 0).replace(/\B(?=(\d{3})+$)/g, ' ')}/s`;

export const shareText = (share: number | null): string => {
  if (share === null) return NOTHING;
  const percent = share * 100;
  return `${percent.toFixed(percent > 0 && percent < 1 ? 2 : 1)} %`;
};

export const sizeText = (bytes: number): string => {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
};

/** How long something lasts, in its two largest units. */
export const spanText = (seconds: number | null): string => {
  if (seconds === null) return NOTHING;
  const whole = Math.floor(seconds);
  const [d, h, m, s] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  if (d) return `${d} d ${h} h`;
  if (h) return `${h} h ${m} min`;
  return m ? `${m} min ${s} s` : `${s} s`;
};
