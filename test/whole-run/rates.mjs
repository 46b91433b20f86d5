// Tells a test the learning rate that each optimiser step is given, in the order of the steps.
let asking = false;

/** An optimiser that does what another does and tells its rates. */
function telling(optimiser) {
  return {
    step(parameters, gradients, rate) {
      globalThis.dnaTestRates?.push(rate);
      optimiser.step(parameters, gradients, rate);
    },
    state: () => optimiser.state(),
    load: (state) => optimiser.load(state),
    dispose: () => optimiser.dispose(),
  };
}

export default {
  name: 'rates',
  apply(run) {
    run.hooks.resolveOptimiser.tapPromise('rates', async ({ slot }) => {
      if (asking) return undefined;
      asking = true;
      try {
        const create = await run.resolve('resolveOptimiser', slot);
        return () => telling(create());
      } finally {
        asking = false;
      }
    });
    run.hooks.stepFinished.tap('rates', (step) => globalThis.dnaTestSteps?.push(step));
  },
};
