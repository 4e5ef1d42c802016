// The calls of a producer and of a polling reader, made by the synchronous or by the asynchronous client.

import java.util.function.Function;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.CreateStreamRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryRequest;
import software.amazon.awssdk.services.kinesis.model.DescribeStreamSummaryResponse;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.MergeShardsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.SplitShardRequest;
import software.amazon.awssdk.services.kinesis.model.UpdateShardCountRequest;

record Calls(
    Function<CreateStreamRequest, ?> createStream,
    Function<DescribeStreamSummaryRequest, DescribeStreamSummaryResponse> describeStreamSummary,
    Function<ListShardsRequest, ListShardsResponse> listShards,
    Function<PutRecordRequest, ?> putRecord,
    Function<PutRecordsRequest, PutRecordsResponse> putRecords,
    Function<SplitShardRequest, ?> splitShard,
    Function<MergeShardsRequest, ?> mergeShards,
    Function<UpdateShardCountRequest, ?> updateShardCount,
    Function<GetShardIteratorRequest, GetShardIteratorResponse> getShardIterator,
    Function<GetRecordsRequest, GetRecordsResponse> getRecords) {

  static Calls of(KinesisClient client) {
    return new Calls(
        client::createStream,
        client::describeStreamSummary,
        client::listShards,
        client::putRecord,
        client::putRecords,
        client::splitShard,
        client::mergeShards,
        client::updateShardCount,
        client::getShardIterator,
        client::getRecords);
  }

  static Calls of(KinesisAsyncClient client) {
    return new Calls(
        request -> client.createStream(request).join(),
        request -> client.describeStreamSummary(request).join(),
        request -> client.listShards(request).join(),
        request -> client.putRecord(request).join(),
        request -> client.putRecords(request).join(),
        request -> client.splitShard(request).join(),
        request -> client.mergeShards(request).join(),
        request -> client.updateShardCount(request).join(),
        request -> client.getShardIterator(request).join(),
        request -> client.getRecords(request).join());
  }

  /** The same, but for how records are put. */
  Calls withPuts(
      Function<PutRecordRequest, ?> putOne, Function<PutRecordsRequest, PutRecordsResponse> putMany) {
    return new Calls(
        createStream,
        describeStreamSummary,
        listShards,
        putOne,
        putMany,
        splitShard,
        mergeShards,
        updateShardCount,
        getShardIterator,
        getRecords);
  }
}
