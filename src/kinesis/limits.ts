/** Kinesis' documented numbers, each named once. Units come last in the names. */

/** Consumers of a stream. @source documented */
export const consumersPerStreamMax = 20;
/** Consumers of a stream in CREATING. @source documented */
export const consumersCreatingMax = 5;
/** How long a subscription lives. @source documented */
export const subscriptionLifeMs = 300_000;
/** A subscription says something at least this often. @source measured: second hand. */
export const subscriptionBeatMs = 5_000;
/** A second subscription of the same consumer to the same shard waits this long. @source documented */
export const subscriptionTakeoverMs = 5_000;
/** Of one consumer and shard, a second. @source documented */
export const fanOutBytesPerSecond = 2 * 1024 ** 2;
export const KIB = 1024;
export const MIB = 1024 * KIB;

/** @source documented: PutRecords takes 1 to 500 entries. */
export const putRecordsEntriesMax = 500;
/** @source documented: data and partition keys of one PutRecords call. */
export const putRecordsBytesMax = 10 * MIB;
/** @source documented: the shape's bound of one data blob. */
export const dataBytesMax = 10 * MIB;
/** @source documented: data plus partition key of one record in a stream of default settings. */
export const recordBytesDefaultMax = 1 * MIB;
/** @source documented */
export const partitionKeyCharactersMax = 256;
/** @source documented */
export const getRecordsCountMax = 10_000;
/** @source documented: one GetRecords answer. */
export const getRecordsBytesMax = 10 * MIB;
/** @source measured: iterators and ListShards tokens live 5 minutes. */
export const iteratorLifeMs = 300_000;
/** @source documented: describe and list pages act as 100 above 100. */
export const describeShardsMax = 100;
/** @source documented */
export const listStreamsMax = 100;
/** @source documented */
export const listShardsMax = 1000;
/** @source documented: hours. */
export const retentionHoursDefault = 24;
/** @source documented: hours. */
export const retentionHoursMin = 24;
/** @source documented: hours. */
export const retentionHoursMax = 8760;
/** @source documented: streams in CREATING or DELETING at once. */
export const transitionsMax = 5;
/** @source documented: UpdateShardCount calls per stream in a rolling 24 hours. */
export const updateShardCountPerDayMax = 10;
/** @source documented */
export const shardsPerStreamMax = 10_000;
/** @source documented: the default quota of most regions. */
export const shardQuotaDefault = 1000;
/** @source documented: on-demand streams start with 4 shards. */
export const onDemandShardsAtStart = 4;
/** @source documented: 1 MB and 1 MiB are both written; bytes of data and partition keys. */
export const shardBytesInPerSecond = 1 * MIB;
/** @source documented */
export const shardRecordsInPerSecond = 1000;
/** @source documented: "about 10 MiB"; how it refills is guessed. */
export const largeRecordTankBytes = 10 * MIB;
/** @source documented: shared by all GetRecords callers of a shard. */
export const shardBytesOutPerSecond = 2 * MIB;
/** @source documented */
export const shardReadsPerSecond = 5;
/** @source documented: GetRecords fails for this long after one that was throttled. */
export const readPenaltyMs = 1000;
/** @source documented: calls per shard. */
export const shardIteratorsPerSecond = 5;
/** @source documented: per account and region. */
export const onDemandStreamsMax = 50;
/** @source documented: switches of the capacity mode per stream in a rolling 24 hours. */
export const modeSwitchesPerDayMax = 2;
/** @source documented: 10 GiB a second. */
export const warmThroughputMiBpsMax = 10_240;
/** @source documented: days that the peak of an on-demand stream is remembered. */
export const onDemandPeakDays = 30;
/** @source documented: MB a second into an on-demand stream, elsewhere. */
export const onDemandMbpsMax = 200;
/** @source documented: regions in which it is 10 GB a second. */
export const onDemandLargeRegions: readonly string[] = ['us-east-1', 'us-west-2', 'eu-west-1'];
/** @source documented: tags of one resource. */
export const tagsMax = 50;
/** @source documented: an account's commitment lasts 24 hours or longer. */
export const commitmentMsMin = 86_400_000;
/** @source guessed: 20 KB. */
export const policyBytesMax = 20_480;
/** @source documented: of each of both operations per stream in a rolling 24 hours. */
export const encryptionChangesPerDayMax = 25;
