/** The words of every shipped phrase; Ukrainian with its stress (U+0301). Whole sentences: numbers decide case, gender and plural in ru, uk and sv. */
type Language = "en" | "ru" | "uk" | "sv";

const TEXTS: Record<Language, Record<string, string>> = {
  en: {
    greeting: "Hello, and thank you for calling.",
    "recording-notice": "This call may be recorded to help us improve our service.",
    closed: "We are closed at the moment. Please call again during our opening hours.",
    unstaffed: "Unfortunately, nobody is on duty at the moment. Please call again later.",
    "queue-full": "Unfortunately, too many callers are waiting at the moment. Please call again later.",
    "technical-fault": "We are sorry, a technical fault has occurred. Please call again.",
    goodbye: "Thank you for calling. Goodbye.",
    "please-wait": "Please wait.",
    "all-agents-busy": "All our agents are busy at the moment. Please call again later.",
    "all-agents-busy-wait": "All our agents are busy at the moment. Please stay on the line.",
    "thanks-for-waiting": "Thank you for waiting. We will be with you as soon as we can.",
    transferring: "One moment please, we are transferring your call.",
    "position-next": "You are next in line.",
    "position-many": "There are more than twenty callers ahead of you.",
    "wait-under-1": "The estimated waiting time is less than one minute.",
    "wait-long": "The estimated waiting time is more than half an hour.",
    "callback-offer":
      "You can keep your place in line without waiting on the telephone. Press 1, and we will call you back.",
    "callback-promised": "Thank you. You keep your place in line, and we will call you back. Goodbye.",
  },
  ru: {
    greeting: "Здравствуйте! Спасибо за звонок.",
    "recording-notice": "Для улучшения качества обслуживания разговор может быть записан.",
    closed: "В настоящее время мы не работаем. Пожалуйста, перезвоните в рабочее время.",
    unstaffed: "К сожалению, сейчас никого нет на месте. Пожалуйста, перезвоните позже.",
    "queue-full": "К сожалению, сейчас ожидает слишком много звонящих. Пожалуйста, перезвоните позже.",
    "technical-fault": "Приносим извинения, произошёл технический сбой. Пожалуйста, перезвоните.",
    goodbye: "Спасибо за звонок. До свидания.",
    "please-wait": "Пожалуйста, подождите.",
    "all-agents-busy": "Все операторы заняты. Пожалуйста, перезвоните позже.",
    "all-agents-busy-wait": "Все операторы сейчас заняты. Пожалуйста, оставайтесь на линии.",
    "thanks-for-waiting": "Спасибо за ожидание. Мы ответим вам, как только сможем.",
    transferring: "Одну минуту, мы переводим ваш звонок.",
    "position-next": "Ваш звонок следующий в очереди.",
    "position-many": "Перед вами в очереди более двадцати человек.",
    "wait-under-1": "Примерное время ожидания — менее одной минуты.",
    "wait-long": "Примерное время ожидания — более тридцати минут.",
    "callback-offer":
      "Вы можете не ждать на линии и сохранить своё место в очереди. Нажмите один, и мы вам перезвоним.",
    "callback-promised": "Спасибо. Ваше место в очереди сохранено, мы вам перезвоним. До свидания.",
  },
  uk: {
    greeting: "Віта́ємо! Дя́куємо за дзвіно́к.",
    "recording-notice": "Для покра́щення я́кості обслуго́вування розмо́ву мо́же бу́ти запи́сано.",
    closed: "Нара́зі ми не працю́ємо. Будь ла́ска, зателефону́йте в робо́чий час.",
    unstaffed: "На жаль, за́раз ніко́го нема́є на мі́сці. Будь ла́ска, зателефону́йте пізні́ше.",
    "queue-full": "На жаль, за́раз очі́кує забага́то абоне́нтів. Будь ла́ска, зателефону́йте пізні́ше.",
    "technical-fault": "Перепро́шуємо, ста́лася техні́чна неспра́вність. Будь ла́ска, зателефону́йте ще раз.",
    goodbye: "Дя́куємо за дзвіно́к. До поба́чення.",
    "please-wait": "Будь ла́ска, зачека́йте.",
    "all-agents-busy": "Усі́ опера́тори за́йняті. Будь ла́ска, зателефону́йте пізні́ше.",
    "all-agents-busy-wait": "Усі́ опера́тори за́раз за́йняті. Будь ла́ска, залиша́йтеся на лі́нії.",
    "thanks-for-waiting": "Дя́куємо за очі́кування. Ми відповімо́ вам якнайшви́дше.",
    transferring: "Хвили́нку, ми перево́димо ваш дзвіно́к.",
    "position-next": "Ваш дзвіно́к насту́пний у че́рзі.",
    "position-many": "Пе́ред ва́ми в че́рзі по́над два́дцять люде́й.",
    "wait-under-1": "Орієнто́вний час очі́кування — ме́нше одніє́ї хвили́ни.",
    "wait-long": "Орієнто́вний час очі́кування — по́над пів годи́ни.",
    "callback-offer":
      "Ви мо́жете не чека́ти на лі́нії та зберегти́ своє́ мі́сце в че́рзі. Нати́сніть оди́н, і ми вам зателефону́ємо.",
    "callback-promised": "Дя́куємо. Ва́ше мі́сце в че́рзі збере́жено, ми вам зателефону́ємо. До поба́чення.",
  },
  sv: {
    greeting: "Hej och tack för att du ringer.",
    "recording-notice": "Samtalet kan komma att spelas in för att förbättra vår service.",
    closed: "Vi har stängt just nu. Välkommen att ringa igen under våra öppettider.",
    unstaffed: "Tyvärr finns ingen på plats just nu. Välkommen att ringa igen senare.",
    "queue-full": "Tyvärr är det för många som väntar just nu. Välkommen att ringa igen senare.",
    "technical-fault": "Vi ber om ursäkt, ett tekniskt fel har uppstått. Var vänlig och ring igen.",
    goodbye: "Tack för att du ringde. Hej då.",
    "please-wait": "Var god vänta.",
    "all-agents-busy": "Alla våra handläggare är upptagna just nu. Var god ring igen senare.",
    "all-agents-busy-wait": "Alla våra handläggare är upptagna just nu. Var god dröj kvar.",
    "thanks-for-waiting": "Tack för att du väntar. Vi svarar så snart vi kan.",
    transferring: "Ett ögonblick, vi kopplar ditt samtal.",
    "position-next": "Du är näst på tur.",
    "position-many": "Det är fler än tjugo före dig i kön.",
    "wait-under-1": "Den beräknade väntetiden är mindre än en minut.",
    "wait-long": "Den beräknade väntetiden är mer än en halvtimme.",
    "callback-offer":
      "Du kan behålla din plats i kön utan att vänta i telefonen. Tryck ett, så ringer vi upp dig.",
    "callback-promised": "Tack. Du behåller din plats i kön, och vi ringer upp dig. Hej då.",
  },
};

