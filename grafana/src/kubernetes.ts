import { dashboardOf } from './build/dashboard.ts';
import { deploymentVariables } from './build/variables.ts';
import { pods } from './kubernetes/pods.ts';
import { resources } from './kubernetes/resources.ts';
import { scaling } from './kubernetes/scaling.ts';
import { storage } from './kubernetes/storage.ts';

export const kubernetes = dashboardOf('kubernetes', {
  description: 'How the pods fare, by kube-state-metrics, the kubelet and cAdvisor; and what drives their number.',
  variables: deploymentVariables(),
  sections: [scaling, pods, resources, storage],
});
