import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { colors } from './colors.ts';

/** Words for 0 and 1. */
export const upOrDown: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: { '0': { text: 'Down', color: colors.bad, index: 0 }, '1': { text: 'Up', color: colors.good, index: 1 } },
  },
];
