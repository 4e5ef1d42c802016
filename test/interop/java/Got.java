// The records that were read, in the order of reading, printed for test/interop to judge.

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

final class Got {
  private final List<String> lines = new ArrayList<>();
  private final Set<String> endKeys = new HashSet<>();
  private final CountDownLatch ends = new CountDownLatch(Plan.END_COUNT);

  void take(String shard, String sequenceNumber, String key, byte[] data) {
    add(key, String.join(" ", "got", shard, sequenceNumber, text64(key), base64(data)));
  }

  /** As the KCL gives them: what was in an aggregate is told with its explicit hash key, `-` for none. */
  void take(String shard, KinesisClientRecord record) {
    ByteBuffer buffer = record.data().duplicate();
    byte[] data = new byte[buffer.remaining()];
    buffer.get(data);
    String key = record.partitionKey();
    String line =
        String.join(" ", "got", shard, record.sequenceNumber(), text64(key), base64(data));
    String hashKey = Objects.requireNonNullElse(record.explicitHashKey(), "-");
    add(key, record.aggregated() ? line + " " + hashKey : line);
  }

  private synchronized void add(String key, String line) {
    lines.add(line);
    if (key.startsWith(Plan.END_KEY) && endKeys.add(key)) ends.countDown();
  }

  static String base64(byte[] data) {
    return Base64.getEncoder().encodeToString(data);
  }

  static String text64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  /** True when the last record of every shard that stays open was read. */
  boolean isAll() {
    return ends.getCount() == 0;
  }

  void awaitAll(int seconds) throws InterruptedException {
    if (ends.await(seconds, TimeUnit.SECONDS)) return;
    synchronized (this) {
      throw new IllegalStateException(
          "waited " + seconds + " s for all records, " + lines.size() + " were read");
    }
  }

  synchronized void print(String version) {
    System.out.println("version " + version);
    lines.forEach(System.out::println);
    System.out.flush();
  }
}
