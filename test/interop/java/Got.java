// The records that were read, in the order of reading, printed for test/interop to judge.

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class Got {
  private final List<String> lines = new ArrayList<>();
  private final CountDownLatch ends = new CountDownLatch(Plan.END_COUNT);

  synchronized void take(String shard, String sequenceNumber, String key, byte[] data) {
    Base64.Encoder base64 = Base64.getEncoder();
    String key64 = base64.encodeToString(key.getBytes(StandardCharsets.UTF_8));
    lines.add(String.join(" ", "got", shard, sequenceNumber, key64, base64.encodeToString(data)));
    if (key.startsWith(Plan.END_KEY)) ends.countDown();
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
