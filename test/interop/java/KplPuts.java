// Puts records through the Kinesis Producer Library, which speaks TLS only, and keeps where it says that each went.

import com.google.common.util.concurrent.ListenableFuture;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;
import software.amazon.kinesis.producer.KinesisProducerConfiguration.RecordDistributionStrategyDefault;
import software.amazon.kinesis.producer.UserRecordFailedException;
import software.amazon.kinesis.producer.UserRecordResult;

final class KplPuts implements AutoCloseable {
  private static final int PUT_SECONDS = 60;
  /** So long that a busy machine makes no attempt fail, of which nobody knows what became. */
  private static final int ATTEMPT_MS = 30_000;
  private static final String WRONG_SHARD = "Wrong Shard";

  private final String stream;
  private final KinesisProducer producer;
  private final List<String> landed = new ArrayList<>();

  /** `certificate` is the file of the one to trust; `folder` keeps its native core. */
  record Settings(URI endpoint, String certificate, String folder, boolean isAggregating) {
    /** Aggregating, which is its default. */
    static Settings of(String endpoint, String certificate, String folder) {
      return new Settings(URI.create(endpoint), certificate, folder, true);
    }

    KinesisProducerConfiguration configuration() {
      return new KinesisProducerConfiguration()
          .setRegion(System.getenv("AWS_REGION"))
          .setKinesisEndpoint(endpoint.getHost())
          .setKinesisPort(endpoint.getPort())
          // Not called without metrics; where it would call AWS, it would be told that no one does that here.
          .setCloudwatchEndpoint(endpoint.getHost())
          .setCloudwatchPort(endpoint.getPort())
          .setStsEndpoint(endpoint.getHost())
          .setStsPort(endpoint.getPort())
          .setMetricsLevel("none")
          .setConnectTimeout(ATTEMPT_MS)
          .setRequestTimeout(ATTEMPT_MS)
          .setRecordTtl(PUT_SECONDS * 1000L)
          .setCaCertFile(certificate)
          // Until DescribeStreamSummary has answered, it would leave the explicit hash keys out.
          .setRecordDistributionStrategyDefault(RecordDistributionStrategyDefault.USER_PARTITION_KEY)
          .setTempDirectory(folder)
          .setAggregationEnabled(isAggregating);
    }
  }

  KplPuts(String stream, Settings settings) {
    this.stream = stream;
    producer = new KinesisProducer(settings.configuration());
  }

  /** The calls of another client, but for those that put. */
  Calls over(Calls calls) {
    return calls.withPuts(
        request -> {
          putAll(List.of(
              PutRecordsRequestEntry.builder()
                  .partitionKey(request.partitionKey())
                  .explicitHashKey(request.explicitHashKey())
                  .data(request.data())
                  .build()));
          return null;
        },
        request -> {
          putAll(request.records());
          return PutRecordsResponse.builder().failedRecordCount(0).build();
        });
  }

  private record Sent(PutRecordsRequestEntry record, ListenableFuture<UserRecordResult> result) {}

  /** It promises no order, so a record waits until the one of the same key before it has landed. */
  private void putAll(List<PutRecordsRequestEntry> records) {
    Map<String, Sent> sent = new HashMap<>();
    for (PutRecordsRequestEntry record : records) {
      if (sent.containsKey(record.partitionKey())) {
        await(sent);
        sent.clear();
      }
      sent.put(record.partitionKey(), new Sent(record, add(record)));
    }
    await(sent);
  }

  private ListenableFuture<UserRecordResult> add(PutRecordsRequestEntry record) {
    return producer.addUserRecord(
        stream, record.partitionKey(), record.explicitHashKey(), record.data().asByteBuffer());
  }

  private void await(Map<String, Sent> sent) {
    producer.flush(stream);
    for (Sent one : sent.values()) {
      try {
        keep(one.record(), one.result().get(PUT_SECONDS, TimeUnit.SECONDS));
      } catch (ExecutionException error) {
        throw new IllegalStateException(told(error.getCause()), error);
      } catch (TimeoutException | InterruptedException error) {
        throw new IllegalStateException("waited in vain for the KPL to put a record", error);
      }
    }
  }

  private static String told(Throwable error) {
    if (!(error instanceof UserRecordFailedException failed)) return "the KPL failed: " + error;
    List<String> attempts = failed.getResult().getAttempts().stream()
        .map(attempt -> attempt.getErrorCode() + " " + attempt.getErrorMessage())
        .toList();
    return "the KPL could not put a record: " + attempts;
  }

  private void keep(PutRecordsRequestEntry record, UserRecordResult result) {
    long resent = result.getAttempts().stream()
        .filter(attempt -> WRONG_SHARD.equals(attempt.getErrorCode()))
        .count();
    long failed = result.getAttempts().size() - resent - 1;
    if (failed > 0) throw new IllegalStateException(failed + " attempts failed: " + result);
    landed.add(String.join(
        " ",
        "landed",
        result.getShardId(),
        result.getSequenceNumber(),
        Got.text64(record.partitionKey()),
        Got.base64(record.data().asByteArray()),
        String.valueOf(resent)));
  }

  /** For each record, in which shard and under which number it is, and how often it was sent again. */
  void print() {
    landed.forEach(System.out::println);
    System.out.flush();
  }

  static String version() throws IOException {
    String file = "/META-INF/maven/software.amazon.kinesis/amazon-kinesis-producer/pom.properties";
    try (InputStream stream = KinesisProducer.class.getResourceAsStream(file)) {
      Properties properties = new Properties();
      properties.load(stream);
      return properties.getProperty("version");
    }
  }

  @Override
  public void close() {
    producer.destroy();
  }
}
