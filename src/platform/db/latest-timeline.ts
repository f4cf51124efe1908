import type { HostState } from './primary-locator.ts';

/** A later timeline is given up once all hosts have agreed on an earlier one in so many looks in a row. */
const AGREED_LOOKS = 5;

export type LatestTimeline = ReturnType<typeof createLatestTimeline>;

/**
 * The latest timeline that anybody was heard to be on: who leads on an earlier one was replaced. It is given up only when
 * nobody is on it any more, as after a standby that was promoted by mistake and has been made anew.
 */
export const createLatestTimeline = () => {
  let latest = '';
  let agreed = { timeline: '', looks: 0 };

  /** The one that all are on and somebody leads on, null if there is none. */
  const common = (states: readonly HostState[]): string | null => {
    const [first] = states;
    const isCommon = first && states.some(({ leads }) => leads) && states.every((s) => s.timeline === first.timeline);
    return isCommon ? first.timeline : null;
  };

  const raise = (timeline: string): boolean => {
    if (timeline <= latest) return false;
    latest = timeline;
    return true;
  };

  return {
    get value() {
      return latest;
    },
    /** Notes what somebody is on; true when it is later than what was known. */
    raise,
    /** Notes what the hosts said in one look, and whether those were all of them. */
    heard(states: readonly HostState[], areAll: boolean): void {
      for (const { timeline } of states) raise(timeline);
      const timeline = areAll ? common(states) : null;
      if (timeline === null || timeline === latest) {
        agreed = { timeline: '', looks: 0 };
        return;
      }
      agreed = { timeline, looks: timeline === agreed.timeline ? agreed.looks + 1 : 1 };
      if (agreed.looks >= AGREED_LOOKS) latest = timeline;
    },
  };
};
