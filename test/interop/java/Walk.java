// Reads every shard once, children when all their parents are drained, a thread for each.

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.kinesis.model.ChildShard;

final class Walk {
  /** Reads a shard from its oldest record on; returns its children when it is drained. */
  interface Read {
    List<ChildShard> read(String shard) throws Exception;
  }

  private final Read read;
  private final Set<String> started = new HashSet<>();
  private final Set<String> drained = new HashSet<>();
  private final CompletableFuture<Void> failure = new CompletableFuture<>();

  Walk(Read read) {
    this.read = read;
  }

  synchronized void start(List<String> shards) {
    for (String shard : shards) {
      if (!started.add(shard)) continue;
      Thread thread = new Thread(() -> run(shard), shard);
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Throws what made the reading of a shard fail, if any did. */
  void check() {
    if (failure.isDone()) failure.join();
  }

  private void run(String shard) {
    try {
      List<ChildShard> children = read.read(shard);
      synchronized (this) {
        drained.add(shard);
        start(
            children.stream()
                .filter(child -> drained.containsAll(child.parentShards()))
                .map(ChildShard::shardId)
                .toList());
      }
    } catch (Exception error) {
      failure.completeExceptionally(error);
    }
  }
}
