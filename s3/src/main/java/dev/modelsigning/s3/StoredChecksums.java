package dev.modelsigning.s3;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The SHA-256 that a store has of objects; several are asked for at once. */
final class StoredChecksums implements AutoCloseable {

  private final ExecutorService askers;
  private final Queue<Future<Optional<byte[]>>> answers = new ArrayDeque<>();

  /**
   * Begins to ask.
   *
   * @param parallelism how many to ask for at once
   */
  StoredChecksums(S3Store store, List<S3Object> objects, int parallelism) {
    askers =
        Executors.newFixedThreadPool(
            Math.max(1, Math.min(parallelism, objects.size())),
            task -> {
              Thread thread = new Thread(task, "model-signing-s3-checksums");
              thread.setDaemon(true);
              return thread;
            });
    for (S3Object object : objects) {
      answers.add(
          askers.submit(
              () -> object.hasSha256() ? store.storedSha256(object) : Optional.<byte[]>empty()));
    }
  }

  /** The checksum of the next object; empty if the store has none of all its bytes. */
  Optional<byte[]> next() throws IOException {
    return S3Parts.await(answers.remove());
  }

  /** Leaves what is still being asked. */
  @Override
  public void close() {
    askers.shutdownNow();
  }
}
