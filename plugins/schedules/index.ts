/** Schedules: the learning rate of each step of a training. */
export { type ScheduleConstantOptions, scheduleConstant } from './constant.js';
export { type ScheduleCosineOptions, scheduleCosine } from './cosine.js';
export { type ScheduleExponentialOptions, scheduleExponential } from './exponential.js';
export { type ScheduleStepOptions, scheduleStep } from './step.js';
