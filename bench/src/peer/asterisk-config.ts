/** Numbers of the peer's dial plan. */
export const peerNumbers = { waiting: "100", served: "101", recorded: "102", room: "103" } as const;

export interface PeerPlan {
  readonly sip: { readonly host: string; readonly port: number };
  readonly phonesPort: number;
  readonly agents: number;
  /** Folder of the run as Asterisk sees it, with `etc`, `run`, `log`, `spool`, `recordings` and `music` in it. */
  readonly home: string;
}

/** Only what a queue, its music, a bridge and a room need: fewer modules, less work for the peer. */
const modules = [
  "res_timing_timerfd",
  "res_crypto",
  "res_sorcery_memory",
  "res_sorcery_astdb",
  "res_pjproject",
  "res_pjsip",
  "res_pjsip_session",
  "res_pjsip_sdp_rtp",
  "res_pjsip_endpoint_identifier_ip",
  "res_pjsip_caller_id",
  "res_pjsip_nat",
  "res_pjsip_rfc3326",
  "res_pjsip_pubsub",
  "res_rtp_asterisk",
  "res_musiconhold",
  "chan_pjsip",
  "bridge_simple",
  "bridge_native_rtp",
  "bridge_holding",
  "bridge_softmix",
  "bridge_builtin_features",
  "codec_ulaw",
  "codec_alaw",
  "codec_resample",
  "format_pcm",
  "format_wav",
  "format_sln",
  "app_queue",
  "app_confbridge",
  "app_mixmonitor",
  "app_dial",
  "app_playback",
  "app_stack",
  "func_callerid",
  "func_channel",
  "func_strings",
  "func_logic",
  "cdr_csv",
  "pbx_config",
];

/** The peer's configuration files by name: a queue without agents, one with all of them, plain and recorded, and a room. */
export function asteriskConfig(plan: PeerPlan): Record<string, string> {
  const { home, sip, phonesPort, agents } = plan;
  const names = Array.from({ length: agents }, (_, n) => `agent${n + 1}`);
  const queue = ["musicclass=default", "strategy=rrmemory", "joinempty=yes", "leavewhenempty=no"];
  const endpoint = ["type=endpoint", "context=bench", "transport=udp", "disallow=all", "allow=ulaw"];
  const all: Record<string, string[]> = {
    asterisk: [
      "[directories]",
      `astetcdir => ${home}/etc`,
      "astmoddir => /usr/lib/x86_64-linux-gnu/asterisk/modules",
      ...["astcachedir", "astvarlibdir", "astdbdir", "astkeydir"].map((key) => `${key} => ${home}/var`),
      "astdatadir => /usr/share/asterisk",
      "astagidir => /usr/share/asterisk/agi-bin",
      `astspooldir => ${home}/spool`,
      `astrundir => ${home}/run`,
      `astlogdir => ${home}/log`,
      "astsbindir => /usr/sbin",
      "[options]",
      "verbose = 0",
      "debug = 0",
    ],
    modules: [
      "[modules]",
      "autoload=no",
      "preload=res_sorcery_config.so",
      ...modules.map((m) => `load=${m}.so`),
    ],
    logger: ["[general]", "[logfiles]", "messages = notice,warning,error"],
    cdr: ["[general]", "enable=yes", "unanswered=no", "[csv]", "loguniqueid=yes"],
    rtp: ["[general]", "rtpstart=10000", "rtpend=32000", "strictrtp=yes", "icesupport=no"],
    musiconhold: ["[default]", "mode=files", `directory=${home}/music`],
    confbridge: [
      "[general]",
      "[quiet]",
      "type=user",
      "quiet=yes",
      "announce_only_user=no",
      "music_on_hold_when_empty=no",
      "[room]",
      "type=bridge",
      "internal_sample_rate=8000",
      "mixing_interval=20",
    ],
    queues: [
      "[general]",
      "persistentmembers=no",
      "autofill=yes",
      "[nobody]",
      ...queue,
      "[agents]",
      ...queue,
      "timeout=15",
      "retry=1",
      "wrapuptime=0",
      "ringinuse=no",
      ...names.map((name) => `member => PJSIP/${name}`),
    ],
    pjsip: [
      "[udp]",
      "type=transport",
      "protocol=udp",
      `bind=${sip.host}:${sip.port}`,
      "[line]",
      ...endpoint,
      "direct_media=no",
      "[line]",
      "type=identify",
      "endpoint=line",
      `match=${sip.host}`,
      ...names.flatMap((name) => [
        `[${name}]`,
        "type=aor",
        `contact=sip:${name}@127.0.0.1:${phonesPort}`,
        `[${name}]`,
        ...endpoint,
        "direct_media=no",
        `aors=${name}`,
      ]),
    ],
    extensions: [
      "[bench]",
      `exten => ${peerNumbers.waiting},1,Answer()`,
      " same => n,Queue(nobody)",
      " same => n,Hangup()",
      // Without Answer(): the caller's 200 comes when an agent has answered.
      `exten => ${peerNumbers.served},1,Queue(agents)`,
      " same => n,Hangup()",
      `exten => ${peerNumbers.recorded},1,MixMonitor(${home}/recordings/\${UNIQUEID}.wav,b)`,
      " same => n,Queue(agents)",
      " same => n,Hangup()",
      // Rooms of three by the caller's number: the last digits divided by three.
      `exten => ${peerNumbers.room},1,Answer()`,
      ` same => n,ConfBridge($[FLOOR((\${CALLERID(num):-4} - 1) / 3)],room,quiet)`,
      " same => n,Hangup()",
    ],
  };
  const files = Object.entries(all).map(([name, lines]) => [`${name}.conf`, `${lines.join("\n")}\n`]);
  // Asterisk complains about each of these that is not there.
  const empty = ["acl", "ccss", "cel", "cli", "features", "http", "manager", "pjproject", "udptl"];
  return Object.fromEntries([...files, ...empty.map((name) => [`${name}.conf`, ""])]) as Record<
    string,
    string
  >;
}
