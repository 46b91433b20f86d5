// Our side of step.mjs: the steps of a run's distillation by its own plugins, asked for over stdin.
import { tf } from 'dna-nas/nn';
import { serve } from './child.mjs';
import { readOwnOptions, torchVersion } from './open-run.mjs';
import { Profile } from './profile.mjs';
import { Student } from './student.mjs';

const PROFILED_STEPS = 6;

/** Milliseconds of a step by kernel. */
function profile(student, { shapes }) {
  const profile = new Profile({ shapes });
  // What was recorded calls the kernels as they were before: recorded again, it calls the profile's.
  for (const step of student.steps) step.dispose?.();
  return profile.measure((path) => student.step({ path }), PROFILED_STEPS);
}

await serve(async () => {
  const { teacher, batch, ...options } = readOwnOptions();
  const student = await Student.open({
    ...options,
    batch: Number(batch),
    teacher: { architecture: teacher },
  });
  return {
    step: (request) => student.step(request),
    teach: () => student.teach(),
    count: (request) => student.count(request),
    profile: (request) => profile(student, request),
    memory: () => ({ memory: tf.backend().native.memory() }),
    describe: () => ({ ...student.backend, torch: torchVersion() }),
  };
});
