package dev.modelsigning.policy;

import dev.modelsigning.model.HashProgress;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the bytes that are hashed. */
final class CountedBytes implements HashProgress {

  private final AtomicLong bytes = new AtomicLong();

  long bytes() {
    return bytes.get();
  }

  @Override
  public void hashed(long more) {
    bytes.addAndGet(more);
  }

  @Override
  public void started(long files, long expected) {}

  @Override
  public void ended() {}
}
