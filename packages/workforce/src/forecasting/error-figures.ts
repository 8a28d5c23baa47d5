import type { ErrorFigures, Quantiles } from "./forecast-result.ts";

/** Adds up errors one by one. */
export class ErrorTally {
  #number = 0;
  #ratios = 0;
  #ratioNumber = 0;
  #absolute = 0;
  #signed = 0;
  #squares = 0;
  #actual = 0;
  #deviance = 0;
  #in80 = 0;
  #in95 = 0;

  add(expected: number, actual: number, quantiles: Quantiles): void {
    const error = expected - actual;
    this.#number++;
    if (actual > 0) {
      this.#ratios += Math.abs(error) / actual;
      this.#ratioNumber++;
    }
    this.#absolute += Math.abs(error);
    this.#signed += error;
    this.#squares += error * error;
    this.#actual += actual;
    this.#deviance += poissonDeviance(expected, actual);
    if (quantiles.p100 <= actual && actual <= quantiles.p900) this.#in80++;
    if (quantiles.p025 <= actual && actual <= quantiles.p975) this.#in95++;
  }

  /** Mean Poisson deviance: least in the long run for who forecasts the true means, be they a tenth or a thousand. */
  get deviance(): number {
    return this.#number > 0 ? this.#deviance / this.#number : Number.POSITIVE_INFINITY;
  }

  figures(): ErrorFigures {
    const n = Math.max(1, this.#number);
    const ofActual = (sum: number): number | null => (this.#actual > 0 ? sum / this.#actual : null);
    return {
      mape: this.#ratioNumber > 0 ? this.#ratios / this.#ratioNumber : null,
      wape: ofActual(this.#absolute),
      rmse: Math.sqrt(this.#squares / n),
      bias: ofActual(this.#signed),
      coverage80: this.#in80 / n,
      coverage95: this.#in95 / n,
    };
  }
}

const LEAST_RATE = 0.01; // contacts: who expects nobody where somebody may come is not infinitely wrong

function poissonDeviance(expected: number, actual: number): number {
  const rate = Math.max(LEAST_RATE, expected);
  return 2 * (rate - actual + (actual > 0 ? actual * Math.log(actual / rate) : 0));
}
