const inNamespace = 'namespace=~"$namespace"';

const selector = (metric: string, matchers: string[]) => `${metric}{${matchers.join(', ')}}`;

/** A metric of the chosen deployments. */
export const ofDeployments = (metric: string): string => selector(metric, [inNamespace, 'deployment=~"$deployment"']);

/** A metric of the pods of the chosen deployments, whose names begin with theirs. */
export const ofPods = (metric: string, ...matchers: string[]): string =>
  selector(metric, [inNamespace, 'pod=~"($deployment)-.+"', ...matchers]);

/** A metric of the containers in these pods, without the pause container and sums over containers. */
export const ofContainers = (metric: string, ...matchers: string[]): string =>
  ofPods(metric, 'container!=""', 'container!="POD"', ...matchers);

/** A metric of autoscalers of Innkeeper; KEDA gives them names of its own. */
export const ofAutoscalers = (metric: string, ...matchers: string[]): string =>
  selector(metric, [inNamespace, 'horizontalpodautoscaler=~".*innkeeper.*"', ...matchers]);
