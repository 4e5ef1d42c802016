// The Kinesis Client Library reading a stream while it is written and resharded, by polling or by fan-out.
// Usage: KclDriver ENDPOINT PLAN polling|fanOut DYNAMODB [TLS-ENDPOINT CERTIFICATE FOLDER, for the KPL to write]

import java.net.URI;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.KinesisClientUtil;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.metrics.MetricsLevel;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.RetrievalConfig;
import software.amazon.kinesis.retrieval.RetrievalSpecificConfig;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

public final class KclDriver {
  private static final int READ_SECONDS = 200;

  private final Plan plan;
  private final KinesisAsyncClient kinesis;
  private final DynamoDbAsyncClient dynamoDb;
  private final CloudWatchAsyncClient cloudWatch;
  private final Got got = new Got();

  private KclDriver(Plan plan, URI endpoint, URI tables) {
    this.plan = plan;
    kinesis = KinesisClientUtil.createKinesisAsyncClient(
        KinesisAsyncClient.builder().endpointOverride(endpoint));
    dynamoDb = DynamoDbAsyncClient.builder().endpointOverride(tables).build();
    // Never called, for there are no metrics; it must be there.
    cloudWatch = CloudWatchAsyncClient.builder().endpointOverride(tables).build();
  }

  public static void main(String[] arguments) throws Exception {
    Plan plan = Plan.read(arguments[1]);
    KclDriver driver =
        new KclDriver(plan, URI.create(arguments[0]), URI.create(arguments[3]));
    boolean isFanOut = arguments[2].equals("fanOut");
    if (arguments.length == 4) {
      driver.run(isFanOut, Calls.of(driver.kinesis));
      driver.got.print(RetrievalConfig.KINESIS_CLIENT_LIB_USER_AGENT_VERSION);
    } else {
      driver.runWithKpl(isFanOut, KplPuts.Settings.of(arguments[4], arguments[5], arguments[6]));
    }
    // Its threads are not daemons, and some outlive its shutdown.
    System.exit(0);
  }

  private void runWithKpl(boolean isFanOut, KplPuts.Settings settings) throws Exception {
    try (KplPuts puts = new KplPuts(plan.stream(), settings)) {
      Writer writer = run(isFanOut, puts.over(Calls.of(kinesis)));
      got.print(KplPuts.version());
      puts.print();
      writer.printShards();
    }
  }

  private Writer run(boolean isFanOut, Calls calls) throws Exception {
    Writer writer = new Writer(calls, plan);
    writer.createStream();
    Scheduler scheduler = scheduler(isFanOut);
    Thread thread = new Thread(scheduler, "scheduler");
    thread.setDaemon(true);
    thread.start();
    writer.carryOut();
    got.awaitAll(READ_SECONDS);
    scheduler.shutdown();
    thread.join(30_000);
    return writer;
  }

  private Scheduler scheduler(boolean isFanOut) {
    var start = InitialPositionInStreamExtended.newInitialPosition(
        InitialPositionInStream.TRIM_HORIZON);
    var tracker = new SingleStreamTracker(plan.stream(), start);
    ConfigsBuilder configs = new ConfigsBuilder(
        tracker, plan.stream(), kinesis, dynamoDb, cloudWatch, "worker", Processor::new);
    return new Scheduler(
        configs.checkpointConfig(),
        configs.coordinatorConfig().parentShardPollIntervalMillis(200),
        leases(configs.leaseManagementConfig()),
        configs.lifecycleConfig(),
        configs.metricsConfig().metricsLevel(MetricsLevel.NONE),
        configs.processorConfig(),
        configs.retrievalConfig().retrievalSpecificConfig(retrieval(isFanOut)));
  }

  /** Its defaults are of minutes, for many workers on AWS; the probes of the machine are of EC2. */
  private static LeaseManagementConfig leases(LeaseManagementConfig config) {
    config.workerUtilizationAwareAssignmentConfig().disableWorkerMetrics(true);
    return config
        .failoverTimeMillis(2000)
        .leaseAssignmentIntervalMillis(1000L)
        .shardSyncIntervalMillis(2000)
        .leasesRecoveryAuditorExecutionFrequencyMillis(5000);
  }

  private RetrievalSpecificConfig retrieval(boolean isFanOut) {
    if (isFanOut) {
      return new FanOutConfig(kinesis).streamName(plan.stream()).applicationName(plan.stream());
    }
    return new PollingConfig(plan.stream(), kinesis).idleTimeBetweenReadsInMillis(200);
  }

  private final class Processor implements ShardRecordProcessor {
    private String shard;

    @Override
    public void initialize(InitializationInput input) {
      shard = input.shardId();
    }

    @Override
    public void processRecords(ProcessRecordsInput input) {
      input.records().forEach(record -> got.take(shard, record));
      checkpoint(input.checkpointer()::checkpoint);
    }

    @Override
    public void leaseLost(LeaseLostInput input) {}

    @Override
    public void shardEnded(ShardEndedInput input) {
      checkpoint(input.checkpointer()::checkpoint);
    }

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {
      checkpoint(input.checkpointer()::checkpoint);
    }

    private void checkpoint(Checkpoint checkpoint) {
      try {
        checkpoint.run();
      } catch (ShutdownException | InvalidStateException error) {
        // The lease is another's: with one worker that is seen as a record that comes twice.
        System.err.println("checkpoint: " + error);
      }
    }
  }

  private interface Checkpoint {
    void run() throws ShutdownException, InvalidStateException;
  }
}
