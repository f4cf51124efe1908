import { expect, test } from 'vitest';
import { outcomesIn } from '../../chart/checks/sentences.ts';

test('each case of a report is an outcome, in plain text', () => {
  const report = `<testsuites><testsuite tests="2" failures="1" name="web">
    <testcase classname="web" name="is a &#34;Deployment&#34;" time="0.000"></testcase>
    <testcase classname="web" name="a &lt; b" time="0.000">
      <failure message="Failed" type=""> Expected: 1 &amp; 2 </failure>
    </testcase>
  </testsuite></testsuites>`;
  expect(outcomesIn(report)).toEqual([
    { name: 'web: is a "Deployment"', faults: [] },
    { name: 'web: a < b', faults: ['Expected: 1 & 2'] },
  ]);
});
