// The SDK for Java on its own: the synchronous client, or the asynchronous one polling or by subscribeToShard.
// Usage: SdkDriver ENDPOINT PLAN sync|async|subscribing

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

public final class SdkDriver {
  private static final int READ_SECONDS = 120;

  private final Calls calls;
  private final Plan plan;
  private final Got got = new Got();

  private SdkDriver(Calls calls, Plan plan) {
    this.calls = calls;
    this.plan = plan;
  }

  public static void main(String[] arguments) throws Exception {
    URI endpoint = URI.create(arguments[0]);
    Plan plan = Plan.read(arguments[1]);
    if (arguments[2].equals("sync")) {
      try (KinesisClient client = KinesisClient.builder().endpointOverride(endpoint).build()) {
        SdkDriver driver = new SdkDriver(Calls.of(client), plan);
        driver.run(driver::polling);
      }
      return;
    }
    try (KinesisAsyncClient client =
        KinesisAsyncClient.builder().endpointOverride(endpoint).build()) {
      SdkDriver driver = new SdkDriver(Calls.of(client), plan);
      if (arguments[2].equals("async")) driver.run(driver::polling);
      else driver.run(() -> driver.subscriptions(client));
    }
  }

  private interface NewRead {
    Walk.Read get() throws Exception;
  }

  private void run(NewRead read) throws Exception {
    Writer writer = new Writer(calls, plan);
    writer.createStream();
    Walk walk = new Walk(read.get());
    walk.start(writer.shards().stream().map(Shard::shardId).toList());
    writer.carryOut();
    try {
      got.awaitAll(READ_SECONDS);
    } finally {
      walk.check();
    }
    got.print(VersionInfo.SDK_VERSION);
  }

  private void take(String shard, List<Record> records) {
    for (Record record : records) {
      got.take(shard, record.sequenceNumber(), record.partitionKey(), record.data().asByteArray());
    }
  }

  private Walk.Read polling() {
    return new Polling(calls, plan.stream(), this::take, got::isAll);
  }

  private Walk.Read subscriptions(KinesisAsyncClient client) throws InterruptedException {
    String stream = client.describeStreamSummary(request -> request.streamName(plan.stream()))
        .join().streamDescriptionSummary().streamARN();
    String consumer = client
        .registerStreamConsumer(request -> request.streamARN(stream).consumerName("interop"))
        .join().consumer().consumerARN();
    long last = System.nanoTime() + 30_000_000_000L;
    while (client.describeStreamConsumer(request -> request.consumerARN(consumer))
        .join().consumerDescription().consumerStatus() != ConsumerStatus.ACTIVE) {
      if (System.nanoTime() > last) throw new IllegalStateException("waited 30 s for the consumer");
      Thread.sleep(50);
    }
    return shard -> subscribe(client, consumer, shard);
  }

  private List<ChildShard> subscribe(KinesisAsyncClient client, String consumer, String shard)
      throws Exception {
    var request = SubscribeToShardRequest.builder()
        .consumerARN(consumer)
        .shardId(shard)
        .startingPosition(StartingPosition.builder().type(ShardIteratorType.TRIM_HORIZON).build())
        .build();
    List<ChildShard> children = new ArrayList<>();
    var visitor = SubscribeToShardResponseHandler.Visitor.builder()
        .onSubscribeToShardEvent(event -> take(shard, event, children))
        .build();
    CompletableFuture<Void> over = client.subscribeToShard(
        request, SubscribeToShardResponseHandler.builder().subscriber(visitor).build());
    over.get(READ_SECONDS * 2L, TimeUnit.SECONDS); // a shard that stays open outlasts the run
    return children;
  }

  private void take(String shard, SubscribeToShardEvent event, List<ChildShard> children) {
    take(shard, event.records());
    if (event.continuationSequenceNumber() == null) children.addAll(event.childShards());
  }
}
