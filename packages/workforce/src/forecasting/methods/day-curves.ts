const ROUNDS = 25; // of subspace iteration: the first curves stand apart clearly, the last hardly matter

/**
 * The curves of which most of the rows are made: the first right singular vectors, by subspace iteration on the Gram matrix.
 * They are orthonormal, the strongest first.
 */
export function dayCurves(rows: readonly Float64Array[], slots: number, number: number): Float64Array[] {
  const gram = new Float64Array(slots * slots);
  for (const row of rows) {
    for (let i = 0; i < slots; i++) {
      const x = row[i] ?? 0;
      if (x === 0) continue;
      const at = i * slots;
      for (let j = i; j < slots; j++) gram[at + j] = (gram[at + j] ?? 0) + x * (row[j] ?? 0);
    }
  }
  for (let i = 0; i < slots; i++) for (let j = 0; j < i; j++) gram[i * slots + j] = gram[j * slots + i] ?? 0;
  let curves: Float64Array[] = Array.from({ length: number }, (_, k) =>
    // cosines of rising frequency: never at right angles to what days look like
    Float64Array.from({ length: slots }, (__, s) => Math.cos((Math.PI * k * (s + 0.5)) / slots)),
  );
  for (let round = 0; round < ROUNDS; round++) {
    curves = orthonormal(
      curves.map((curve) => {
        const next = new Float64Array(slots);
        for (let i = 0; i < slots; i++) {
          let sum = 0;
          for (let j = 0; j < slots; j++) sum += (gram[i * slots + j] ?? 0) * (curve[j] ?? 0);
          next[i] = sum;
        }
        return next;
      }),
    );
  }
  return curves;
}

/** Gram and Schmidt, twice for exactness; what is nothing but rounding is left out. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  let strongest = 0;
  for (const vector of vectors) {
    const v = vector.slice();
    for (let pass = 0; pass < 2; pass++) {
      for (const other of done) {
        const along = dot(v, other);
        for (let i = 0; i < v.length; i++) v[i] = (v[i] ?? 0) - along * (other[i] ?? 0);
      }
    }
    const length = Math.sqrt(dot(v, v));
    strongest = Math.max(strongest, length);
    if (length <= 1e-9 * strongest) continue;
    done.push(v.map((x) => x / length));
  }
  return done;
}

/** The scalar product. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
