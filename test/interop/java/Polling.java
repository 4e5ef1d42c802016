// Reads a shard by GetRecords from its oldest record on, as consumers that poll do.

import java.util.List;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

record Polling(Calls calls, String stream, Take take, BooleanSupplier isAll) implements Walk.Read {
  /** Is given the records of one answer, none or more, in their order. */
  interface Take {
    void take(String shard, List<Record> records);
  }

  @Override
  public List<ChildShard> read(String shard) throws InterruptedException {
    var position = GetShardIteratorRequest.builder()
        .streamName(stream)
        .shardId(shard)
        .shardIteratorType(ShardIteratorType.TRIM_HORIZON)
        .build();
    String iterator = calls.getShardIterator().apply(position).shardIterator();
    List<ChildShard> children = List.of();
    while (iterator != null && !isAll.getAsBoolean()) {
      var request = GetRecordsRequest.builder().shardIterator(iterator).limit(37).build();
      GetRecordsResponse page = calls.getRecords().apply(request);
      take.take(shard, page.records());
      children = page.childShards();
      iterator = page.nextShardIterator();
      if (page.records().isEmpty()) Thread.sleep(50); // between polls, as consumers of AWS do
    }
    return children;
  }
}
