import { type QueryTest, queryFaults } from './promtool.ts';
import { renderedQueries } from './rendered.ts';

const OURS = 'namespace="innkeeper", job="innkeeper-web"';
const WORKERS = 'namespace="innkeeper", job="innkeeper-worker"';
const OTHERS = 'namespace="innkeeper", job="other-innkeeper-web"';
const ELSEWHERE = 'namespace="staging", job="innkeeper-web"';

type Names = 'latency' | 'in-flight' | 'event-loop' | 'queue-age';
type Answers = Partial<Record<Names, number | null>>;

/** What is recorded, and what the autoscalers are told of it; targets are 0.2 s for latency and 10 s for queues. */
const situations: readonly { name: string; recorded: Record<string, number>; braked: Answers; unbraked: Answers }[] = [
  {
    name: 'load: each says how much there is, the latency twice its target at most',
    recorded: {
      [`innkeeper:web_latency:p95{${OURS}}`]: 3,
      [`innkeeper:web_in_flight{${OURS}}`]: 30,
      [`innkeeper:web_event_loop{${OURS}}`]: 1.5,
      [`innkeeper:database_slow{${OURS}}`]: 0,
      [`innkeeper:worker_queue_age{${WORKERS}}`]: 90,
    },
    braked: { latency: 0.4, 'in-flight': 30, 'event-loop': 1.5, 'queue-age': 20 },
    unbraked: { latency: 0.4, 'in-flight': 30, 'event-loop': 1.5, 'queue-age': 20 },
  },
  {
    name: 'brown-out: ages are at their targets, calls in flight say nothing, event loops what they are',
    recorded: {
      [`innkeeper:web_latency:p95{${OURS}}`]: 3,
      [`innkeeper:web_in_flight{${OURS}}`]: 300,
      [`innkeeper:web_event_loop{${OURS}}`]: 0.1,
      [`innkeeper:database_slow{${OURS}}`]: 1,
      [`innkeeper:worker_queue_age{${WORKERS}}`]: 90,
    },
    braked: { latency: 0.2, 'in-flight': 0, 'event-loop': 0.1, 'queue-age': 10 },
    unbraked: { latency: 0.4, 'in-flight': 300, 'event-loop': 0.1, 'queue-age': 20 },
  },
  {
    name: 'idle: nothing, as a number',
    recorded: {
      [`innkeeper:web_latency:p95{${OURS}}`]: 0,
      [`innkeeper:web_in_flight{${OURS}}`]: 0,
      [`innkeeper:web_event_loop{${OURS}}`]: 0,
      [`innkeeper:database_slow{${OURS}}`]: 0,
      [`innkeeper:worker_queue_age{${WORKERS}}`]: 0,
    },
    braked: { latency: 0, 'in-flight': 0, 'event-loop': 0, 'queue-age': 0 },
    unbraked: { latency: 0, 'in-flight': 0, 'event-loop': 0, 'queue-age': 0 },
  },
  {
    name: 'nobody sees the pods: no answer, whatever other releases and namespaces have',
    recorded: {
      [`innkeeper:web_latency:p95{${OTHERS}}`]: 3,
      [`innkeeper:web_in_flight{${OTHERS}}`]: 30,
      [`innkeeper:web_event_loop{${OTHERS}}`]: 1.5,
      [`innkeeper:database_slow{${OTHERS}}`]: 1,
      [`innkeeper:web_latency:p95{${ELSEWHERE}}`]: 3,
      [`innkeeper:web_in_flight{${ELSEWHERE}}`]: 30,
      [`innkeeper:web_event_loop{${ELSEWHERE}}`]: 1.5,
      [`innkeeper:database_slow{${ELSEWHERE}}`]: 1,
    },
    braked: { latency: null, 'in-flight': null, 'event-loop': null, 'queue-age': null },
    unbraked: { latency: null, 'in-flight': null, 'event-loop': null, 'queue-age': null },
  },
  {
    name: 'all calls fail for want of a primary: pods stay as many',
    recorded: { [`innkeeper:web_in_flight{${OURS}}`]: 40, [`innkeeper:database_slow{${OURS}}`]: 1 },
    braked: { latency: 0.2, 'in-flight': 0, 'event-loop': null },
    unbraked: { latency: null, 'in-flight': 40, 'event-loop': null },
  },
  {
    name: 'two Prometheus record the same: one answer, not the sum',
    recorded: {
      [`innkeeper:web_latency:p95{${OURS}, prometheus="a"}`]: 0.1,
      [`innkeeper:web_latency:p95{${OURS}, prometheus="b"}`]: 0.12,
      [`innkeeper:web_in_flight{${OURS}, prometheus="a"}`]: 30,
      [`innkeeper:web_in_flight{${OURS}, prometheus="b"}`]: 31,
      [`innkeeper:database_slow{${OURS}, prometheus="a"}`]: 0,
      [`innkeeper:database_slow{${OURS}, prometheus="b"}`]: 0,
      [`innkeeper:web_event_loop{${OURS}, prometheus="a"}`]: 1.5,
      [`innkeeper:web_event_loop{${OURS}, prometheus="b"}`]: 1.5,
    },
    braked: { latency: 0.12, 'in-flight': 31, 'event-loop': 1.5 },
    unbraked: { latency: 0.12, 'in-flight': 31, 'event-loop': 1.5 },
  },
];

const testsOf = (queries: ReadonlyMap<string, string>, answers: 'braked' | 'unbraked'): QueryTest[] =>
  situations.map((situation) => ({
    name: `${answers}: ${situation.name}`,
    series: Object.fromEntries(Object.entries(situation.recorded).map(([series, value]) => [series, `${value}x8`])),
    expected: Object.entries(situation[answers]).map(([name, value]) => ({ query: queries.get(name) ?? '', value })),
  }));

/** What the ScaledObjects' queries answer otherwise than they should, with and without the brake. */
export const wrongAnswers = async (): Promise<string[]> => {
  const [braked, unbraked] = await Promise.all([renderedQueries(), renderedQueries({ brake: false })]);
  return queryFaults([...testsOf(braked, 'braked'), ...testsOf(unbraked, 'unbraked')]);
};
