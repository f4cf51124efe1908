export { type MaintenanceOptions, type MaintenanceReport, maintain } from './maintain.ts';
