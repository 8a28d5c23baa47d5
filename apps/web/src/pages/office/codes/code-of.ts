const LETTERS: Readonly<Record<string, string>> = Object.fromEntries(
  (
    "а=a б=b в=v г=g ґ=g д=d е=e є=ye ё=yo ж=zh з=z и=i і=i ї=yi й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh " +
    "ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya ß=ss ø=o æ=ae"
  )
    .split(" ")
    .map((pair) => pair.split("=") as [string, string]),
);

/** A code for a name that people gave: small Latin letters, digits and `_`, at most 40, never empty, a letter first. */
export function codeOf(name: string): string {
  const latin = [...name.toLowerCase()].map((letter) => LETTERS[letter] ?? letter).join("");
  const code = latin
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "")
    .slice(0, 40);
  return code === "" ? "code" : code;
}