/** `one` for 1, 21..; `few` for 2-4, 22-24..; `many` for the rest (Unicode CLDR, ru and uk). */
function slavicForm(n: number): "one" | "few" | "many" {
  const tens = n % 100;
  const units = n % 10;
  if (units === 1 && tens !== 11) return "one";
  return units >= 2 && units <= 4 && (tens < 12 || tens > 14) ? "few" : "many";
}

const RU_ORDINALS =
  "первое второе третье четвёртое пятое шестое седьмое восьмое девятое десятое одиннадцатое двенадцатое тринадцатое четырнадцатое пятнадцатое шестнадцатое семнадцатое восемнадцатое девятнадцатое двадцатое".split(
    " ",
  );
const UK_ORDINALS =
  "пе́рше дру́ге тре́тє четве́рте п'я́те шо́сте сьо́ме во́сьме дев'я́те деся́те одина́дцяте двана́дцяте трина́дцяте чотирна́дцяте п'ятна́дцяте шістна́дцяте сімна́дцяте вісімна́дцяте дев'ятна́дцяте двадця́те".split(
    " ",
  );
const RU_UNITS =
  "ноль одна две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать".split(
    " ",
  );
const UK_UNITS =
  "нуль одна́ дві три чоти́ри п'ять шість сім ві́сім де́в'ять де́сять одина́дцять двана́дцять трина́дцять чотирна́дцять п'ятна́дцять шістна́дцять сімна́дцять вісімна́дцять дев'ятна́дцять два́дцять".split(
    " ",
  );
const SV_NUMBERS =
  "noll en två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton tjugo".split(
    " ",
  );
const EN_NUMBERS =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );

function feminine(units: readonly string[], twenty: string, thirty: string, n: number): string {
  if (n <= 20) return units[n] ?? "";
  return n === 30 ? thirty : `${twenty} ${units[n - 20]}`;
}

function position(language: Language, n: number): string {
  switch (language) {
    case "en":
      return `You are number ${EN_NUMBERS[n]} in the queue.`;
    case "ru":
      return `Ваше место в очереди — ${RU_ORDINALS[n - 1]}.`;
    case "uk":
      return `Ва́ше мі́сце в че́рзі — ${UK_ORDINALS[n - 1]}.`;
    case "sv":
      return `Du har plats nummer ${SV_NUMBERS[n] === "en" ? "ett" : SV_NUMBERS[n]} i kön.`;
  }
}

function wait(language: Language, n: number): string {
  switch (language) {
    case "en": {
      const words = n <= 20 ? EN_NUMBERS[n] : n === 30 ? "thirty" : `twenty ${EN_NUMBERS[n - 20]}`;
      return `The estimated waiting time is about ${words} ${n === 1 ? "minute" : "minutes"}.`;
    }
    case "ru": {
      const noun = { one: "минута", few: "минуты", many: "минут" }[slavicForm(n)];
      return `Примерное время ожидания — ${feminine(RU_UNITS, "двадцать", "тридцать", n)} ${noun}.`;
    }
    case "uk": {
      const noun = { one: "хвили́на", few: "хвили́ни", many: "хвили́н" }[slavicForm(n)];
      return `Орієнто́вний час очі́кування — ${feminine(UK_UNITS, "два́дцять", "три́дцять", n)} ${noun}.`;
    }
    case "sv": {
      const words =
        n <= 20 ? SV_NUMBERS[n] : n === 30 ? "trettio" : `tjugo${n === 21 ? "en" : SV_NUMBERS[n - 20]}`;
      return `Den beräknade väntetiden är ungefär ${words} ${n === 1 ? "minut" : "minuter"}.`;
    }
  }
}

/** What is spoken for a phrase of the catalogue; undefined when nobody has written it. */
export function phraseText(language: Language, name: string): string | undefined {
  const fixed = TEXTS[language][name];
  if (fixed !== undefined) return fixed;
  const [, kind, digits] = /^(position|wait)-(\d+)$/.exec(name) ?? [];
  if (digits === undefined) return undefined;
  return kind === "position" ? position(language, Number(digits)) : wait(language, Number(digits));
}
