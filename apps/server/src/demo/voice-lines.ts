/** What the demonstration's customers and agents say; spoken by espeak-ng when the program was made, shipped as WAV. */
export interface VoiceLine {
  /** File name in `voices/`, without `.wav`. */
  readonly name: string;
  readonly role: "customer" | "agent";
  readonly language: "en" | "sv" | "uk" | "ru";
  readonly text: string;
}

const lines = {
  customer: {
    en: [
      "Hello, this is Anna Berg. My electricity bill for October is almost twice as high as usual, and I would like to understand why. I have the same flat, and we were away for a week.",
      "Good morning. We are moving to a new house on the first of next month. Can I take my contract with me, or do I need to sign a new one? The address is Harbour Street twelve.",
      "Hi, the charging station in our garage stopped working last night. The light is red, and the app says error forty two. I have already switched it off and on again.",
    ],
    sv: [
      "Hej, det är Erik Lund. Jag har fått två fakturor för samma månad och undrar vilken av dem som gäller. Beloppen är nästan lika stora.",
      "God dag, jag skulle vilja byta till ett rörligt elpris. Kan ni berätta vad det skulle innebära för mig och när det kan börja gälla?",
    ],
    uk: [
      "Добрий день, мене звати Олена Коваль. Я хочу передати показники лічильника, але сайт не приймає моє число. Чи можете ви записати його зараз?",
    ],
    ru: [
      "Здравствуйте, меня зовут Игорь Белов. Вчера у нас дважды пропадало электричество. Скажите, пожалуйста, были ли работы на линии и повторится ли это сегодня?",
    ],
  },
  agent: {
    en: [
      "Thank you for calling Northlight Energy, how can I help you? Let me look at that for you, one moment please. I can see your account here, and I understand the question.",
      "Certainly. I have made a note of it, and I will send you a confirmation by mail today. Is there anything else that I can help you with? Thank you, and have a nice day.",
    ],
    sv: [
      "Välkommen till Northlight, vad kan jag hjälpa dig med? Ett ögonblick så tittar jag på ditt ärende. Jag ser uppgifterna här framför mig och skickar en bekräftelse till dig i dag.",
    ],
    uk: [
      "Вітаю вас у компанії Нордлайт, чим можу допомогти? Хвилинку, я перевірю ваш рахунок. Так, бачу вашу заявку і зараз усе виправлю.",
    ],
    ru: [
      "Здравствуйте, компания Нордлайт, чем могу помочь? Одну минуту, я посмотрю по вашему адресу. Да, я вижу вашу заявку и всё запишу.",
    ],
  },
} as const;

/** Every line, in a fixed order. */
export const VOICE_LINES: readonly VoiceLine[] = (["customer", "agent"] as const).flatMap((role) =>
  (["en", "sv", "uk", "ru"] as const).flatMap((language) =>
    lines[role][language].map((text, i) => ({ name: `${role}-${language}-${i + 1}`, role, language, text })),
  ),
);
