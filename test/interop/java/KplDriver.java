// The Kinesis Producer Library putting, the SDK reading what it put and the KCL's own code taking the aggregates apart.
// Usage: KplDriver ENDPOINT PLAN aggregated|single TLS-ENDPOINT CERTIFICATE FOLDER

import java.net.URI;
import java.util.List;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

public final class KplDriver {
  private static final int READ_SECONDS = 120;

  private final Plan plan;
  private final Got got = new Got();
  private final AggregatorUtil aggregates = new AggregatorUtil();

  private KplDriver(Plan plan) {
    this.plan = plan;
  }

  public static void main(String[] arguments) throws Exception {
    var settings = new KplPuts.Settings(
        URI.create(arguments[3]), arguments[4], arguments[5], arguments[2].equals("aggregated"));
    Plan plan = Plan.read(arguments[1]);
    URI endpoint = URI.create(arguments[0]);
    try (KinesisClient client = KinesisClient.builder().endpointOverride(endpoint).build();
        KplPuts puts = new KplPuts(plan.stream(), settings)) {
      new KplDriver(plan).run(Calls.of(client), puts);
    }
    // Its threads are not all daemons.
    System.exit(0);
  }

  private void run(Calls calls, KplPuts puts) throws Exception {
    Writer writer = new Writer(puts.over(calls), plan);
    writer.createStream();
    Walk walk = new Walk(new Polling(calls, plan.stream(), this::take, got::isAll));
    walk.start(writer.shards().stream().map(Shard::shardId).toList());
    writer.carryOut();
    try {
      got.awaitAll(READ_SECONDS);
    } finally {
      walk.check();
    }
    got.print(KplPuts.version());
    puts.print();
    writer.printShards();
  }

  /** Without the range of the shard, which would drop what came to the wrong one: here all of it is judged. */
  private void take(String shard, List<Record> records) {
    List<KinesisClientRecord> outer = records.stream().map(KinesisClientRecord::fromRecord).toList();
    aggregates.deaggregate(outer).forEach(record -> got.take(shard, record));
  }
}
