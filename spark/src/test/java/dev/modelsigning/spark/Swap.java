package dev.modelsigning.spark;

import dev.modelsigning.model.HashProgress;
import dev.modelsigning.spark.ChangingSource.Change;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Puts another file in the place of one when it was listed, and that one back when it was read. */
final class Swap implements HashProgress {

  private final Change there;
  private final Change back;
  private boolean swapped;
  private boolean restored;

  Swap(Change there, Change back) {
    this.there = there;
    this.back = back;
  }

  /** Whether another file was there. */
  synchronized boolean isSwapped() {
    return swapped;
  }

  @Override
  public void started(long files, long bytes) {}

  @Override
  public synchronized void found(long files, long bytes) {
    if (!swapped) {
      swapped = true;
      make(there);
    }
  }

  @Override
  public void hashed(long bytes) {
    restore();
  }

  private synchronized void restore() {
    if (!restored) {
      restored = true;
      make(back);
    }
  }

  private static void make(Change change) {
    try {
      change.make();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void finished(long files) {
    restore();
  }

  @Override
  public void ended() {}
}
