// Carries out a plan: creates the stream, puts, reshards, and waits until each is done.

import java.util.List;
import software.amazon.awssdk.services.kinesis.model.CreateStreamRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryRequest;
import software.amazon.awssdk.services.kinesis.model.HashKeyRange;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.MergeShardsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.SplitShardRequest;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;
import software.amazon.awssdk.services.kinesis.model.UpdateShardCountRequest;

record Writer(Calls calls, Plan plan) {
  private static final int ACTIVE_SECONDS = 30;

  void createStream() throws InterruptedException {
    calls.createStream().apply(
        CreateStreamRequest.builder()
            .streamName(plan.stream())
            .shardCount(plan.shardCount())
            .build());
    awaitActive();
  }

  /** All shards, open and closed. */
  List<Shard> shards() {
    var request = ListShardsRequest.builder().streamName(plan.stream()).build();
    return calls.listShards().apply(request).shards();
  }

  /** Each with the hash keys that are its own. */
  void printShards() {
    for (Shard shard : shards()) {
      HashKeyRange range = shard.hashKeyRange();
      System.out.println(
          String.join(
              " ", "shard", shard.shardId(), range.startingHashKey(), range.endingHashKey()));
    }
    System.out.flush();
  }

  void carryOut() throws InterruptedException {
    for (Plan.Step step : plan.steps()) {
      switch (step.kind()) {
        case "put" -> put(step.records().get(0));
        case "batch" -> putAll(step.records());
        default -> {
          reshard(step);
          awaitActive();
        }
      }
    }
  }

  private void put(PutRecordsRequestEntry record) {
    calls.putRecord().apply(
        PutRecordRequest.builder()
            .streamName(plan.stream())
            .partitionKey(record.partitionKey())
            .explicitHashKey(record.explicitHashKey())
            .data(record.data())
            .build());
  }

  private void putAll(List<PutRecordsRequestEntry> records) {
    var answer = calls.putRecords().apply(
        PutRecordsRequest.builder().streamName(plan.stream()).records(records).build());
    if (answer.failedRecordCount() > 0) throw new IllegalStateException(answer.toString());
  }

  private void reshard(Plan.Step step) {
    String stream = plan.stream();
    List<String> words = step.words();
    switch (step.kind()) {
      case "split" -> calls.splitShard().apply(
          SplitShardRequest.builder()
              .streamName(stream)
              .shardToSplit(words.get(0))
              .newStartingHashKey(words.get(1))
              .build());
      case "merge" -> calls.mergeShards().apply(
          MergeShardsRequest.builder()
              .streamName(stream)
              .shardToMerge(words.get(0))
              .adjacentShardToMerge(words.get(1))
              .build());
      default -> calls.updateShardCount().apply(
          UpdateShardCountRequest.builder()
              .streamName(stream)
              .targetShardCount(Integer.parseInt(words.get(0)))
              .scalingType(ScalingType.UNIFORM_SCALING)
              .build());
    }
  }

  private void awaitActive() throws InterruptedException {
    var request = DescribeStreamSummaryRequest.builder().streamName(plan.stream()).build();
    long last = System.nanoTime() + ACTIVE_SECONDS * 1_000_000_000L;
    while (calls.describeStreamSummary().apply(request).streamDescriptionSummary().streamStatus()
        != StreamStatus.ACTIVE) {
      if (System.nanoTime() > last) {
        throw new IllegalStateException("waited " + ACTIVE_SECONDS + " s for ACTIVE");
      }
      Thread.sleep(50);
    }
  }
}
