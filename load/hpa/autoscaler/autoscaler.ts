import { type Metric, wanted } from './wanted.ts';

/** `spec.behavior` of one direction, with one policy of type Pods. */
export interface Rate {
  pods: number;
  periodSeconds: number;
  stabilizationSeconds: number;
}

export interface Limits {
  min: number;
  max: number;
  scaleUp: Rate;
  scaleDown: Rate;
}

interface Dated {
  at: number;
  pods: number;
}

export interface Autoscaler {
  /** What the Deployment is to have from `at` on, in seconds, of `replicas` with so many ready. */
  sync(at: number, replicas: number, ready: number, metrics: readonly Metric[]): number;
}

/**
 * The HorizontalPodAutoscaler as Kubernetes documents it: the highest of its metrics, stabilised by what was wanted before, within
 * rates and limits.
 */
export const createAutoscaler = ({ min, max, scaleUp, scaleDown }: Limits): Autoscaler => {
  let recommendations: Dated[] = [];
  let changes: Dated[] = [];
  const keptSeconds = Math.max(
    ...[scaleUp.stabilizationSeconds, scaleDown.stabilizationSeconds, scaleUp.periodSeconds, scaleDown.periodSeconds],
  );

  const since = (dated: readonly Dated[], at: number, seconds: number): number[] =>
    dated.filter((one) => one.at > at - seconds).map(({ pods }) => pods);

  /** Up by the least, down by the most that was wanted within the window. */
  const stabilised = (at: number, replicas: number, desired: number): number => {
    const up = Math.min(desired, ...since(recommendations, at, scaleUp.stabilizationSeconds));
    const down = Math.max(desired, ...since(recommendations, at, scaleDown.stabilizationSeconds));
    return Math.min(Math.max(replicas, up), down);
  };

  const atBegin = (at: number, replicas: number, { periodSeconds }: Rate): number =>
    replicas - since(changes, at, periodSeconds).reduce((sum, change) => sum + change, 0);

  const limited = (at: number, replicas: number, desired: number): number => {
    if (desired > replicas) {
      const limit = Math.max(replicas, atBegin(at, replicas, scaleUp) + scaleUp.pods);
      return Math.min(desired, limit, max);
    }
    const limit = Math.min(replicas, atBegin(at, replicas, scaleDown) - scaleDown.pods);
    return desired < replicas ? Math.max(desired, limit, min) : replicas;
  };

  const next = (at: number, replicas: number, ready: number, metrics: readonly Metric[]): number => {
    if (replicas > max) return max;
    if (replicas < min) return min;
    if (recommendations.length === 0) recommendations.push({ at, pods: replicas });
    const desired = wanted(metrics, { replicas, ready });
    if (desired === null) return replicas;
    const stable = stabilised(at, replicas, desired);
    recommendations.push({ at, pods: desired });
    return limited(at, replicas, stable);
  };

  return {
    sync(at, replicas, ready, metrics) {
      recommendations = recommendations.filter((one) => one.at > at - keptSeconds);
      changes = changes.filter((one) => one.at > at - keptSeconds);
      const pods = next(at, replicas, ready, metrics);
      if (pods !== replicas) changes.push({ at, pods: pods - replicas });
      return pods;
    },
  };
};
