package dev.modelsigning.oci.internal.push;

import dev.modelsigning.model.HashProgress;
import dev.modelsigning.oci.internal.image.Descriptor;
import dev.modelsigning.oci.internal.layer.ModelLayers;
import dev.modelsigning.oci.internal.registry.BlobContent;
import dev.modelsigning.oci.internal.registry.Registry;
import dev.modelsigning.oci.reference.OciDigest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Pushes the blobs of a model, several at once; each content once, however many names it has. */
public final class BlobPush {

  private final Registry registry;
  private final String repository;
  private final HashProgress progress;
  private final AtomicLong pushed = new AtomicLong();
  private final AtomicLong pushedBytes = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();
  private final AtomicLong skippedBytes = new AtomicLong();

  /**
   * Creates what pushes to a repository.
   *
   * @param progress receives the numbers of bytes
   */
  public BlobPush(Registry registry, String repository, HashProgress progress) {
    this.registry = registry;
    this.repository = repository;
    this.progress = progress;
  }

  /**
   * Pushes what the registry does not have.
   *
   * @param model the manifest, and the config
   * @param files the files
   * @param threads how many are pushed at once, at least 1
   * @throws IOException if one cannot be pushed; the first failure ends the others
   */
  public void push(ModelPack model, KeptFiles files, int threads) throws IOException {
    Map<OciDigest, Descriptor> blobs = new LinkedHashMap<>();
    model.manifest().layers().forEach(layer -> blobs.putIfAbsent(layer.digest(), layer));
    // An empty object can be a file of the model and the config at once.
    Descriptor config = model.manifest().config();
    blobs.remove(config.digest());
    progress.started(
        blobs.size() + 1L,
        config.size() + blobs.values().stream().mapToLong(Descriptor::size).sum());
    try {
      push(config, BlobContent.of(model.config()));
      pushAll(List.copyOf(blobs.values()), files, threads);
    } finally {
      progress.ended();
    }
  }

  private void pushAll(List<Descriptor> blobs, KeptFiles files, int threads) throws IOException {
    ExecutorService executor =
        Executors.newFixedThreadPool(Math.max(1, Math.min(threads, blobs.size())));
    try {
      ExecutorCompletionService<Descriptor> pushes = new ExecutorCompletionService<>(executor);
      List<Future<Descriptor>> started = new ArrayList<>();
      for (Descriptor blob : blobs) {
        started.add(
            pushes.submit(() -> {
              String name = Objects.requireNonNull(blob.annotations().get(ModelLayers.FILE_PATH));
              push(blob, new FileContent(files.file(name), blob.digest()));
              return blob;
            }));
      }
      for (int i = 0; i < started.size(); i++) {
        pushes.take().get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  private static IOException failure(Throwable cause) {
    if (cause instanceof IOException failed) {
      return failed;
    }
    if (cause instanceof RuntimeException defect) {
      throw defect;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new IOException(cause);
  }

  private void push(Descriptor blob, BlobContent content) throws IOException {
    AtomicLong told = new AtomicLong();
    boolean sent =
        registry.push(
            repository,
            blob,
            content,
            // It tells how much is there, and may fall; the listener is told what was added.
            now -> progress.hashed(now - told.getAndSet(now)));
    progress.hashed(blob.size() - told.getAndSet(blob.size()));
    progress.finished(1);
    (sent ? pushed : skipped).incrementAndGet();
    (sent ? pushedBytes : skippedBytes).addAndGet(blob.size());
  }

  /** How many blobs were sent. */
  public long pushed() {
    return pushed.get();
  }

  /** Their bytes. */
  public long pushedBytes() {
    return pushedBytes.get();
  }

  /** How many blobs were there before. */
  public long skipped() {
    return skipped.get();
  }

  /** Their bytes. */
  public long skippedBytes() {
    return skippedBytes.get();
  }
}
