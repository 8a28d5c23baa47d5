/**
 * The E-model of ITU-T G.107 (06/2015): how good a talk over such a line is, from 0 to 100 (R) and as a mean opinion
 * score. All parameters have the Recommendation's letters and defaults; a change of one shows what it costs.
 */
export interface LineParameters {
  /** Send and receive loudness, dB. */
  readonly slr: number;
  readonly rlr: number;
  /** Sidetone masking and listener sidetone, dB. */
  readonly stmr: number;
  readonly lstr: number;
  /** D-values of the telephones at the send and receive side. */
  readonly ds: number;
  readonly dr: number;
  /** Talker echo loudness and weighted echo path loss, dB. */
  readonly telr: number;
  readonly wepl: number;
  /** Mean one-way delay of the echo path (T), round trip in the 4-wire loop (Tr), absolute delay (Ta), ms. */
  readonly t: number;
  readonly tr: number;
  readonly ta: number;
  /** Quantizing distortion units. */
  readonly qdu: number;
  /** Equipment impairment of the codec and its robustness to loss (G.113, appendix I). */
  readonly ie: number;
  readonly bpl: number;
  /** Packets lost, per cent, and how much longer the runs of loss are than chance would make them. */
  readonly ppl: number;
  readonly burstR: number;
  /** Circuit noise (dBm0p), noise floor at the receive side (dBmp), room noise at both sides (dB(A)). */
  readonly nc: number;
  readonly nFor: number;
  readonly ps: number;
  readonly pr: number;
  /** Advantage of access. */
  readonly a: number;
}

/** G.107, table 2. */
export const defaultLine: LineParameters = {
  slr: 8,
  rlr: 2,
  stmr: 15,
  lstr: 18,
  ds: 3,
  dr: 3,
  telr: 65,
  wepl: 110,
  t: 0,
  tr: 0,
  ta: 0,
  qdu: 1,
  ie: 0,
  bpl: 4.3,
  ppl: 0,
  burstR: 1,
  nc: -70,
  nFor: -64,
  ps: 35,
  pr: 35,
  a: 0,
};

/** What a codec takes from R, and how well it bears loss (G.113, appendix I, 05/2002, tables I.1 to I.4). */
export interface CodecImpairment {
  readonly ie: number;
  readonly bpl: number;
}

/** G.711 played by a phone that conceals loss (its appendix I), as all do today. */
const g711Concealed: CodecImpairment = { ie: 0, bpl: 25.1 };
const impairments: Readonly<Record<string, CodecImpairment>> = {
  PCMA: g711Concealed,
  PCMU: g711Concealed,
  G729: { ie: 11, bpl: 19 },
  G723: { ie: 15, bpl: 16.1 },
  "GSM-EFR": { ie: 5, bpl: 10 },
};
/** G.711 whose gaps are played as silence. */
export const g711Bare: CodecImpairment = { ie: 0, bpl: 4.3 };

/** The impairment of a codec by its SDP name; one without a published value counts as G.711. */
export function codecImpairment(codec: string): CodecImpairment {
  return impairments[codec.toUpperCase()] ?? g711Concealed;
}

/** R, by the formulas (7-1) to (7-29) of G.107; above 100 and below 0 are possible. */
export function transmissionRating(line: Partial<LineParameters> = {}): number {
  const p = { ...defaultLine, ...line };
  const no = noise(p);
  const ro = 15 - 1.5 * (p.slr + no);
  const ist = sidetone(p);
  return ro - simultaneous(p, no, ro, ist) - delayed(p, no, ro, ist) - lossImpairment(p) + p.a;
}

/** Ie,eff: what codec and loss together take from R (7-29). */
export function lossImpairment(
  p: CodecImpairment & { readonly ppl: number; readonly burstR: number },
): number {
  return p.ppl <= 0 ? p.ie : p.ie + ((95 - p.ie) * p.ppl) / (p.ppl / p.burstR + p.bpl);
}

/** The mean opinion score, 1 to 4.5, of a rating (annex B). */
export function opinionScore(rating: number): number {
  if (rating <= 6.5) return 1;
  if (rating >= 100) return 4.5;
  return 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6;
}

const log = Math.log10;
const powerSum = (...levels: number[]): number => 10 * log(levels.reduce((s, l) => s + 10 ** (l / 10), 0));

/** No: all noise at the 0 dBr point (7-3 to 7-7). */
function noise(p: LineParameters): number {
  const olr = p.slr + p.rlr;
  const nos = p.ps - p.slr - p.ds - 100 + 0.004 * (p.ps - olr - p.ds - 14) ** 2;
  const pre = p.pr + 10 * log(1 + 10 ** ((10 - p.lstr) / 10));
  const nor = p.rlr - 121 + pre + 0.008 * (pre - 35) ** 2;
  return powerSum(p.nc, nos, nor, p.nFor + p.rlr);
}

/** Ist (7-11, 7-12). */
function sidetone(p: LineParameters): number {
  const stmro = -10 * log(10 ** (-p.stmr / 10) + Math.exp(-p.t / 4) * 10 ** (-p.telr / 10));
  return (
    12 * (1 + ((stmro - 13) / 6) ** 8) ** (1 / 8) -
    28 * (1 + ((stmro + 1) / 19.4) ** 35) ** (1 / 35) -
    13 * (1 + ((stmro - 3) / 33) ** 13) ** (1 / 13) +
    29
  );
}

/** Is: what happens together with the voice: loudness, sidetone, quantizing (7-8 to 7-17). */
function simultaneous(p: LineParameters, no: number, ro: number, ist: number): number {
  const xolr = p.slr + p.rlr + 0.2 * (64 + no - p.rlr);
  const iolr = 20 * ((1 + (xolr / 8) ** 8) ** (1 / 8) - xolr / 8);
  const q = 37 - 15 * log(p.qdu);
  const g = 1.07 + 0.258 * q + 0.0602 * q * q;
  const y = (ro - 100) / 15 + 46 / 8.4 - g / 9;
  const z = 46 / 30 - g / 40;
  return iolr + ist + 15 * log(1 + 10 ** y + 10 ** z);
}

/** Id: echo of the talker, echo of the listener, and sheer delay (7-18 to 7-28). */
function delayed(p: LineParameters, no: number, ro: number, ist: number): number {
  const roe = -1.5 * (no - p.rlr);
  const natural = p.telr - 40 * log((1 + p.t / 10) / (1 + p.t / 150)) + 6 * Math.exp(-0.3 * p.t * p.t);
  const re = 80 + 2.5 * ((p.stmr < 9 ? natural + ist / 2 : natural) - 14);
  const heard = ((roe - re) / 2 + Math.sqrt((roe - re) ** 2 / 4 + 100) - 1) * (1 - Math.exp(-p.t));
  const talker = p.stmr > 20 ? Math.sqrt(heard ** 2 + ist ** 2) : heard;
  const rle = 10.5 * (p.wepl + 7) * (p.tr + 1) ** -0.25;
  const listener = (ro - rle) / 2 + Math.sqrt((ro - rle) ** 2 / 4 + 169);
  return talker + listener + absoluteDelay(p.ta);
}

/** Idd: nothing up to 100 ms (7-27, 7-28). */
function absoluteDelay(ta: number): number {
  if (ta <= 100) return 0;
  const x = Math.log2(ta / 100);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}
