// A plan as test/interop writes it: the stream, and the steps to carry out on it in turn.

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

record Plan(String stream, int shardCount, List<Step> steps) {
  /** Keys that begin so are the last of their shard. */
  static final String END_KEY = "end-";

  static final int END_COUNT = 4;

  /** `kind` is put, batch, split, merge or scale; the first two have records, the others words. */
  record Step(String kind, List<String> words, List<PutRecordsRequestEntry> records) {}

  static Plan read(String file) throws IOException {
    Deque<String> lines = new ArrayDeque<>(Files.readAllLines(Path.of(file)));
    List<String> head = words(lines.remove());
    List<Step> steps = new ArrayList<>();
    while (!lines.isEmpty()) {
      List<String> words = words(lines.remove());
      steps.add(new Step(words.get(0), words.subList(1, words.size()), recordsOf(words, lines)));
    }
    return new Plan(head.get(1), Integer.parseInt(head.get(2)), steps);
  }

  private static List<String> words(String line) {
    return List.of(line.split(" "));
  }

  private static List<PutRecordsRequestEntry> recordsOf(List<String> words, Deque<String> lines) {
    List<PutRecordsRequestEntry> records = new ArrayList<>();
    if (words.get(0).equals("put")) records.add(recordOf(words));
    if (words.get(0).equals("batch")) {
      for (int left = Integer.parseInt(words.get(1)); left > 0; left--) {
        records.add(recordOf(words(lines.remove())));
      }
    }
    return records;
  }

  private static PutRecordsRequestEntry recordOf(List<String> words) {
    Base64.Decoder base64 = Base64.getDecoder();
    String hashKey = words.get(2).equals("-") ? null : words.get(2);
    return PutRecordsRequestEntry.builder()
        .partitionKey(new String(base64.decode(words.get(1)), StandardCharsets.UTF_8))
        .explicitHashKey(hashKey)
        .data(SdkBytes.fromByteArray(base64.decode(words.get(3))))
        .build();
  }
}
