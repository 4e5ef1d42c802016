/** What `shardscope --help` says. */
export const help = `shardscope: a local Amazon Kinesis Data Streams engine

  shardscope serve [options]

Starts an engine in the foreground and says its address. SIGTERM and SIGINT end it.
Any AWS SDK or the AWS CLI can use it with that endpoint and any region, and, unless told otherwise,
any credentials.

  shardscope status                        what the engine of a data folder is and holds
  shardscope clock                         its time: clock stop, clock start,
                                           clock step DURATION (90s, 5m, 25h), clock speed NUMBER
  shardscope faults                        faults in force: faults add EFFECT NAME=VALUE…,
                                           faults remove ID, faults clear
  shardscope snapshot                      its snapshots: snapshot take, restore or delete NAME,
                                           snapshot branch NAME FOLDER
  shardscope import STREAM FILE            a stream with the shards that list-shards told
  shardscope import kinesis-local FILE     the streams and records that kinesis-local persisted
  shardscope journal                       the last calls; journal follow: and those to come
  shardscope counters [STREAM]             what each shard took and gave, second by second
  shardscope certificate                   what a client must trust to speak TLS (https://) with it
  shardscope empty STREAM                  removes its records
  shardscope reset                         deletes all streams and faults, and sets the clock back
  shardscope stop                          ends the engine

Controls speak to the engine that runs on --data FOLDER, and print JSON, but for the certificate.

  --port NUMBER         port on 127.0.0.1; default: the folder's last one, or 4567; 0: any free one
  --data FOLDER         where streams are kept; default: $XDG_DATA_HOME/shardscope,
                        that is ~/.local/share/shardscope on Linux
  --init NAME:SHARDS,…  streams to create when missing, like orders:4,clicks:2
  --limits MODE         aws: refuse what AWS refuses for throughput, calls, quotas;
                        warn (default): only count it; off: no limits
  --durability MODE     written (default): safe from a killed process; synced: also from a power cut
  --size-limit SIZE     of the folder, like 512MiB; default 4GiB
  --when-full ACTION    refuse (default) puts, or dropOldest records
  --state-delays HOW    how long streams are created, changed and deleted: short (default, 30 ms),
                        realistic (as on AWS, at random), or a number of milliseconds
  --scaling-policy NAME what UpdateShardCount does: splitAndMerge (default) or uniform
  --region REGION       of calls without a credential scope; default us-east-1
  --account DIGITS      likewise; default 000000000000
  --namespaces MODE     one (default): every account and region sees the same streams;
                        separate: each has its own, as on AWS
  --auth MODE           any (default): takes any credentials; shape: they must be of the right form;
                        verify: signed by one of the keys
  --keys FILE           keys with their accounts and policies, in JSON; for its owner's eyes only
  --allow-host NAME     a name besides localhost and host.docker.internal that clients may use;
                        may be repeated
  --cors ORIGIN         a web page that may call, like http://localhost:3000; *: any; may be repeated
  --idle-exit SECONDS   end after so long without a call; default 0: never
  --log-level LEVEL     debug, info (default), warn or error: what goes to standard error
  -h, --help            this text
  -v, --version         the version

Exit codes: 0 ended as asked, 2 wrong usage, 3 another engine holds the folder, 4 the port is taken,
5 the folder cannot be used, 6 no engine runs on the folder, 7 the engine refused, 70 a defect of ours.
`;
